using SpeechGan.Diagnostics;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class EchoesTests
{
    private static readonly Func<EpochTelemetry, EpochTelemetry> Apart = e =>
        e with
        {
            ModeLoss = new ModeLoss { Training = 1, Evaluation = 2 },
        };

    [Test]
    public void Where_the_generator_stands_still_the_other_symptoms_rank_below_it_and_say_so()
    {
        var run = Records.Healthy().WithSteps(s => s with { GeneratorUpdate = s.GeneratorUpdate! with { Norm = 0 } }).WithEpochs(Apart);
        var verdict = Verdict.Of(run);
        verdict.Findings[0].Id.Should().Be("weights-stand-still");
        var symptom = verdict.Findings.Single(f => f.Id == "running-statistics");
        symptom.Outcome.Should().Be(FindingOutcome.Suspected);
        symptom.Sentence.Should().EndWith("It may be an echo: the generator stands still.");
    }

    [TestCase(2, FindingOutcome.Suspected)]
    [TestCase(1, FindingOutcome.Confirmed)]
    public void A_generator_that_stands_still_since_it_fell_silent_ranks_below_its_silence(int silentSince, FindingOutcome standing)
    {
        var run = Records
            .Healthy()
            .WithSteps(s =>
                s.Epoch < silentSince
                    ? s
                    : s with
                    {
                        GeneratorUpdate = s.GeneratorUpdate! with { Norm = 0 },
                        Scored = 0,
                        Masked = new Dictionary<string, int> { ["silent-degraded"] = s.Scored },
                    }
            );
        var verdict = Verdict.Of(run);
        verdict.Findings.Single(f => f.Id == "generator-silent").Outcome.Should().Be(FindingOutcome.Confirmed);
        var finding = verdict.Findings.Single(f => f.Id == "weights-stand-still");
        finding.Outcome.Should().Be(standing);
        if (standing == FindingOutcome.Suspected)
            finding.Sentence.Should().EndWith("It may be an echo: the generator is silent.");
    }

    [Test]
    public void While_both_move_a_symptom_stands_for_itself() =>
        Verdict
            .Of(Records.Healthy().WithEpochs(Apart))
            .Findings.Single(f => f.Id == "running-statistics")
            .Outcome.Should()
            .Be(FindingOutcome.Confirmed);

    [Test]
    public void What_began_before_a_network_stood_still_is_no_echo_and_comes_first()
    {
        var run = Records
            .Healthy()
            .WithSteps(s =>
                s with
                {
                    GeneratorUpdate = s.GeneratorUpdate! with
                    {
                        Norm = s.Epoch > 2 ? s.GeneratorUpdate.Norm * 1e-3 : s.GeneratorUpdate.Norm,
                    },
                    Loss = s.Step == 40 ? s.Loss with { Total = 40 } : s.Loss,
                }
            );
        var named = Verdict
            .Of(run)
            .Findings.Where(f => f.Outcome is FindingOutcome.Confirmed or FindingOutcome.Suspected && f.Id != "loss-inconsistent")
            .ToList();
        named
            .Select(f => (f.Id, f.Outcome))
            .Should()
            .StartWith([("loss-jump", FindingOutcome.Confirmed), ("weights-stand-still", FindingOutcome.Suspected)]);
        named.Single(f => f.Id == "weights-stand-still").Rule.Should().Be("below 0.02 after a half in which it moved is suspected");
    }

    [Test]
    public void What_an_identity_shows_is_no_echo()
    {
        var run = Records
            .Healthy()
            .WithSteps(s => s with { GeneratorUpdate = s.GeneratorUpdate! with { Norm = 0 } })
            .WithOracle("step/gan", 0.5);
        Verdict.Of(run).Findings.Single(f => f.Id == "loss-term-wrong").Outcome.Should().Be(FindingOutcome.Confirmed);
    }
}
