using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using SpeechGan.Goldens;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>
/// `regressions bisect` on a toy repository: a commit's program is this very one, or, from the planted commit on, one whose training fails.
/// Two open regressions are bisected in one run, each commit is built once for both, and the verdicts stand in the ledger.
/// `tools/bisect-demo` plants a fault in the real history.
/// </summary>
[Platform("Linux")]
internal sealed class RegressionsBisectTests
{
    private readonly string root = Directory.CreateTempSubdirectory("speechgan-regressions-").FullName;

    private string Repo => Path.Combine(root, "repo");

    private string Goldens => Path.Combine(root, "golden");

    private string Builds => Path.Combine(root, "builds");

    private RegressionLedger Ledger => new(Path.Combine(Goldens, RegressionLedger.FileName));

    // start (tag good) - a comment - culprit - doc - a comment (tag bad)
    [OneTimeSetUp]
    public void SetUp()
    {
        Directory.CreateDirectory(Repo);
        Git("init", "-q", "-b", "main");
        Commit("start", "src/comment", "1");
        Git("tag", "good");
        Commit("A comment", "src/comment", "2");
        Commit("Plant the fault", "src/fault", "here");
        Git("tag", "culprit");
        Commit("doc", "doc", "1");
        Commit("Another comment", "src/comment", "3");
        Git("tag", "bad");
        foreach (var part in new[] { "corpus", "networks" })
        {
            Directory.CreateDirectory(Goldens);
            Directory.CreateSymbolicLink(Path.Combine(Goldens, part), Repository.PathOf("golden", part));
        }
        Directory.CreateDirectory(Path.Combine(Goldens, "trajectories"));
        WriteProgramThatFails(Directory.CreateDirectory(Path.Combine(root, "failing")).FullName);
    }

    [OneTimeTearDown]
    public void TearDown() => Directory.Delete(root, recursive: true);

    [Test]
    public void Two_open_regressions_are_bisected_in_one_run_that_builds_each_commit_once_and_the_ledger_has_the_verdicts()
    {
        string[] goldens = ["gan-0-seed-1", "gan-0-seed-2"];
        Speechgan(1, ["golden", "check", .. goldens, "--golden", Goldens]);
        Speechgan(0, "golden", "approve", "gan-0", "--yes", "--reason", "test", "--golden", Goldens);
        File.WriteAllText(Ledger.Path, string.Concat(goldens.Select((g, i) => Open(i + 1, g))));

        var output = Bisect(0);
        output
            .Should()
            .MatchRegex(@"#1 open: gan-0-seed-1 .*; [0-9a-f]{12} by Ada \(confidence \d+ %, reverted: cures\)\.")
            .And.MatchRegex(@"#2 open: gan-0-seed-2 .*; [0-9a-f]{12} by Ada \(confidence \d+ %, reverted: cures\)\.");
        var (regressions, problems) = Ledger.Read();
        problems.Should().BeEmpty();
        foreach (var regression in regressions)
        {
            regression.Culprit.Should().NotBeNull();
            regression.Culprit!.Commit.Should().Be(Git("rev-parse", "culprit").Trim());
            (regression.Culprit.Author, regression.Culprit.Subject, regression.Culprit.Revert)
                .Should()
                .Be(("Ada", "Plant the fault", "cures"));
            regression.Culprit.Confidence.Should().BeGreaterThanOrEqualTo(0.95);
            regression.IsOpen.Should().BeTrue("a verdict closes nothing");
        }
        var trees = File.ReadAllLines(Builds);
        TestContext.Out.WriteLine($"{trees.Length} builds:\n{string.Join('\n', trees)}");
        trees.Should().OnlyHaveUniqueItems("builds are shared by both");

        Bisect(0).Should().Contain("No open regression lacks a culprit: there is nothing to bisect.");
    }

    private string Bisect(int expected) =>
        Speechgan(
            expected,
            "regressions",
            "bisect",
            "--good",
            "good",
            "--bad",
            "bad",
            "--repo",
            Repo,
            "--golden",
            Goldens,
            "--ledger",
            Ledger.Path,
            "--cache",
            Path.Combine(root, "cache"),
            "--build",
            // A line a build: what the tree holds.
            $"echo \"$(cat src/comment) $(cat src/fault 2>/dev/null)\" >> {Builds}; "
                + "p=src/SpeechGan/bin/Release; mkdir -p $p; rm -rf $p/net10.0; "
                + $"if test -e src/fault; then ln -s {root}/failing $p/net10.0; "
                + $"else ln -s {AppContext.BaseDirectory.TrimEnd('/')} $p/net10.0; fi"
        );

    private static string Open(int number, string golden)
    {
        const string when = "2026-11-30T00:00:00+00:00";
        return $$"""{"number":{{number}},"goldens":["{{golden}}"],"field":"epoch","firstEpoch":1,"host":"""
            + $$""" "h","version":"v{{number}}",{{Times(when)}}}"""
            + "\n";
    }

    private static string Times(string when) => $"\"opened\":\"{when}\",\"seen\":\"{when}\",\"times\":1";

    // A program of one instruction: its training failed (exit code 1).
    private static void WriteProgramThatFails(string folder)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("SpeechGan"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("SpeechGan").DefineType("Program", TypeAttributes.Public | TypeAttributes.Class);
        var main = type.DefineMethod("Main", MethodAttributes.Public | MethodAttributes.Static, typeof(int), [typeof(string[])]);
        var code = main.GetILGenerator();
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Ret);
        type.CreateType();
        var metadata = assembly.GenerateMetadata(out var il, out var fields);
        var image = new BlobBuilder();
        new ManagedPEBuilder(
            new PEHeaderBuilder(imageCharacteristics: Characteristics.ExecutableImage),
            new MetadataRootBuilder(metadata),
            il,
            fields,
            entryPoint: MetadataTokens.MethodDefinitionHandle(main.MetadataToken)
        ).Serialize(image);
        File.WriteAllBytes(Path.Combine(folder, "SpeechGan.dll"), image.ToArray());
        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "SpeechGan.runtimeconfig.json"),
            Path.Combine(folder, "SpeechGan.runtimeconfig.json")
        );
    }

    private static string Speechgan(int expected, params string[] arguments)
    {
        var end = Command.Buffered(
            Repository.Root,
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "SpeechGan.dll"), .. arguments],
            new Dictionary<string, string?> { ["CI"] = null, ["USER"] = "Ada" }
        );
        var output = end.StandardOutput + end.StandardError;
        TestContext.Out.WriteLine($"{string.Join(' ', arguments)}: {end.ExitCode}\n{output}");
        end.ExitCode.Should().Be(expected, output);
        return output;
    }

    private void Commit(string subject, string file, string text)
    {
        var path = Path.Combine(Repo, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        Git("add", "-A");
        Git("commit", "-q", "-m", subject);
    }

    private string Git(params string[] words)
    {
        var end = Command.Buffered(Repo, "git", [.. new[] { "-c", "user.name=Ada", "-c", "user.email=ada@localhost" }, .. words]);
        end.ExitCode.Should().Be(0, end.StandardError);
        return end.StandardOutput;
    }
}
