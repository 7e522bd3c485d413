using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Evaluation;
using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>
/// Evaluation shared out over the ranks: utterance i goes to rank i mod size, and all ranks get all records, in the order of the corpus. An
/// utterance has a forward pass of its own, so that who makes it changes no bit.
/// </summary>
public sealed class SharedEvaluation(Evaluator evaluator, IProcessGroup group)
{
    /// <summary>Scores what a network makes of the noisy sides.</summary>
    /// <param name="utterances">In the order of the result.</param>
    /// <param name="split">Name of the part of the corpus.</param>
    /// <param name="epoch">Epoch after which it is.</param>
    /// <param name="enhance">Noisy samples to enhanced ones of the same length.</param>
    /// <param name="done">Told after each of this rank's utterances, with how many it has; may be null.</param>
    /// <param name="keep">Given each of this rank's enhanced cuts, on the thread that made it; may be null.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="GroupException">A rank is gone, or failed; the message has its words.</exception>
    public IReadOnlyList<UtteranceEvaluation> Evaluate(
        IReadOnlyList<Utterance> utterances,
        string split,
        int epoch,
        Func<float[], float[]> enhance,
        Action<UtteranceEvaluation, int>? done = null,
        Action<Utterance, float[]>? keep = null,
        CancellationToken cancellation = default
    )
    {
        var mine = Mine(utterances);
        return Gather(
            () => evaluator.Evaluate(mine, split, epoch, enhance, e => done?.Invoke(e, mine.Count), keep, cancellation),
            utterances.Count
        );
    }

    /// <summary>Scores the noisy sides themselves.</summary>
    /// <exception cref="GroupException">A rank is gone, or failed; the message has its words.</exception>
    public IReadOnlyList<UtteranceEvaluation> EvaluateNoisy(
        IReadOnlyList<Utterance> utterances,
        string split,
        Action<UtteranceEvaluation, int>? done = null,
        CancellationToken cancellation = default
    )
    {
        var mine = Mine(utterances);
        return Gather(() => evaluator.EvaluateNoisy(mine, split, e => done?.Invoke(e, mine.Count), cancellation), utterances.Count);
    }

    /// <summary>The utterances that are this rank's, in their order.</summary>
    private IReadOnlyList<Utterance> Mine(IReadOnlyList<Utterance> utterances) =>
        [.. utterances.Where((_, i) => i % group.Size == group.Rank)];

    private List<UtteranceEvaluation> Gather(Func<IReadOnlyList<UtteranceEvaluation>> evaluate, int count)
    {
        var all = group.ShareTogether(evaluate);
        return [.. Enumerable.Range(0, count).Select(i => all[i % group.Size][i / group.Size])];
    }
}
