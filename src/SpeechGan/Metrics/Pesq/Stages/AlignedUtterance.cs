namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// A stretch of speech with one delay. <see cref="Start"/> and <see cref="End"/> count activity windows of the reference (end excluded);
/// delays are samples: reference sample i corresponds to degraded sample i + <see cref="Delay"/>.
/// </summary>
internal readonly record struct AlignedUtterance(
    int Start,
    int End,
    int SearchStart,
    int SearchEnd,
    int Estimate,
    int Delay,
    double Confidence
)
{
    /// <summary>Most utterances a signal may have.</summary>
    internal const int Most = 50;

    /// <summary>Delay for reference sample <paramref name="sample"/>: that of the last utterance that has
    /// started by then (section 11.2 of docs/pesq-algorithm.md).</summary>
    internal static int DelayAt(IReadOnlyList<AlignedUtterance> utterances, int sample, int window)
    {
        for (int u = utterances.Count - 1; u > 0; u--)
        {
            if (utterances[u].Start * window <= sample)
                return utterances[u].Delay;
        }

        return utterances[0].Delay;
    }
}
