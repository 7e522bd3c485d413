using System.Numerics;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>How many real transforms of which size one comparison took: its work, counted instead of timed.</summary>
internal sealed class FftTally
{
    private readonly long[] counts = new long[31];

    /// <summary>Sizes in samples and their numbers of transforms, forward and inverse together, short ones first.</summary>
    internal IEnumerable<(int Size, long Count)> Sizes =>
        counts.Select((count, exponent) => (1 << exponent, count)).Where(entry => entry.count > 0);

    /// <summary>Sum of n log2 n over all transforms, n being the points of the complex transform (half the samples) that each one is made
    /// of.</summary>
    internal long Butterflies => Sizes.Sum(entry => entry.Count * (entry.Size / 2) * BitOperations.Log2((uint)entry.Size / 2));

    /// <summary>Counts <paramref name="transforms"/> real transforms of <paramref name="size"/> samples, a power of two.</summary>
    internal void Add(int size, int transforms) => counts[BitOperations.Log2((uint)size)] += transforms;

    /// <summary>Counts what another comparison took.</summary>
    internal void Add(FftTally other)
    {
        for (int i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
    }
}
