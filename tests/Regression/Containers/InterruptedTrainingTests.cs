using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Containers;

/// <summary>A training in one container: killed and paused in the middle, and continued in another one to the same bits.</summary>
[Category("Container")]
public sealed class InterruptedTrainingTests
{
    private static readonly string[] Knobs = ["train.epochs=2", "train.stepsPerEpoch=2", "checkpoint.everySteps=1"];

    private Workplace place = null!;
    private SortedDictionary<string, string> expected = null!;

    [OneTimeSetUp]
    public async Task Train_once_without_a_stop()
    {
        place = new Workplace(train: 4, valid: 1, test: 1);
        var whole = place.NewRun();
        await using var node = await Node.StartAsync(Train(whole), [place.Corpus], whole);
        var (code, output, error) = await node.EndAsync();
        code.Should().Be(0, output + error);
        expected = EndState.Of(whole);
    }

    [OneTimeTearDown]
    public void Remove() => place?.Dispose();

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task A_killed_container_is_continued_by_another_to_the_same_bits(int afterSteps)
    {
        var run = place.NewRun();
        await using (var node = await Node.StartAsync(Train(run), [place.Corpus], run, afterSteps))
        {
            (await node.ReachedAsync()).Should().BeTrue();
            await node.KillAsync();
            (await node.EndAsync()).Code.Should().Be(137);
        }
        RunRecord.Load(run).Info.Status.Should().Be(RunStatus.Interrupted, "the lock went with the container");
        await using var next = await Node.StartAsync(["train", "--data", place.Corpus, "--out", run, "--resume"], [place.Corpus], run);
        var (code, output, error) = await next.EndAsync();
        code.Should().Be(0, output + error);
        EndState.Differences(expected, EndState.Of(run)).Should().BeEmpty();
    }

    [Test]
    public async Task A_paused_container_goes_on_to_the_same_bits()
    {
        var run = place.NewRun();
        await using var node = await Node.StartAsync(Train(run), [place.Corpus], run, 1);
        (await node.ReachedAsync()).Should().BeTrue();
        await node.PauseAsync();
        (await node.StateAsync()).Should().Be("paused");
        RunRecord.Load(run).Steps.Should().NotBeEmpty("a run that stands still can be looked at");
        await node.UnpauseAsync();
        var (code, output, error) = await node.EndAsync();
        code.Should().Be(0, output + error);
        EndState.Differences(expected, EndState.Of(run)).Should().BeEmpty();
    }

    private string[] Train(string run) => SmallRun.Command(place.Corpus, run, Knobs);
}
