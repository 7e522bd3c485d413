using System.Globalization;
using SpeechGan.Data;
using SpeechGan.Evaluation;
using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>Evaluations as a run makes and records them: the noisy sides before the first step, validation, and the test.</summary>
internal sealed class RunEvaluation(
    Networks networks,
    SharedEvaluation evaluation,
    RunJournal? journal,
    ITrainingProgress progress,
    FaultPoints faults
)
{
    private readonly Enhancer enhancer = new(networks.Generator, networks.Spectrum);

    /// <summary>A noisy cut, enhanced with the weights as they stand.</summary>
    public float[] Enhance(float[] noisy) => enhancer.Enhance(noisy);

    /// <summary>Evaluates a part of the corpus and records it.</summary>
    /// <param name="utterances">The part.</param>
    /// <param name="split">Its name.</param>
    /// <param name="epoch">Epoch whose weights they are.</param>
    public IReadOnlyList<UtteranceEvaluation> Evaluate(IReadOnlyList<Utterance> utterances, string split, int epoch)
    {
        networks.Train(false);
        faults.Evaluating(networks);
        var evaluations = evaluation.Evaluate(utterances, split, epoch, Enhance, progress.UtteranceEvaluated);
        journal?.Append(evaluations);
        return evaluations;
    }

    /// <summary>Records the scores of the noisy sides: what training has to beat.</summary>
    /// <param name="utterances">A part of the corpus; may be empty.</param>
    /// <param name="split">Its name.</param>
    public void RecordNoisy(IReadOnlyList<Utterance> utterances, string split)
    {
        if (utterances.Count == 0)
            return;
        var noisy = evaluation.EvaluateNoisy(utterances, split, progress.UtteranceEvaluated);
        journal?.Append(noisy);
        if (Evaluator.Summarise(split, noisy).Mean.TryGetValue("noisy_" + UtteranceScores.Pesq, out var pesq))
            progress.Note(
                string.Create(CultureInfo.InvariantCulture, $"Noisy {split}: mean PESQ {pesq:F3} over {utterances.Count} utterances.")
            );
    }
}
