using System.Runtime.InteropServices;

namespace SpeechGan.Metrics;

/// <summary>Scores the pairs of a batch side by side. A pair that cannot be scored costs its own score only.</summary>
public static class BatchPesq
{
    /// <summary>
    /// PESQ of every pair, in order, each with the same bits as
    /// <see cref="Pesq.Score(ReadOnlySpan{float}, ReadOnlySpan{float}, int, PesqMode)"/>.
    /// The two signals of a pair of a batch were cut together: if their lengths differ, the pair is unscorable (LengthMismatch).
    /// </summary>
    /// <param name="pairs">Clean and enhanced samples of every pair.</param>
    /// <param name="sampleRate">8000 or 16000 Hz.</param>
    /// <param name="mode">Narrow-band or wide-band.</param>
    /// <param name="workers">At most this many threads, at least 1.</param>
    /// <param name="cancellation">Stops the scoring between two pairs.</param>
    /// <exception cref="OperationCanceledException">Cancelled; no result is handed out.</exception>
    public static BatchScore Score(
        IReadOnlyList<(ReadOnlyMemory<float> Clean, ReadOnlyMemory<float> Enhanced)> pairs,
        int sampleRate,
        PesqMode mode,
        int workers,
        CancellationToken cancellation = default
    ) => Score(pairs, (clean, enhanced) => Pesq.Score(clean.Span, enhanced.Span, sampleRate, mode), workers, cancellation);

    internal static BatchScore Score(
        IReadOnlyList<(ReadOnlyMemory<float> Clean, ReadOnlyMemory<float> Enhanced)> pairs,
        Func<ReadOnlyMemory<float>, ReadOnlyMemory<float>, MetricResult> score,
        int workers,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        cancellation.ThrowIfCancellationRequested();
        var results = new MetricResult[pairs.Count];
        if (workers == 1 || pairs.Count <= 1)
        {
            for (int i = 0; i < results.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                results[i] = One(pairs[i].Clean, pairs[i].Enhanced, score);
            }
        }
        else
        {
            // Every pair has a place of its own, so order and thread count cannot show in the results.
            var options = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation };
            Parallel.For(0, results.Length, options, i => results[i] = One(pairs[i].Clean, pairs[i].Enhanced, score));
        }

        cancellation.ThrowIfCancellationRequested();
        return new BatchScore(ImmutableCollectionsMarshal.AsImmutableArray(results));
    }

    private static MetricResult One(
        ReadOnlyMemory<float> clean,
        ReadOnlyMemory<float> enhanced,
        Func<ReadOnlyMemory<float>, ReadOnlyMemory<float>, MetricResult> score
    )
    {
        if (clean.Length != enhanced.Length)
            return MetricResult.None(
                UnscorableReason.LengthMismatch,
                $"PESQ has no value: the clean signal has {clean.Length} samples, the enhanced one {enhanced.Length}; in a batch they "
                    + $"must agree."
            );

        // Whatever fails here fails for one pair; a training run of days must not end for it. It is counted and told.
#pragma warning disable CA1031
        try
        {
            return score(clean, enhanced);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return MetricResult.None(
                UnscorableReason.ScoringFailed,
                $"PESQ failed with {fault.GetType().Name}: {fault.Message} Please report this as a defect."
            );
        }
#pragma warning restore CA1031
    }
}
