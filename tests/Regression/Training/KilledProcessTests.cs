using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Training;

/// <summary>The program itself under kill -9 and signals: nothing is lost beyond one checkpoint interval, and the end is the same to the
/// bit.</summary>
public sealed class KilledProcessTests
{
    private const int Kills = 20;
    private const int KillsOfOneRun = 5; // the later ones hit a run that was resumed after a kill

    private static readonly string[] Knobs =
    [
        "train.epochs=3",
        "train.stepsPerEpoch=2",
        "checkpoint.everySteps=1",
        "evaluation.cutSeconds=0.5",
    ];
    private Workplace place = null!;
    private SortedDictionary<string, string> expected = null!;

    [OneTimeSetUp]
    public void Train_once_in_this_process()
    {
        place = new Workplace();
        var whole = place.NewRun();
        SmallRun.Whole(whole, place.Corpus, SmallRun.Config(Knobs));
        expected = EndState.Of(whole);
    }

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [Test]
    public async Task A_process_killed_at_random_instants_and_resumed_ends_with_the_same_bits()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SPEECHGAN_SEED"), out var given)
            ? given
            : Environment.TickCount & 0xFFFFFF;
        var kills = int.TryParse(Environment.GetEnvironmentVariable("SPEECHGAN_KILLS"), out var wanted) ? wanted : Kills;
        TestContext.Out.WriteLine($"seed {seed} (SPEECHGAN_SEED), {kills} kills (SPEECHGAN_KILLS)");
        var random = new Random(seed);
        var done = 0;
        for (var runs = 0; done < kills; runs++)
        {
            runs.Should().BeLessThan(kills, "a run must be killed at least once");
            var run = place.NewRun();
            for (var i = 0; i < KillsOfOneRun && done < kills; i++)
            {
                // A process has about 200 file events in front of it; the spinning leads into the computation between two of them.
                using var child = Child.Start(run, random.Next(1, 120), null, Train(run));
                var spins = random.Next(0, 1_500_000);
                if (!await child.ReachedAsync())
                    break;
                Thread.SpinWait(spins);
                child.Kill();
                var (code, _, error) = await child.EndAsync();
                if (code == 0)
                    break; // it was done before the kill came
                code.Should().Be(128 + 9, error);
                done++;
                LosesAtMostOneStep(run, $"seed {seed}, kill {done}");
            }
            if (!IsComplete(run))
                await Ends(run);
            EndState.Differences(expected, EndState.Of(run)).Should().BeEmpty($"seed {seed}, run {runs + 1}");
            Directory.Delete(run, recursive: true);
        }
    }

    [TestCase(Child.Interrupt)]
    [TestCase(Child.Terminate)]
    public async Task A_signal_to_stop_makes_a_checkpoint_and_loses_nothing(int signal)
    {
        var run = place.NewRun();
        using (var child = Child.Start(run, 2, RunFolder.StepsName, Train(run)))
        {
            (await child.ReachedAsync()).Should().BeTrue();
            child.Signal(signal);
            var (code, output, error) = await child.EndAsync();
            code.Should().Be(130, error);
            var record = RunRecord.Load(run);
            record.Info.Status.Should().Be(RunStatus.Interrupted);
            record.Info.Why.Should().Be($"stopped on request after step {record.Steps.Count}");
            output.Should().Contain($"Stopped after step {record.Steps.Count}; continue with --resume.");
            StepsSaved(run).Should().Be(record.Steps.Count);
        }
        await Ends(run);
        EndState.Differences(expected, EndState.Of(run)).Should().BeEmpty();
    }

    [Test]
    public async Task A_second_process_on_the_same_run_is_refused_in_a_sentence()
    {
        var run = place.NewRun();
        var config = SmallRun.Config(Knobs);
        using var held = RunFolder.Create(run, config, SmallRun.Surroundings(config));
        foreach (var resume in new[] { false, true })
        {
            using var child = Child.Start(null, 0, null, Train(run, resume));
            var (code, _, error) = await child.EndAsync();
            code.Should().Be(RunFolderException.BadUsage, error);
            error
                .Should()
                .Be(
                    $"speechgan: The run folder '{run}' is in use by process {Environment.ProcessId}. Wait for it to end, stop it, or "
                        + $"choose another folder with --out."
                );
        }
        held.Info.Status.Should().Be(RunStatus.Running);
    }

    private static bool IsComplete(string run) => RunFolder.HoldsRun(run) && RunRecord.Load(run).Info.Status == RunStatus.Completed;

    private static long StepsSaved(string run)
    {
        var found = new CheckpointStore(Path.Combine(run, "checkpoints")).FindLast().Found;
        return found is null
            ? 0
            : System
                .Text.Json.JsonSerializer.Deserialize<SpeechGan.Training.RunState>(found.Part("state.json").Span, RunJson.Document)!
                .Step;
    }

    private static void LosesAtMostOneStep(string run, string because)
    {
        if (RunFolder.HoldsRun(run))
            (RunRecord.Load(run).Steps.Count - StepsSaved(run)).Should().BeInRange(0, 1, because);
    }

    private async Task Ends(string run)
    {
        using var child = Child.Start(null, 0, null, Train(run));
        var (code, output, error) = await child.EndAsync();
        code.Should().Be(0, output + error);
        IsComplete(run).Should().BeTrue();
    }

    // A process that died before run.json was there left no run: it is started again.
    private string[] Train(string run) => Train(run, RunFolder.HoldsRun(run));

    private string[] Train(string run, bool resume) =>
        resume ? ["train", "--data", place.Corpus, "--out", run, "--resume"] : SmallRun.Command(place.Corpus, run, Knobs);
}
