using System.Text.RegularExpressions;
using SpeechGan.Diagnostics;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tests.Regression.Diagnostics;

/// <summary>A finding's command, run on the fault that it was found in: the finding goes away.</summary>
public sealed partial class AdviceTests
{
    // Faults that a setting lets in: a setting takes them out. What is wrong in code ends with the line that finds the commit, which
    // tools/bisect-proof tries.
    private static IEnumerable<Fault> BySetting => AllFaults.InOrder.Where(f => f.Points is null && f.Corpus is null && f.Knobs.Count > 0);

    [TestCaseSource(nameof(BySetting))]
    public void The_commands_settings_take_the_finding_away(Fault fault)
    {
        var finding = SharedTrainings.Of(fault, 1).Findings.First(f => fault.Causes.Contains(f.Id));
        finding.Outcome.Should().BeOneOf(FindingOutcome.Confirmed, FindingOutcome.Suspected);
        TestContext.Out.WriteLine($"{finding.Sentence} {finding.NextAction}\n{finding.Command}");
        string[] settings = [.. Setting().Matches(finding.Command!).Select(m => m.Groups[1].Value)];
        settings.Should().NotBeEmpty();
        var after = SharedTrainings.Of(fault with { Knobs = [.. fault.Knobs, .. settings] }, 1).Findings.Single(f => f.Id == finding.Id);
        TestContext.Out.WriteLine(after.Sentence);
        after.Outcome.Should().Be(FindingOutcome.Rejected, after.Sentence);
    }

    [GeneratedRegex("--set ([^ ]+)")]
    private static partial Regex Setting();
}
