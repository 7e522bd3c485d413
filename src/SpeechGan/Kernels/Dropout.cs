using System.Numerics;

namespace SpeechGan.Kernels;

/// <summary>
/// Dropout over a block of elements. Whether element i is kept is a function of i and the key alone, so that no mask is stored, no order
/// matters and the backward pass asks again.
/// </summary>
/// <param name="Key">Of the block; every block of a call has its own.</param>
/// <param name="Threshold">An element is kept where its hash is below.</param>
/// <param name="Scale">1 / P(kept).</param>
/// <param name="IsOn">False: nothing is dropped.</param>
internal readonly record struct Dropout<T>(uint Key, uint Threshold, T Scale, bool IsOn)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double Words = 4294967296.0;

    /// <summary>Nothing is dropped.</summary>
    public static Dropout<T> None => default;

    /// <summary>The dropout of one block of a call.</summary>
    /// <param name="probability">Of dropping an element, 0 to 1.</param>
    /// <param name="seed">The call's.</param>
    /// <param name="block">The block's number within the call.</param>
    public static Dropout<T> Of(double probability, long seed, long block)
    {
        if (probability == 0)
            return None;
        var kept = (1 - probability) * Words;
        var threshold = kept >= uint.MaxValue ? uint.MaxValue : (uint)kept;
        return new(DropoutHash.Key(seed, block), threshold, T.CreateTruncating(Words / Math.Max(1, threshold)), true);
    }
}

/// <summary>The hash behind <see cref="Dropout{T}"/>: a 32-bit finaliser with full avalanche, keys from splitmix64 (Steele et al.,
/// 2014).</summary>
internal static class DropoutHash
{
    public const uint Spread = 0x9E3779B1,
        First = 0x7feb352d,
        Second = 0x846ca68b;

    /// <summary>The key of a block.</summary>
    public static uint Key(long seed, long block)
    {
        var z = unchecked((ulong)seed + (((ulong)block + 1) * 0x9E3779B97F4A7C15));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (uint)((z ^ (z >> 31)) >> 32);
    }

    /// <summary>The hash of an element.</summary>
    public static uint Of(uint index, uint key)
    {
        var x = unchecked(index * Spread) ^ key;
        x ^= x >> 16;
        x = unchecked(x * First);
        x ^= x >> 15;
        x = unchecked(x * Second);
        return x ^ (x >> 16);
    }
}
