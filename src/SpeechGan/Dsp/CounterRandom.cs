using System.Text;

namespace SpeechGan.Dsp;

/// <summary>
/// Random numbers from counters: every number is a pure function of (seed, stream, epoch, index, draw), so that resuming, workers and ranks
/// cannot change it and no generator is shared. The hash chains the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators", OOPSLA 2014) over the five words.
/// </summary>
public static class CounterRandom
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>The id of a named stream: FNV-1a of the name's UTF-8 bytes, finalised. The same on every machine and in every
    /// version.</summary>
    public static ulong Stream(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ b) * 0x100000001B3;
        return Mix(hash);
    }

    /// <summary>64 random bits.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">What the number is for, from <see cref="Stream"/>: streams are independent of each other.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="index">The item in the epoch.</param>
    /// <param name="draw">Which number for that item, where it needs several.</param>
    public static ulong Bits(long seed, ulong stream, long epoch, long index, int draw = 0)
    {
        ulong hash = Mix((ulong)seed + GoldenGamma);
        hash = Mix((hash ^ stream) + GoldenGamma);
        hash = Mix((hash ^ (ulong)epoch) + GoldenGamma);
        hash = Mix((hash ^ (ulong)index) + GoldenGamma);
        return Mix((hash ^ (uint)draw) + GoldenGamma);
    }

    /// <summary>A double in [0, 1): the upper 53 bits of <see cref="Bits"/>.</summary>
    public static double Double(long seed, ulong stream, long epoch, long index, int draw = 0) =>
        (Bits(seed, stream, epoch, index, draw) >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// An integer in [0, bound), each equally likely: multiply-and-shift with rejection, without modulo bias (Lemire, "Fast random integer
    /// generation in an interval", ACM TOMACS 29(1), 2019).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public static int Below(int bound, long seed, ulong stream, long epoch, long index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        ulong range = (ulong)bound;
        ulong threshold = (0UL - range) % range; // the 2^64 mod bound products that would favour some values
        for (int draw = 0; ; draw++)
        {
            ulong high = Math.BigMul(Bits(seed, stream, epoch, index, draw), range, out ulong low);
            if (low >= threshold)
                return (int)high;
        }
    }

    /// <summary>A permutation of 0 .. count-1, all equally likely (Fisher-Yates, driven by counters).</summary>
    public static int[] Permutation(int count, long seed, ulong stream, long epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = Below(i + 1, seed, stream, epoch, i);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
