using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>What is scored is not the estimate against its clean signal: in the training step or in the evaluator.</summary>
public sealed class ScoringWrong()
    : CheckedPart(
        "scoring-wrong",
        "Does the step or the evaluator score something else than the estimate against its clean signal?",
        new Dictionary<string, string>
        {
            ["scoring/clean"] = "the step's PESQ of a perfect estimate",
            ["scoring/noisy"] = "the step's PESQ of the untouched noisy signal",
            ["step/pesq"] = "the median distance of the step's PESQ from that of the same estimate",
            ["evaluated/clean"] = "the evaluator's distance from the highest PESQ for a perfect estimate",
            ["evaluated/noisy"] = "the evaluator's distance from the noisy signal's own PESQ",
            ["evaluated/estimate"] = "the distance of what the evaluator scored from the network's own estimate",
            ["evaluated/cut"] = "utterances cut elsewhere than in their middle",
        },
        "perfect, untouched and enhanced signals score as they must, in the step and in the evaluator",
        "PESQ of this run is not PESQ of its estimates",
        "Repair the scoring (src/SpeechGan/Training/TrainStep.cs) or the evaluator (src/SpeechGan/Evaluation) before any score of this "
            + "run is believed."
    )
{
    // A signal that the clean one leaks into has another score than the estimate.
    /// <inheritdoc/>
    protected override string? EchoOf(RunRecord run) => LeakOf(run);
}
