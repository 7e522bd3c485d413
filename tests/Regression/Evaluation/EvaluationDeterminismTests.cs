using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Evaluation;

/// <summary>A run is a function of its seed, and evaluating changes nothing of it; what an evaluation depends on is in
/// <see cref="CutPermutationTests"/>.</summary>
public sealed class EvaluationDeterminismTests
{
    private Workplace place = null!;

    [OneTimeSetUp]
    public void Make() => place = new Workplace();

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [Test]
    public void The_same_seed_twice_gives_equal_records_and_checkpoints()
    {
        var config = SmallRun.Config("evaluation.cutSeconds=0.5");
        string first = place.NewRun(),
            second = place.NewRun();
        var small = new Workplace();
        using (small)
        {
            SmallRun.Whole(first, small.Corpus, config);
            SmallRun.Whole(second, small.Corpus, config);
        }
        EndState.Differences(EndState.Of(first), EndState.Of(second)).Should().BeEmpty();
    }

    [Test]
    public void Evaluating_more_or_less_often_changes_no_weight()
    {
        using var small = new Workplace(test: 0);
        string Digest(int every) =>
            SmallRun
                .Whole(small.NewRun(), small.Corpus, SmallRun.Config("evaluation.cutSeconds=0.5", $"evaluation.everyEpochs={every}"))
                .Epochs[^1]
                .ParameterDigest!;
        Digest(2).Should().Be(Digest(1));
    }
}
