using SpeechGan.Engine;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>
/// Another libtorch than the program's own, and what is said where it will not do: the program itself, as a user starts it.
/// </summary>
[Platform("Linux")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ChosenLibtorchTests
{
    private Workplace place = null!;

    [OneTimeSetUp]
    public void Make_folders_of_links_to_the_program_s_own()
    {
        place = new Workplace(train: 4, valid: 1, test: 1);
        foreach (var home in new[] { "good", "old", "incomplete", "cut" })
        {
            var lib = Directory.CreateDirectory(Path.Combine(place.Root, home, "lib")).FullName;
            foreach (var file in Directory.GetFiles(Libtorch.Require().Folder))
                File.CreateSymbolicLink(Path.Combine(lib, Path.GetFileName(file)), file);
        }
        File.WriteAllText(Path.Combine(place.Root, "old", "version.py"), "__version__ = '2.9.1+cpu'\n");
        File.Delete(Path.Combine(place.Root, "incomplete", "lib", "libtorch_cpu.so"));
        Cut(Path.Combine(place.Root, "cut", "lib", "libtorch_cpu.so"), 1 << 20);
        Directory.CreateDirectory(Path.Combine(place.Root, "bare"));
        // A python3 whose torch package is `good`, and one without.
        foreach (var (name, answer) in new[] { ("with", Path.Combine(place.Root, "good")), ("without", "") })
        {
            var python = Path.Combine(Directory.CreateDirectory(Path.Combine(place.Root, name)).FullName, "python3");
            File.WriteAllText(python, $"#!/bin/sh\necho '{answer}'\n");
            File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [TestCase("TORCH_HOME={root}/good", "(TORCH_HOME) in {root}/good/lib")]
    [TestCase("SPEECHGAN_TORCH=python PATH={root}/with:{path}", "(SPEECHGAN_TORCH=python) in {root}/good/lib")]
    [TestCase("TORCH_HOME={root}/old SPEECHGAN_TORCH_FORCE=1", "(TORCH_HOME) in {root}/old/lib")]
    public async Task Doctor_names_the_libtorch_that_serves(string environment, string words)
    {
        var (code, output, error) = await Run("doctor", environment);
        output.Should().Contain(Fill(words));
        error.Should().BeEmpty();
        code.Should().Be(0);
    }

    [Test]
    public async Task Another_libtorch_trains_and_the_run_names_it()
    {
        var run = Path.Combine(place.Root, "run");
        var (code, _, error) = await Run($"train --data {place.Corpus} --out {run} {SmallWords}", "TORCH_HOME={root}/good");
        error.Should().BeEmpty("libtorch's warnings are no words for users, and nothing failed");
        code.Should().Be(0);
        var host = Runs.RunRecord.Load(run).Info.Host!;
        host.Libtorch.Should().StartWith("2.10.0").And.Contain("TorchSharp 0.107");
    }

    [TestCase("TORCH_HOME={root}/nowhere", "cpu", "TORCH_HOME is '{root}/nowhere', which is not a folder.")]
    [TestCase("TORCH_HOME={root}/bare", "cpu", "TORCH_HOME is '{root}/bare', which has no lib/: it is not a libtorch folder.")]
    [TestCase(
        "TORCH_HOME={root}/incomplete",
        "cpu",
        "libtorch is incomplete: '{root}/incomplete/lib/libtorch_cpu.so' is missing. Reinstall that libtorch, or unset TORCH_HOME"
    )]
    [TestCase(
        "TORCH_HOME={root}/cut",
        "cpu",
        "libtorch is damaged: '{root}/cut/lib/libtorch_cpu.so' is truncated (1048576 bytes of at least"
    )]
    [TestCase(
        "TORCH_HOME={root}/old",
        "cpu",
        "The libtorch in '{root}/old' is version 2.9.1+cpu, and TorchSharp here was made for 2.10: its calls may do anything in "
            + "another. Install torch 2.10, unset TORCH_HOME"
    )]
    [TestCase("SPEECHGAN_TORCH=python PATH={root}/without:{path}", "cpu", "SPEECHGAN_TORCH is 'python', but python3 has no torch package")]
    [TestCase("A=b", "cuda", "Device 'cuda' was asked for, and libtorch 2.10.0 in '")]
    [TestCase(
        "A=b",
        "cuda:3",
        "is a CPU build. Install torch 2.10.0 with CUDA for python3 and set SPEECHGAN_TORCH=python, or set TORCH_HOME to the folder of "
            + "a CUDA build of libtorch (docs/gpu.md). Or give --device cpu."
    )]
    public async Task What_will_not_do_gets_a_sentence_and_exit_code_3_before_anything_is_written(
        string environment,
        string device,
        string sentence
    )
    {
        var run = Path.Combine(place.Root, "never");
        var (code, output, error) = await Run($"train --data {place.Corpus} --out {run} --device {device} {SmallWords}", environment);
        error.Should().Contain(Fill(sentence)).And.NotContain("   at ", "a stack trace is no sentence");
        output.Should().BeEmpty();
        code.Should().Be(3);
        Directory.Exists(run).Should().BeFalse();
        Directory
            .Exists(Path.Combine(AppContext.BaseDirectory, "cpu"))
            .Should()
            .BeFalse("TorchSharp must not copy a libtorch of its choice beside the program");
    }

    [Test]
    public void A_current_folder_that_was_removed_gets_a_sentence_and_exit_code_3()
    {
        var gone = Directory.CreateDirectory(Path.Combine(place.Root, "gone")).FullName;
        var end = Command.Buffered(
            gone,
            "sh",
            [
                "-c",
                $"rmdir '{gone}' && exec dotnet '{Path.Combine(AppContext.BaseDirectory, "SpeechGan.dll")}' evaluate --checkpoint a "
                    + $"--data b",
            ]
        );
        end.StandardError.ReplaceLineEndings(" ")
            .Should()
            .Contain("The current folder does not exist any more, and libtorch cannot be loaded from there. Change to another folder");
        end.ExitCode.Should().Be(3);
    }

    [Test]
    public async Task Doctor_says_what_is_wrong_and_ends_with_3()
    {
        var (code, output, _) = await Run("doctor", "TORCH_HOME={root}/bare");
        output.Should().Contain("MISSING libtorch").And.Contain("which has no lib/");
        code.Should().Be(3);
    }

    [Test]
    public async Task A_machine_without_avx2_runs_and_doctor_says_so()
    {
        var (code, output, _) = await Run("doctor", "DOTNET_EnableAVX2=0");
        output.Should().Contain("slow processor").And.Contain("no AVX2, or it is switched off: everything runs, and training is slower");
        code.Should().Be(0);
    }

    [Test]
    public async Task What_the_user_set_stays_and_doctor_says_whose_it_is()
    {
        var (_, output, _) = await Run("doctor", "OMP_WAIT_POLICY=active MALLOC_TOP_PAD_=65536");
        output.Should().Contain("OMP_WAIT_POLICY=active (yours)").And.Contain("M_TOP_PAD=65536 (yours)").And.Contain("M_MMAP_MAX=0,");
    }

    private const string SmallWords = "--preset tiny --epochs 1 --set data.batchSize=2 --set data.trainCutSeconds=0.5";

    private async Task<(int Code, string Output, string Error)> Run(string command, string environment)
    {
        var variables = environment.Split(' ').Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => Fill(v[1]));
        using var child = Child.Start(null, 0, null, command.Split(' '), variables);
        return await child.EndAsync();
    }

    private string Fill(string text) =>
        text.Replace("{root}", place.Root, StringComparison.Ordinal)
            .Replace("{path}", Environment.GetEnvironmentVariable("PATH"), StringComparison.Ordinal);

    private static void Cut(string link, int length)
    {
        using var whole = File.OpenRead(link);
        var start = new byte[length];
        whole.ReadExactly(start);
        File.Delete(link);
        File.WriteAllBytes(link, start);
    }
}
