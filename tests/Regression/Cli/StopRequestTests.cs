using System.Diagnostics;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>What Ctrl-C does to a program that cannot stop by itself: it waits for a file that never ends.</summary>
internal sealed class StopRequestTests
{
    private Workplace place = null!;

    [SetUp]
    public void Open() => place = new Workplace();

    [TearDown]
    public void Close() => place.Dispose();

    [TestCase(Child.Interrupt, Child.Interrupt)]
    [TestCase(Child.Interrupt, Child.Terminate)]
    [TestCase(Child.Terminate, Child.Terminate)]
    public async Task The_first_request_is_answered_and_the_second_ends_the_program(int first, int second)
    {
        var pipe = Path.Combine(place.Root, "config.json");
        using (var made = Process.Start("mkfifo", [pipe]))
            await made.WaitForExitAsync();
        using var child = Child.Start(null, 0, null, ["train", "--config", pipe, "--data", "corpus", "--out", "run"]);
        // Opened once the program reads it.
        using var held = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write));
        child.Signal(first);
        (await child.SaidAsync()).Should().BeTrue();
        child.Signal(second);
        var (code, output, error) = await child.EndAsync();
        code.Should().Be(130, error);
        error
            .Should()
            .Be(
                "Stopping after this step, with a checkpoint. Ctrl-C again ends at once; the last checkpoint stays intact. "
                    + "speechgan: Stopped at once, as requested. What was saved is intact."
            );
        output.Should().BeEmpty();
    }
}
