using System.Text.RegularExpressions;
using SpeechGan.Cli.Verbs;

namespace SpeechGan.Tests.Unit.Workflows;

/// <summary>What the sample files for CI systems call is there: the program's own command line takes every line of theirs.</summary>
public sealed partial class CiSampleTests
{
    [TestCase("ci-sample.yml", 3)]
    [TestCase("ci-sample-gitlab.yml", 3)]
    public void Every_command_of_a_sample_is_one_that_this_checkout_has(string file, int commands)
    {
        var text = File.ReadAllText(Repository.PathOf("docs", file));
        string[] called = [.. Calls().Matches(text).Select(m => m.Groups[1].Value.Trim())];
        TestContext.Out.WriteLine(string.Join('\n', called));
        called.Should().HaveCount(commands);
        foreach (var call in called)
        {
            // An expression of the CI system stands for one word.
            var words = Expressions().Replace(call, "x").Replace("\"", "", StringComparison.Ordinal).Split(' ');
            File.Exists(Repository.PathOf(words[0])).Should().BeTrue("{0} is called", words[0]);
            if (words[0].EndsWith("speechgan", StringComparison.Ordinal))
                CommandLine.Root().Parse(words[1..]).Errors.Select(e => e.Message).Should().BeEmpty(call);
        }
    }

    [TestCase("ci-sample.yml")]
    [TestCase("ci-sample-gitlab.yml")]
    public void Every_suite_that_may_be_missing_is_one_of_the_night(string file)
    {
        var night = File.ReadAllText(Repository.PathOf("tools", "nightly"));
        string[] suites = [.. Suites().Matches(night).Select(m => m.Groups[1].Value)];
        var allowed = Missing().Match(File.ReadAllText(Repository.PathOf("docs", file))).Groups[1].Value.Split(' ');
        allowed.Should().NotBeEmpty().And.BeSubsetOf(suites);
    }

    [GeneratedRegex(@"^\s*- (?:run: )?((?:\./|tools/)\S+.*)$", RegexOptions.Multiline)]
    private static partial Regex Calls();

    [GeneratedRegex(@"\$\{\{[^}]*\}\}|\$[A-Z_]+")]
    private static partial Regex Expressions();

    [GeneratedRegex("^suite ([A-Z][a-z]+)", RegexOptions.Multiline)]
    private static partial Regex Suites();

    [GeneratedRegex("NIGHTLY_ALLOW_MISSING: \"([^\"]*)\"")]
    private static partial Regex Missing();
}
