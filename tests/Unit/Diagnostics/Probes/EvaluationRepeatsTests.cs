using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Probes;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics.Probes;

public sealed class EvaluationRepeatsTests
{
    [Test]
    public void Evaluations_that_repeat_to_the_bit_are_comparable()
    {
        var finding = EvaluationRepeats.Judge(Scores(0, 0), Scores(0, 0), Scores(0, 0));
        finding.Outcome.Should().Be(FindingOutcome.Rejected);
        finding
            .Sentence.Should()
            .Be("The same weights, evaluated as after two epochs and in other batch sizes, give the same bits on all 2 utterances.");
    }

    [Test]
    public void Evaluations_of_other_cuts_are_not()
    {
        var finding = EvaluationRepeats.Judge(Scores(0, 0), Scores(0.25, 800), Scores(0, 0));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Observed.Should().BeApproximately(0.25, 1e-12);
        finding
            .Sentence.Should()
            .Be(
                "The same weights, evaluated as after two epochs, differ by up to 0.25 PESQ (a; mean 2.5 against 2.75; 2 of 2 cuts lie "
                    + "elsewhere); in other batch sizes by 0."
            );
    }

    private static IReadOnlyList<UtteranceEvaluation> Scores(double change, int cut) =>
        [
            .. new[] { "a", "b" }.Select(
                (name, i) =>
                    new UtteranceEvaluation
                    {
                        Epoch = 1,
                        Split = "valid",
                        Name = name,
                        CutStart = cut,
                        CutLength = 64000,
                        Metrics = new Dictionary<string, double> { ["pesq_wb"] = 2 + i + change },
                    }
            ),
        ];
}
