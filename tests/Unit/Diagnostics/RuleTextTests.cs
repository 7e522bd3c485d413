using System.Globalization;
using System.Text.RegularExpressions;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

/// <summary>A rule's words say the constant that decides: a number that is typed into them says another one as soon as the constant
/// changes.</summary>
public sealed partial class RuleTextTests
{
    private static readonly string[] RuleWords = ["confirm", "confirms", "suspected", "reject", "rejects", "inconclusive"];

    [Test]
    public void No_rule_has_a_number_typed_into_it()
    {
        var typed = Sources().SelectMany(f => Rules(File.ReadAllText(f)).Where(HasNumber).Select(r => $"{Path.GetFileName(f)}: {r}"));
        typed.Should().BeEmpty("a rule's numbers come from its constants");
    }

    [Test]
    public void Every_theory_s_rules_are_seen() => Sources().Where(f => Rules(File.ReadAllText(f)).Any()).Should().HaveCountGreaterThan(35);

    [Test]
    public void A_typed_number_is_seen_and_a_constant_and_a_zero_are_not()
    {
        Rules("""Judged(x, "below 0.3 confirms", "A sentence of 0.3.")""").Should().Equal("below 0.3 confirms");
        HasNumber("below 0.3 confirms").Should().BeTrue();
        HasNumber("above 25 % confirms").Should().BeTrue();
        HasNumber("below {BlindBelow} confirms").Should().BeFalse();
        HasNumber("above {100 * Share:0.##} % confirms").Should().BeFalse();
        HasNumber("above 0 % is suspected").Should().BeFalse("nothing at all is no threshold");
    }

    [Test]
    public void What_a_rule_says_is_the_threshold_that_is_recorded()
    {
        var finding = new DiscriminatorBlind().Examine(Records.Healthy());
        finding.Rule.Should().Be(string.Create(CultureInfo.InvariantCulture, $"an interval above {finding.Threshold} rejects"));
        new RunningStatistics().Examine(Records.Healthy()).Should().Match<Finding>(f => f.Rule == $"up to {f.Threshold} rejects");
    }

    // A rule is a string without a full stop that ends with, or speaks in, a rule's verb; sentences end with one, and sources of thresholds
    // are told in the documentation.
    private static IEnumerable<string> Rules(string source) =>
        Literal()
            .Matches(source[BodyOf(source)..])
            .Select(m => m.Groups[1].Value)
            .Where(t => !t.EndsWith('.') && Word().Matches(t).Any(w => RuleWords.Contains(w.Value)));

    // Questions and sources stand before the body.
    private static int BodyOf(string source) => source.IndexOf("\n{", StringComparison.Ordinal) is > 0 and var at ? at : 0;

    private static bool HasNumber(string rule) => Number().IsMatch(Hole().Replace(rule, ""));

    private static string[] Sources() => Directory.GetFiles(Repository.PathOf("src", "SpeechGan", "Diagnostics", "Theories"), "*.cs");

    [GeneratedRegex("\"((?:[^\"\\\\\n]|\\\\.)*)\"")]
    private static partial Regex Literal();

    [GeneratedRegex("[a-z]+")]
    private static partial Regex Word();

    [GeneratedRegex("[{][^}]*[}]")]
    private static partial Regex Hole();

    [GeneratedRegex("[1-9]|0[.]")]
    private static partial Regex Number();
}
