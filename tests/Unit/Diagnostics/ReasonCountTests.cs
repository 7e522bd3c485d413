using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class ReasonCountTests
{
    [Test]
    public void Every_reason_is_read_back_from_its_name_and_a_code_gives_a_reason_of_that_code()
    {
        foreach (var reason in Enum.GetValues<UnscorableReason>())
        {
            UnscorableReasons.Parse(reason.ToName()).Should().Be(reason);
            UnscorableReasons.Parse(reason.ToCode())!.Value.ToCode().Should().Be(reason.ToCode());
        }

        UnscorableReasons.Parse("NO_UTTERANCES_DETECTED").Should().Be(UnscorableReason.NoUtterancesDetected);
        UnscorableReasons.Parse("no such reason").Should().BeNull();
    }

    [Test]
    public void Both_spellings_are_one_reason_and_it_reaches_the_verdict_typed()
    {
        var run = Records
            .Healthy()
            .WithSteps(s =>
                s with
                {
                    Scored = 0,
                    DiscriminatorStepped = false,
                    Masked = new Dictionary<string, int> { ["silent-degraded"] = 1, ["SILENT_DEGRADED"] = 1 },
                }
            );
        new GeneratorSilent()
            .Examine(run)
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Confirmed && f.Reasons.Count == 1 && f.Reasons[0].Reason == UnscorableReason.SilentDegraded
            );
        var starved = new DiscriminatorStarved().Examine(run);
        starved.Reasons.Should().Equal(new ReasonCount(UnscorableReason.SilentDegraded, 2 * run.Steps.Count));
        starved.Sentence.Should().Contain($"without one: silent-degraded x{2 * run.Steps.Count}");
        Verdict.Of(run).ToJson().Should().Contain("\"reason\": \"silent-degraded\"");
    }

    [Test]
    public void A_reason_of_another_version_is_counted_and_named_as_such()
    {
        var run = Records
            .Healthy()
            .WithSteps(s =>
                s with
                {
                    Scored = 0,
                    DiscriminatorStepped = false,
                    Masked = new Dictionary<string, int> { ["a-new-one"] = 2 },
                }
            );
        new DiscriminatorStarved()
            .Examine(run)
            .Sentence.Should()
            .Contain($"without one: reasons of another version x{2 * run.Steps.Count}");
    }
}
