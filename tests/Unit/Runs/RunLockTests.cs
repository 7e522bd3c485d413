using System.Diagnostics;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

public sealed class RunLockTests : RunFolderFixture
{
    [Test]
    public void Second_process_is_told_who_holds_the_run()
    {
        using var run = RunFolder.Create(Root, new RunConfig(), RunSamples.Start);

        RunSamples
            .Refused(() => RunFolder.Resume(Root, RunSamples.Start), 2)
            .Should()
            .Be(
                $"The run folder '{Root}' is in use by process {Environment.ProcessId}. Wait for it to end, stop it, or choose another "
                    + $"folder with --out."
            );
        RunRecord.Load(Root).Info.Status.Should().Be(RunStatus.Running, "reading needs no lock");
    }

    [Test]
    public void Lock_of_a_process_killed_outright_is_free_and_its_run_reads_as_interrupted()
    {
        RunFolder.Create(Root, new RunConfig(), RunSamples.Start).Dispose();
        var info = File.ReadAllText(Path.Combine(Root, "run.json")).Replace("\"interrupted\"", "\"running\"");
        File.WriteAllText(Path.Combine(Root, "run.json"), info);
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("flock(1) is Linux's");

        // Another process takes the same kernel lock, alone (-o: its child does not inherit it), and its child says so when it has it.
        using var holder = Process.Start(
            new ProcessStartInfo("flock", ["-x", "-o", Path.Combine(Root, ".lock"), "sh", "-c", "echo held; exec sleep 600"])
            {
                RedirectStandardOutput = true,
            }
        )!;
        try
        {
            holder.StandardOutput.ReadLine().Should().Be("held");
            RunRecord.Load(Root).Info.Status.Should().Be(RunStatus.Running);
            RunSamples.Refused(() => RunFolder.Resume(Root, RunSamples.Start), 2).Should().Contain("is in use by process");
        }
        finally
        {
            holder.Kill(entireProcessTree: true);
            holder.WaitForExit();
        }

        var record = RunRecord.Load(Root);
        record.Info.Status.Should().Be(RunStatus.Interrupted);
        record.Info.Why.Should().Be("its process is gone");
        using var run = RunFolder.Resume(Root, RunSamples.Start);
        run.Info.Status.Should().Be(RunStatus.Running);
        run.Info.Resumed.Should().HaveCount(1);
    }
}
