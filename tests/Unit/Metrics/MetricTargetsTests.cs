using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class MetricTargetsTests
{
    // PESQ 1.0, silent, 4.5, silent.
    private static BatchScore Batch { get; } =
        new([
            MetricResult.Of(1.0),
            MetricResult.None(UnscorableReason.SilentReference, "Silent."),
            MetricResult.Of(4.5),
            MetricResult.None(UnscorableReason.SilentDegraded, "Silent."),
        ]);

    private static BatchScore NothingScored { get; } =
        new([
            MetricResult.None(UnscorableReason.SilentReference, "Silent."),
            MetricResult.None(UnscorableReason.SilentReference, "Silent."),
        ]);

    [Test]
    public void Masking_teaches_the_true_score_of_every_sample_that_has_one()
    {
        BatchTargets targets = MetricTargets.For(Batch, MetricFailurePolicy.Mask);
        targets.Targets.Should().Equal(0.0, null, 1.0, null);
        targets.Steps.Should().BeTrue();
        targets.Scored.Should().Be(2);
        targets.Used.Should().Be(2);
        targets
            .MaskedByReason.Should()
            .Equal(new Dictionary<UnscorableReason, int> { [UnscorableReason.SilentReference] = 1, [UnscorableReason.SilentDegraded] = 1 });
    }

    [Test]
    public void The_batch_mean_teaches_every_sample_the_same_thing()
    {
        BatchTargets targets = MetricTargets.For(Batch, MetricFailurePolicy.BatchMean);
        targets.Targets.Should().Equal(0.5, 0.5, 0.5, 0.5);
        targets.Steps.Should().BeTrue();
        targets.Used.Should().Be(4);
        targets.Scored.Should().Be(2);
    }

    [Test]
    public void Dropping_the_batch_teaches_nothing()
    {
        BatchTargets targets = MetricTargets.For(Batch, MetricFailurePolicy.DropBatch);
        targets.Targets.Should().Equal(null, null, null, null);
        targets.Steps.Should().BeFalse();
        targets.Scored.Should().Be(2, "what was measured stays on record");
        MetricTargets
            .For(new BatchScore([Batch.Results[0], Batch.Results[2]]), MetricFailurePolicy.DropBatch)
            .Targets.Should()
            .Equal(0.0, 1.0);
    }

    // Why mask is the default: it is the only policy whose targets are right and that steps as often as there is something to learn.
    [Test]
    public void Only_masking_both_steps_and_teaches_no_wrong_score()
    {
        double WorstError(MetricFailurePolicy policy)
        {
            BatchTargets targets = MetricTargets.For(Batch, policy);
            return Enumerable
                .Range(0, 4)
                .Where(i => targets.IsUsed(i) && Batch.Results[i].HasValue)
                .Select(i => Math.Abs(targets.Targets[i]!.Value - MetricTargets.Normalise(Batch.Results[i].Value)))
                .DefaultIfEmpty(0)
                .Max();
        }

        WorstError(MetricFailurePolicy.Mask).Should().Be(0);
        WorstError(MetricFailurePolicy.BatchMean)
            .Should()
            .Be(0.5, "half the scale: a bad and a good sample are taught as equally mediocre");
        MetricTargets.For(Batch, MetricFailurePolicy.DropBatch).Steps.Should().BeFalse();
    }

    // With a third of the samples silent, four to a batch, dropping starves the discriminator (below 70 %) and masking does not.
    [Test]
    public void Dropping_starves_the_discriminator_where_masking_does_not()
    {
        var random = new Random(3);
        int masked = 0,
            dropped = 0;
        const int batches = 2000;
        for (int b = 0; b < batches; b++)
        {
            var batch = new BatchScore([
                .. Enumerable
                    .Range(0, 4)
                    .Select(_ =>
                        random.NextDouble() < 0.35 ? MetricResult.None(UnscorableReason.SilentReference, "Silent.") : MetricResult.Of(2)
                    ),
            ]);
            if (MetricTargets.For(batch, MetricFailurePolicy.Mask).Steps)
                masked++;
            if (MetricTargets.For(batch, MetricFailurePolicy.DropBatch).Steps)
                dropped++;
        }

        // Expected 1 - 0.35^4 = 98.5 % and 0.65^4 = 17.9 %; four standard deviations are 1.1 and 3.4 points.
        (100.0 * masked / batches).Should().BeApproximately(98.5, 1.1);
        (100.0 * dropped / batches).Should().BeApproximately(17.9, 3.4);
    }

    [Test]
    public void Nothing_scored_means_no_step_under_any_policy([Values] MetricFailurePolicy policy)
    {
        BatchTargets targets = MetricTargets.For(NothingScored, policy);
        targets.Steps.Should().BeFalse();
        targets.Targets.Should().Equal(new double?[] { null, null });
        targets.MaskedByReason[UnscorableReason.SilentReference].Should().Be(2);
    }

    [Test]
    public void Targets_are_copied_with_a_weight_that_takes_absent_ones_out()
    {
        float[] q = [9, 9, 9, 9],
            weights = [9, 9, 9, 9];
        MetricTargets.For(Batch, MetricFailurePolicy.Mask).CopyTo(q, weights);
        q.Should().Equal(0f, 0f, 1f, 0f);
        weights.Should().Equal(1f, 0f, 1f, 0f);
    }
}
