using SpeechGan.Statistics;
using SpeechGan.Tests.Unit.Metrics;
using SpeechGan.Tools.Bench;

namespace SpeechGan.Tests.Unit.Statistics;

public sealed class PairedDropTests
{
    [Test]
    public void Seven_pairs_that_all_fall_are_a_drop_and_six_are_too_few_to_say()
    {
        var seven = PairedDrop.Of([.. Enumerable.Repeat(-0.02, 7)], 0);
        seven.PValue.Should().Be(1 / 128.0);
        seven.Found.Should().BeTrue();
        seven.MeanDrop.Should().BeApproximately(0.02, 1e-12);
        seven.Sentence.Should().Be("The mean drop over 7 pairs is 0.0200 (0 is no alarm): a drop (p = 0.00781, an alarm up to 0.01).");

        var six = PairedDrop.Of([.. Enumerable.Repeat(-0.02, 6)], 0);
        six.Found.Should().BeNull("not measured is no result");
        six.PValue.Should().BeNull();
        six.Sentence.Should().Be("6 pairs are too few to tell a drop from chance; at least 7 are needed.");
    }

    [Test]
    public void A_p_value_is_the_share_of_sign_patterns_that_fall_as_far()
    {
        // The sum found is 20 of at most 22: no sign turned, or one of the two ones.
        var result = PairedDrop.Of([-1, -2, -3, -4, -5, -6, 1], 0);
        result.PValue.Should().Be(3 / 128.0);
        result.Found.Should().BeFalse();
        result.Sentence.Should().EndWith("no drop beyond that (p = 0.0234, an alarm up to 0.01).");
    }

    [Test]
    public void A_rise_nothing_at_all_and_a_drop_within_the_margin_are_no_alarm()
    {
        PairedDrop.Of([.. Enumerable.Repeat(0.02, 9)], 0).Found.Should().BeFalse();
        PairedDrop.Of(new double[9], 0).PValue.Should().Be(1, "equal scores are as likely as any");
        PairedDrop.Of([.. Enumerable.Repeat(-0.002, 9)], 0.003).Found.Should().BeFalse();
        PairedDrop.Of([.. Enumerable.Repeat(-0.004, 9)], 0.003).Found.Should().BeTrue();
    }

    [Test]
    public void Many_pairs_are_judged_by_a_sample_of_patterns_that_the_seed_decides()
    {
        var random = new Random(5);
        double[] differences = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble() - 0.55)];
        var one = PairedDrop.Of(differences, 0, seed: 1);
        PairedDrop.Of([.. differences.Reverse()], 0, seed: 1).Should().Be(one, "order does not matter");
        PairedDrop.Of(differences, 0, seed: 2).PValue.Should().BeApproximately(one.PValue!.Value, 0.02);
        PairedDrop.Of([.. Enumerable.Repeat(-1.0, 100)], 0).PValue.Should().Be(1 / 20_001.0, "a p-value is never 0");
    }

    [Test]
    public void Exact_and_sampled_p_values_agree_and_chance_alone_raises_the_promised_share_of_alarms()
    {
        const int seed = 20261125,
            trials = 2000;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var alarms = 0;
        for (var i = 0; i < trials; i++)
        {
            double[] differences = [.. Enumerable.Range(0, 11).Select(_ => random.NextDouble() - 0.5)];
            alarms += PairedDrop.Of(differences, 0).Found == true ? 1 : 0;
        }

        // 1 % of 2000 is 20; six standard deviations of a binomial are 27.
        alarms.Should().BeInRange(1, 47);
    }

    [Test]
    public void Nonsense_is_refused()
    {
        FluentActions.Invoking(() => PairedDrop.Of([], 0)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => PairedDrop.Of([1], -1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void A_planted_drop_hits_its_size_with_noise_that_the_seed_decides_and_is_found()
    {
        var planted = new PlantedDrop(Pairs());
        foreach (var drop in new[] { 0.05, 0.02 })
        {
            var (scores, level) = planted.Plant(drop, seed: 3);
            (planted.Mean - SampleMean.Of([.. scores])).Should().BeApproximately(drop, 0.01 * drop);
            level.Should().BeInRange(-120, 0);
            planted.Plant(drop, 3).Scores.Should().Equal(scores);
            planted.Plant(drop, 4).Scores.Should().NotEqual(scores);
        }

        planted.Plant(0.05, 1).LevelDecibel.Should().BeGreaterThan(planted.Plant(0.02, 1).LevelDecibel);
    }

    [Test]
    public void A_drop_that_cannot_be_planted_is_told()
    {
        FluentActions
            .Invoking(() => new PlantedDrop(Pairs()).Plant(9, 1))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("The estimates' mean PESQ is *: a drop of 9 cannot be planted. Use estimates of a trained network.*");
        FluentActions.Invoking(() => new PlantedDrop(Pairs()).Plant(0, 1)).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions
            .Invoking(() => new PlantedDrop([new EstimatePair(new float[16_000], new float[16_000])]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("Estimate 0 has no score: *");
    }

    private static List<EstimatePair> Pairs() =>
        [.. new[] { "white25", "pink12", "clip" }.Select(MetricVector.Named).Select(v => new EstimatePair(v.Clean(), v.Enhanced()))];
}
