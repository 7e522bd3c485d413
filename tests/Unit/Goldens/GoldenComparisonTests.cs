using SpeechGan.Goldens;
using SpeechGan.Runs;
using static SpeechGan.Tests.Unit.Goldens.GoldenSamples;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class GoldenComparisonTests
{
    [Test]
    public void Equal_trajectory_is_equal_on_any_host()
    {
        Sample()
            .CompareWith(Sample().Trajectory, OwnHost)
            .Should()
            .Match<GoldenComparison>(c =>
                c.Outcome == GoldenOutcome.Equal
                && c.SameHost
                && c.Worst == null
                && c.Sentence == "Golden 'tiny': equal over 2 epochs, on the same host, where every bit must be equal."
            );
        Sample().CompareWith(Sample().Trajectory, OtherHost).Outcome.Should().Be(GoldenOutcome.Equal);
    }

    [Test]
    public void Last_bit_differs_on_the_same_host_and_is_within_tolerance_on_another()
    {
        var received = With(2, "mean.pesq_wb", Math.BitIncrement(1.625));

        var same = Sample().CompareWith(received, OwnHost);
        same.Outcome.Should().Be(GoldenOutcome.Differs);
        same.FirstDivergentEpoch.Should().Be(2);
        same.Worst.Should()
            .Match<Divergence>(d =>
                d.Metric == "mean.pesq_wb" && d.Expected == "1.625" && d.Received == "1.6250000000000002" && d.Allowed == 0
            );
        var other = Sample().CompareWith(received, OtherHost);
        other.Outcome.Should().Be(GoldenOutcome.WithinTolerance);
        other
            .Sentence.Should()
            .Be("Golden 'tiny': within tolerance over 2 epochs, on another host than the golden's, where its tolerances hold.");
    }

    [TestCase(0.05, GoldenOutcome.WithinTolerance)]
    [TestCase(0.0501, GoldenOutcome.Differs)]
    [TestCase(-0.0501, GoldenOutcome.Differs)]
    public void Tolerance_is_exact_at_its_boundary(double by, GoldenOutcome outcome)
    {
        // 1.5 + 0.05 - 1.5 is a little above 0.05 in binary; the golden's tolerance is set to that distance.
        var golden = Sample() with { Tolerances = new Tolerances { All = [new("mean.pesq_wb", 1.5 + 0.05 - 1.5, "test")] } };
        golden.CompareWith(With(1, "mean.pesq_wb", 1.5 + by), OtherHost).Outcome.Should().Be(outcome);
    }

    [Test]
    public void Value_without_a_tolerance_must_be_equal_on_every_host()
    {
        Sample()
            .CompareWith(With(1, "loss.total", 0.3), OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 1, loss.total: expected 0.30000000000000004, received 0.3, allowed distance 0");
    }

    [Test]
    public void First_divergent_epoch_and_its_worst_value_are_named()
    {
        var received = With(1, "mean.pesq_wb", 1.1, With(2, "mean.pesq_wb", 0.1));
        received = Change(received, 1, e => e with { Utterances = Utterances(("p 1", 1.19, -3), ("p\"2", 0.75, null)) });

        var comparison = Sample().CompareWith(received, OtherHost);

        comparison.Divergences.Should().HaveCount(3);
        comparison.FirstDivergentEpoch.Should().Be(1);
        comparison
            .Sentence.Should()
            .Be(
                "Golden 'tiny' differs from epoch 1 on, on another host than the golden's, where its tolerances hold. "
                    + "Worst there: epoch 1, utterance 'p\"2', utterance.pesq_wb: expected 1.75, received 0.75, allowed distance 0.1. "
                    + "3 values differ in all."
            );
    }

    [Test]
    public void Value_that_is_there_on_one_side_only_differs()
    {
        var fewer = new Trajectory { Epochs = [Sample().Trajectory.Epochs[0]] };
        Sample()
            .CompareWith(fewer, OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 2, epoch: expected present, received nothing, allowed distance 0");
        (Sample() with { Trajectory = fewer })
            .CompareWith(Sample().Trajectory, OwnHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 2, epoch: expected nothing, received present, allowed distance 0");

        var noLoss = Change(Sample().Trajectory, 1, e => e with { Values = new Dictionary<string, double> { ["mean.pesq_wb"] = 1.5 } });
        Sample()
            .CompareWith(noLoss, OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 1, loss.total: expected 0.30000000000000004, received nothing, allowed distance 0");
        Sample()
            .CompareWith(With(1, "extra", 1), OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 1, extra: expected nothing, received 1, allowed distance 0");

        var noUtterance = Change(Sample().Trajectory, 1, e => e with { Utterances = Utterances(("p 1", 1.25, -3)) });
        Sample()
            .CompareWith(noUtterance, OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 1, utterance 'p\"2', utterance: expected present, received nothing, allowed distance 0");
    }

    [Test]
    public void Parameter_digest_counts_on_the_same_host_only_but_must_be_there()
    {
        var changed = Change(Sample().Trajectory, 1, e => e with { ParameterDigest = "aa" });
        Sample()
            .CompareWith(changed, OwnHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 1, parameterDigest: expected 00ff, received aa, allowed distance 0");
        Sample().CompareWith(changed, OtherHost).Outcome.Should().Be(GoldenOutcome.WithinTolerance);
        Sample()
            .CompareWith(Change(Sample().Trajectory, 1, e => e with { ParameterDigest = null }), OtherHost)
            .Outcome.Should()
            .Be(GoldenOutcome.Differs);
    }

    [Test]
    public void An_outcome_counts_on_every_host()
    {
        var golden = BeforeTraining();
        var holds = Change(golden.Trajectory, 0, e =>
            e with
            {
                Outcomes = new Dictionary<string, string>(e.Outcomes) { ["oracle.estimate-is-clean/time"] = "holds" },
            }
        );
        golden
            .CompareWith(holds, OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 0, oracle.estimate-is-clean/time: expected fails, received holds, allowed distance 0");
        var without = Change(golden.Trajectory, 0, e => e with { Outcomes = Absence.None });
        golden
            .CompareWith(without, OtherHost)
            .Divergences.Select(d => (d.Metric, d.Received))
            .Should()
            .Equal(("oracle.estimate-is-clean/time", null), ("oracle.gain-leaves-pesq", null));
    }
}
