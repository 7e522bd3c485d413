using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class LossInconsistentTests
{
    [Test]
    public void A_sum_that_is_not_that_of_its_terms_confirms()
    {
        var finding = Examine(Records.Healthy().WithSteps(s => s with { Loss = s.Loss with { Total = s.Loss.Total * 1.01 } }));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding
            .Sentence.Should()
            .Be("The generator's weighted sum differs from its formula on the recorded numbers in 100 % of 180 steps, by up to 1 %.");
    }

    [TestCase(-1.0)]
    [TestCase(0.5)]
    public void A_discriminators_loss_of_other_sign_or_reduction_confirms(double factor)
    {
        var finding = Examine(Records.Healthy().WithSteps(s => s with { DiscriminatorLoss = s.DiscriminatorLoss * factor }));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Concerns.Should().Equal("discriminator's loss");
    }

    [Test]
    public void Clean_pairs_masked_or_not_are_both_a_discriminators_loss()
    {
        var run = Records
            .Healthy()
            .WithSamples((_, s) => s.Name.EndsWith('3') ? s with { Pesq = null, Target = null, Masked = "SILENT_REFERENCE" } : s);
        foreach (var all in new[] { true, false })
            Examine(
                run.WithSteps(s =>
                    s with
                    {
                        DiscriminatorLoss = s.Samples!.Any(x => x.Target is not null)
                            ? s.Samples!.Where(x => x.Target is not null)
                                .Average(x => Math.Pow(x.Discriminator!.Value - x.Target!.Value, 2))
                                + s.Samples!.Where(x => all || x.Target is not null)
                                    .Average(x => Math.Pow(1 - x.DiscriminatorOfClean!.Value, 2))
                            : null,
                    }
                )
            )
                .Outcome.Should()
                .Be(FindingOutcome.Rejected);
    }

    [TestCase(1.3, FindingOutcome.Confirmed)]
    [TestCase(0.6, FindingOutcome.Confirmed)]
    [TestCase(1.08, FindingOutcome.Rejected)]
    public void A_GAN_term_that_is_not_one_less_D_squared_confirms_only_beyond_what_dropout_explains(double factor, FindingOutcome outcome)
    {
        var weights = new RunConfig().Loss.Weights;
        var finding = Examine(
            Records
                .Healthy()
                .WithSteps(s =>
                    s with
                    {
                        Loss = s.Loss with { Gan = s.Loss.Gan * factor, Total = s.Loss.Total + (weights.Gan * s.Loss.Gan * (factor - 1)) },
                    }
                )
        );
        finding.Outcome.Should().Be(outcome, finding.Sentence);
    }

    [Test]
    public void Steps_without_numbers_to_derive_from_are_not_measured() =>
        Examine(Records.Healthy().WithSteps(s => s with { Loss = new LossTerms(), Samples = null }))
            .Outcome.Should()
            .Be(FindingOutcome.NotMeasured);

    private static Finding Examine(RunRecord run) => new LossInconsistent().Examine(run);
}
