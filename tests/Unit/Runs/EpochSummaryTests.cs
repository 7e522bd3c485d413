using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

public sealed class EpochSummaryTests
{
    [Test]
    public void Discriminator_loss_is_averaged_over_the_batches_on_which_it_stepped()
    {
        var epoch = EpochSummary.Of(
            1,
            [RunSamples.Stepped(1, 1, 1), RunSamples.Skipped(1, 2, 5), RunSamples.Stepped(1, 3, 3), RunSamples.Skipped(1, 4, 5)]
        );

        epoch.DiscriminatorLoss.Should().BeApproximately(0.2, 1e-15, "a skipped step is no loss of 0 (fault F9)");
        epoch.Loss.Total.Should().Be(3.5);
        epoch.TrainingRate.Should().Be(0.5);
        (epoch.BatchesSeen, epoch.BatchesStepped, epoch.SamplesSeen, epoch.SamplesScored, epoch.LastStep).Should().Be((4, 2, 8, 4, 4L));
        epoch.Masked.Should().Equal(new Dictionary<string, int> { ["SILENT_DEGRADED"] = 4 });
    }

    [Test]
    public void Losses_are_weighted_by_samples()
    {
        EpochSummary.Of(1, [RunSamples.Stepped(1, 1, 1, samples: 3), RunSamples.Stepped(1, 2, 5, samples: 1)]).Loss.Total.Should().Be(2);
    }

    [Test]
    public void Without_any_discriminator_step_its_numbers_are_absent_with_reasons()
    {
        var epoch = EpochSummary.Of(1, [RunSamples.Skipped(1, 1), RunSamples.Skipped(1, 2)]);

        epoch.DiscriminatorLoss.Should().BeNull();
        epoch.TrainingRate.Should().Be(0, "this rate is measured: none of two batches");
        epoch
            .Unavailable.Should()
            .Equal(
                new Dictionary<string, string>
                {
                    ["discriminatorCorrelation"] = "0 samples have both a PESQ score and a discriminator output; at least 2 are needed",
                    ["discriminatorError"] = "0 samples have both a PESQ score and a discriminator output; at least 2 are needed",
                    ["discriminatorLoss"] = "the discriminator stepped on none of 2 batches: SILENT_DEGRADED x4",
                }
            );
    }

    [Test]
    public void Epoch_without_batches_or_without_discriminator_has_no_rate()
    {
        EpochSummary.Of(2, []).Unavailable["trainingRate"].Should().Be("no batch was seen");
        EpochSummary
            .Of(1, [RunSamples.Skipped(1, 1)], hasDiscriminator: false)
            .Should()
            .Match<EpochTelemetry>(e =>
                e.TrainingRate == null
                && e.Unavailable["trainingRate"] == "the run has no discriminator"
                && e.Unavailable["discriminatorLoss"] == "the run has no discriminator"
            );
    }

    [Test]
    public void Discriminator_is_judged_against_the_targets_of_its_samples()
    {
        // Outputs 0.2 and 0.3 for PESQ 1.5 and 2.0, whose targets are 0.5/3.5 and 1/3.5.
        var epoch = EpochSummary.Of(1, [RunSamples.Stepped(1, 1)]);

        epoch.DiscriminatorCorrelation.Should().BeApproximately(1, 1e-12);
        epoch.DiscriminatorError.Should().BeApproximately(((0.2 * 3.5) - 0.5 + (0.3 * 3.5) - 1) / 2, 1e-12);
    }

    [Test]
    public void Correlation_of_a_constant_is_absent_with_a_reason()
    {
        var step = RunSamples.Stepped(1, 1) with
        {
            Samples =
            [
                new SampleScore
                {
                    Name = "a",
                    Pesq = 1.5,
                    Discriminator = 0.7,
                },
                new SampleScore
                {
                    Name = "b",
                    Pesq = 2.5,
                    Discriminator = 0.7,
                },
            ],
        };

        var epoch = EpochSummary.Of(1, [step]);

        epoch.DiscriminatorCorrelation.Should().BeNull();
        epoch
            .Unavailable["discriminatorCorrelation"]
            .Should()
            .Be("all 2 discriminator outputs are the same, so that no correlation is defined");
        epoch.DiscriminatorError.Should().NotBeNull();
    }

    [Test]
    public void Steps_of_another_epoch_are_refused()
    {
        FluentActions
            .Invoking(() => EpochSummary.Of(1, [RunSamples.Stepped(2, 9)]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("Step 9 belongs to epoch 2, not to epoch 1.*");
    }
}
