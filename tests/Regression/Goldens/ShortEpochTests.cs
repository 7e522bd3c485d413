using SpeechGan.Regression;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Goldens;

/// <summary>A few steps of the real trainer against approved files: to the bit on the host they were made on, within measured tolerances elsewhere.</summary>
public sealed class ShortEpochTests
{
    private const string OtherHost = "another machine";
    private static readonly string Folder = Repository.PathOf("golden", "regression", nameof(ShortEpoch));
    private readonly Dictionary<int, Golden> received = [];
    private Workplace place = null!;

    [OneTimeSetUp]
    public void Make() => place = ShortEpoch.Place();

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void A_short_epoch_PESQ_trajectory_equals_its_golden_file(int seed) =>
        GoldenGate.Check(Folder, Received(seed), Environment.GetEnvironmentVariable);

    [TestCaseSource(typeof(ShortEpoch), nameof(ShortEpoch.Seeds))]
    public void Its_golden_file_is_sound_and_every_tolerance_tells_its_cause(int seed)
    {
        var golden = new GoldenStore(Folder).Read(ShortEpoch.NameOf(seed));
        golden.Provenance.Seed.Should().Be(seed);
        golden.Trajectory.Epochs.Should().HaveCount(2).And.OnlyContain(e => e.Utterances.Count == 2 && e.Values["batchesStepped"] == 3);
        golden.Tolerances.Should().BeEquivalentTo(ShortEpochTolerances.All);
        golden.Tolerances.All.Should().NotBeEmpty().And.OnlyContain(t => t.Cause.Contains("measure-golden-spread"));
    }

    [Test]
    public void A_worse_PESQ_is_told_with_epoch_metric_expectation_and_what_was_allowed()
    {
        var golden = Received(1);
        var value = golden.Trajectory.Epochs[1].Values["mean.pesq_wb"];
        var worse = value - 0.05;

        var here = golden.CompareWith(WithEpoch2(golden.Trajectory, "mean.pesq_wb", worse), golden.Provenance.Host);
        here.Sentence.Should().Be(
            $"Golden 'healthy-seed-1' differs from epoch 2 on, on the same host, where every bit must be equal. Worst there: epoch 2, mean.pesq_wb: expected {value:R}, received {worse:R}, allowed distance 0. 1 values differ in all.");

        var elsewhere = golden.CompareWith(WithEpoch2(golden.Trajectory, "mean.pesq_wb", worse), OtherHost);
        elsewhere.Outcome.Should().Be(GoldenOutcome.Differs, "a loss of 0.05 is beyond what another machine explains");
        elsewhere.Worst!.Metric.Should().Be("mean.pesq_wb");
        elsewhere.Worst.Allowed.Should().Be(golden.Tolerances.For("mean.pesq_wb"));
        elsewhere.Sentence.Should().Contain("differs from epoch 2 on, on another host than the golden's, where its tolerances hold. Worst there: epoch 2, mean.pesq_wb: expected");
    }

    [Test]
    public void A_fault_of_the_trainer_is_seen_on_any_host()
    {
        // Upstream's time reference; an unlucky seed; a generator that learns twice as fast.
        foreach (var knob in new[] { "loss.timeReference=raw", "seed=4", "optimizer.generatorLearningRate=0.004" })
        {
            var run = SmallRun.Whole(place.NewRun(), place.Corpus, ShortEpoch.Config(1).With(knob));
            var comparison = Received(1).CompareWith(Trajectory.Of(run), OtherHost);
            comparison.Outcome.Should().Be(GoldenOutcome.Differs, knob);
            comparison.FirstDivergentEpoch.Should().Be(1, knob);
        }
    }

    [Test]
    public void A_difference_lays_the_received_file_beside_the_golden_but_not_on_CI_and_only_a_person_accepts_it()
    {
        var folder = Directory.CreateDirectory(Path.Combine(place.Root, "goldens")).FullName;
        var golden = Received(1);
        var store = new GoldenStore(folder, environment: _ => null);
        Func<string, string?> person = _ => null, ci = n => n == "CI" ? "true" : null;
        Func<string, string?> accepting = n => n == "SPEECHGAN_ACCEPT" ? "1" : null, acceptingOnCi = n => n is "CI" ? "true" : n is "SPEECHGAN_ACCEPT" ? "1" : null;

        Check(golden, ci).Should().Throw<AssertionException>().WithMessage($"There is no golden '{store.VerifiedPath(golden.Name)}' yet.*");
        store.Waiting.Should().BeEmpty();
        Check(golden, acceptingOnCi).Should().Throw<GoldenException>().WithMessage("*CI=true, and only a person approves a golden*");
        Check(golden, person).Should().Throw<AssertionException>();
        store.Waiting.Should().Equal(golden.Name);
        Check(golden, accepting).Should().NotThrow();
        store.Names.Should().Equal(golden.Name);
        store.Waiting.Should().BeEmpty();
        Check(golden, ci).Should().NotThrow();

        var worse = golden with { Trajectory = WithEpoch2(golden.Trajectory, "loss.total", 9) };
        Check(worse, ci).Should().Throw<AssertionException>().WithMessage("*epoch 2, loss.total: expected *, received 9, allowed distance 0.*SPEECHGAN_ACCEPT=1*");
        store.Waiting.Should().BeEmpty();
        Check(worse, person).Should().Throw<AssertionException>();
        store.Waiting.Should().Equal(golden.Name);

        Action Check(Golden g, Func<string, string?> environment) => () => GoldenGate.Check(folder, g, environment);
    }

    private Golden Received(int seed)
    {
        if (!received.TryGetValue(seed, out var golden))
            received[seed] = golden = ShortEpoch.Golden(SmallRun.Whole(place.NewRun(), place.Corpus, ShortEpoch.Config(seed)), seed);
        return golden;
    }

    private static Trajectory WithEpoch2(Trajectory trajectory, string name, double value) => trajectory with
    {
        Epochs = [.. trajectory.Epochs.Select(e => e.Epoch == 2 ? e with { Values = new SortedDictionary<string, double>(e.Values.ToDictionary()) { [name] = value } } : e)],
    };
}
