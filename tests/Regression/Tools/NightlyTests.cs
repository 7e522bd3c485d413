using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Tools;

/// <summary>The night's exit code and summary are honest: tools/nightly itself, in a tree whose suites are scripts that end as
/// told.</summary>
[Platform("Linux")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class NightlyTests
{
    // Suites by folder: "TOTAL PASSED FAILED EXIT MESSAGE", or "build" for one that does not get as far as a test.
    private static readonly Dictionary<string, string> AllPass = new()
    {
        ["Unit"] = "5 5 0 0",
        ["Regression"] = "4 3 0 0 a measurement, not a test",
        ["Container"] = "2 2 0 0",
        ["GpuIntegration"] = "3 3 0 0",
        ["golden"] = "0",
        ["coverage"] = "0",
        ["power"] = "0",
    };

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["ALLOW"] = "NIGHTLY_ALLOW_MISSING",
        ["FILTER"] = "NIGHTLY_FILTER",
        ["GOLDENS"] = "NIGHTLY_GOLDENS",
        ["POWER"] = "NIGHTLY_POWER",
    };

    private string root = "";

    [SetUp]
    public void Make()
    {
        root = Directory.CreateTempSubdirectory("speechgan-nightly-").FullName;
        foreach (var folder in new[] { "tools", "bin", "tests/Unit", "tests/Regression", "tests/GpuIntegration" })
            Directory.CreateDirectory(Path.Combine(root, folder));
        File.Copy(Repository.PathOf("tools", "nightly"), Path.Combine(root, "tools", "nightly"));
        Script("tools/set-up", "exit 0");
        Script("tools/coverage", "exit \"$STUB_coverage\"");
        Script(
            "tools/golden-power",
            """
            echo "$@" >"$(dirname "$0")/../power-arguments"
            [ "$STUB_power" = broken ] && { echo "no SDK"; exit 1; }
            echo "| 0.05 | -43.4 to -42.4 | 20 of 20 | p = 0.00146 |"; echo "| 0.02 | -47.9 to -47.1 | 19 of 20 | p = 0.000488 |"
            exit "$STUB_power"
            """
        );
        Script(
            "speechgan",
            """
            [ "$1" = night ] && { echo "$@" >"$(dirname "$0")/night-arguments"; exit 0; }
            echo "$@" >"$(dirname "$0")/golden-arguments"
            if [ "$STUB_golden" -gt 1 ]; then echo "speechgan: no weights" >&2; else echo "17 of 18 goldens hold."; fi
            exit "$STUB_golden"
            """
        );
        // dotnet test PROJECT ... --results-directory DIR: leaves a record as the real one does.
        Script(
            "bin/dotnet",
            """
            name=$(basename "$2"); case " $* " in *" TestCategory=Container "*) name=Container ;; esac; told=STUB_$name; told=${!told}
            while [ $# -gt 0 ] && [ "$1" != --results-directory ]; do shift; done
            [ "$told" != build ] || { echo "error CS1002"; exit 1; }
            read -r total passed failed code message <<<"$told"
            counts="total=\"$total\" executed=\"$total\" passed=\"$passed\" failed=\"$failed\""
            echo "<Counters $counts /><Message>$message</Message>" >"$2/suite.trx"
            mkdir -p "$2/x"; echo "<coverage/>" >"$2/x/coverage.cobertura.xml"
            exit "$code"
            """
        );
    }

    [TearDown]
    public void Remove() => Directory.Delete(root, recursive: true);

    [Test]
    public void A_night_in_which_all_ran_and_passed_is_good()
    {
        var (code, summary) = Night();
        summary
            .Should()
            .Contain("Unit: 5 passed, 0 failed, 0 skipped")
            .And.Contain("Regression: 3 passed, 0 failed, 1 skipped")
            .And.Contain("Goldens: 17 of 18 goldens hold.")
            .And.Contain("Coverage of the safety core: at least 95 %")
            .And.Contain("Power of the paired check: planted drops found: 0.05: 20 of 20; 0.02: 19 of 20")
            .And.Contain("The night passed.");
        code.Should().Be(0);
        File.ReadAllText(Path.Combine(root, "golden-arguments"))
            .Trim()
            .Should()
            .MatchRegex("^golden check --performance tell --trend trend.jsonl --ledger golden/regressions.jsonl --received .*/received$");
        File.ReadAllText(Path.Combine(root, "night-arguments"))
            .Should()
            .MatchRegex("^night .* --trend trend.jsonl --ledger golden/regressions.jsonl --power .*/power.txt");
        File.ReadAllText(Path.Combine(root, "power-arguments")).Trim().Should().Be("--trials 20 --replays 0");
    }

    [Test]
    public void A_suite_that_could_not_run_is_named_and_not_counted_as_passed()
    {
        var (code, summary) = Night(("GpuIntegration", "3 0 0 0 no GPU that libtorch can use"));
        summary
            .Should()
            .Contain("Gpu: COULD NOT RUN: 3 tests, none of them ran: no GPU that libtorch can use")
            .And.Contain("What ran passed; could not run: Gpu.")
            .And.NotContain("The night passed");
        code.Should().Be(4);

        (code, summary) = Night(("Container", "12 0 0 0 no Docker engine"), ("golden", "2"));
        summary
            .Should()
            .Contain("Container: COULD NOT RUN: 12 tests, none of them ran: no Docker engine")
            .And.Contain("Goldens: COULD NOT RUN: speechgan: no weights")
            .And.Contain("could not run: Container Goldens.");
        code.Should().Be(4);

        Directory.Delete(Path.Combine(root, "tests", "GpuIntegration"));
        (code, summary) = Night();
        summary.Should().Contain("Gpu: COULD NOT RUN: there is no tests/GpuIntegration");
        code.Should().Be(4);

        (code, summary) = Night(("Container", "12 0 0 0 no Docker engine"), ("ALLOW", "Gpu Container"));
        summary.Should().Contain("The night passed, without Container Gpu, which are allowed to be missing here.");
        code.Should().Be(0);
    }

    [TestCase("Regression", "4 3 1 1", "Regression: FAILED: 3 passed, 1 failed, 0 skipped")]
    [TestCase("Unit", "build", "Unit: FAILED before any test ran (build?); the end of")]
    [TestCase("Unit", "5 5 0 1", "Unit: FAILED: 5 passed, 0 failed, 0 skipped (exit 1")]
    [TestCase("golden", "1", "Goldens: FAILED: 17 of 18 goldens hold.")]
    [TestCase("coverage", "1", "Coverage of the safety core: BELOW 95 %")]
    [TestCase("power", "1", "Power of the paired check: BELOW what is asked: planted drops found: 0.05: 20 of 20")]
    public void A_failure_anywhere_fails_the_night(string what, string how, string words)
    {
        var (code, summary) = Night((what, how));
        summary.Should().Contain(words).And.Contain("The night FAILED.");
        code.Should().Be(1);
    }

    [Test]
    public void A_night_of_some_tests_or_goldens_says_so_and_never_passes()
    {
        var (code, summary) = Night(("FILTER", "FullyQualifiedName~Golden"));
        summary
            .Should()
            .Contain("Only tests of 'FullyQualifiedName~Golden' ran in Unit and Regression: this is not a whole night")
            .And.Contain("could not run: the tests outside NIGHTLY_FILTER.");
        code.Should().Be(4);

        (code, summary) = Night(("GOLDENS", "healthy gan-0"), ("power", "broken"));
        summary
            .Should()
            .Contain("Only the goldens healthy gan-0 were checked: this is not a whole night")
            .And.Contain("Power of the paired check: COULD NOT RUN: no SDK")
            .And.Contain("could not run: the goldens outside NIGHTLY_GOLDENS Power.");
        code.Should().Be(4);
        File.ReadAllText(Path.Combine(root, "golden-arguments")).Should().StartWith("golden check healthy gan-0 --performance tell ");

        (code, summary) = Night(("POWER", "0"));
        summary.Should().Contain("The night passed.").And.NotContain("Power of the paired check");
        code.Should().Be(0);
    }

    private (int Code, string Summary) Night(params (string What, string How)[] changes)
    {
        var environment = AllPass
            .Select(a => (What: a.Key, How: a.Value))
            .Concat(changes)
            .GroupBy(c => Settings.GetValueOrDefault(c.What, "STUB_" + c.What))
            .ToDictionary(g => g.Key, g => (string?)g.Last().How);
        environment["PATH"] = Path.Combine(root, "bin") + ":" + Environment.GetEnvironmentVariable("PATH");
        if (Directory.Exists(Path.Combine(root, "night")))
            Directory.Delete(Path.Combine(root, "night"), recursive: true);
        var night = Command.Buffered(root, "bash", [Path.Combine(root, "tools", "nightly"), "night", "trend.jsonl"], environment);
        var output = night.StandardOutput;
        TestContext.Out.WriteLine($"exit {night.ExitCode}\n{output}{night.StandardError}");
        File.ReadAllText(Path.Combine(root, "night", "summary.txt"))
            .Should()
            .Contain(output.TrimEnd().Split('\n')[^1], "what is said is kept");
        return (night.ExitCode, output);
    }

    private void Script(string path, string text)
    {
        var file = Path.Combine(root, path);
        File.WriteAllText(file, "#!/usr/bin/env bash\n" + text + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
