using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Workflows;

/// <summary>Child processes: what they say, how they end, and that nothing of them lives on.</summary>
[Platform("Linux")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class ProcessRunnerTests
{
    // Writes its number into a file and waits for ever, as a child of the shell.
    private const string Grandchild = "sh -c 'echo $$ > child; exec sleep 1000' & wait";

    private readonly string folder = Directory.CreateTempSubdirectory("speechgan-process-").FullName;

    [OneTimeTearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Both_outputs_the_exit_code_and_the_last_words_are_kept()
    {
        var end = ProcessRunner.Run(
            folder,
            ["sh", "-c", "echo out; echo $A error >&2; pwd; exit 3"],
            environment: new Dictionary<string, string?> { ["A"] = "an" }
        );
        end.Should().Be(new ProcessEnd(3, $"out\n{folder}\n", "an error\n", TimedOut: false));
        (end with { Output = "" }).LastWords.Should().Be("an error");
        ProcessRunner.Run(folder, ["sh", "-c", "kill -9 $$"]).ExitCode.Should().Be(137);
        ProcessRunner
            .Run(folder, ["sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' x"])
            .Output.Should()
            .HaveLength(1_000_000, "a full pipe stops nobody");
        ProcessRunner.Run(folder, ["cat"]).Output.Should().BeEmpty("there is nothing to read on standard input");
    }

    [Test]
    public void What_cannot_be_started_is_told() =>
        Assert
            .Throws<UsageException>(() => ProcessRunner.Run(folder, ["no-such-program"]))!
            .Message.Should()
            .StartWith($"'no-such-program' cannot be started in '{folder}': ")
            .And.EndWith("No such file or directory.");

    [Test]
    public void A_late_child_is_killed_and_said_to_be_late() =>
        ProcessRunner.Run(folder, ["sh", "-c", "sleep 1000 & wait"], TimeSpan.FromMilliseconds(100)).TimedOut.Should().BeTrue();

    [Test]
    public async Task A_child_that_is_not_wanted_any_more_is_killed_with_its_own_children()
    {
        using var stop = new CancellationTokenSource();
        using var watcher = new FileSystemWatcher(folder, "child");
        var written = new TaskCompletionSource();
        watcher.Changed += (_, _) => written.TrySetResult();
        watcher.EnableRaisingEvents = true;
        var run = Task.Run(() => ProcessRunner.Run(folder, ["sh", "-c", Grandchild], stop: stop.Token));
        await written.Task.WaitAsync(TimeSpan.FromMinutes(2));
        await stop.CancelAsync();
        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        GrandchildIsGone();
    }

    private void GrandchildIsGone()
    {
        var status = $"/proc/{File.ReadAllText(Path.Combine(folder, "child")).Trim()}/status";
        SpinWait.SpinUntil(IsGone, TimeSpan.FromMinutes(2)).Should().BeTrue();

        // A dead process whose parent has not asked for it yet is a zombie.
        bool IsGone()
        {
            try
            {
                return File.ReadLines(status)
                    .First(l => l.StartsWith("State:", StringComparison.Ordinal))
                    .Contains('Z', StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return true;
            }
        }
    }
}
