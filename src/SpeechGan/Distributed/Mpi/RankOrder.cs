using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SpeechGan.Distributed.Mpi;

/// <summary>
/// Sums of what the ranks gave, one after another from rank 0 on: ((r0 + r1) + r2) + ... for every number. So the bits depend on the number
/// of ranks alone, not on the MPI, the network, where the ranks run, or how numbers are put together into messages.
/// </summary>
internal static unsafe class RankOrder
{
    /// <summary>Adds up.</summary>
    /// <param name="parts">`[ranks, length]`, of the number type.</param>
    /// <param name="ranks">Ranks.</param>
    /// <param name="length">Numbers of each.</param>
    /// <param name="type">Float32 or float64.</param>
    /// <param name="sum">`[length]`.</param>
    public static void Sum(byte* parts, int ranks, long length, ScalarType type, byte* sum)
    {
        if (type == ScalarType.Float32)
            Sum((float*)parts, ranks, checked((int)length), (float*)sum);
        else
            Sum((double*)parts, ranks, checked((int)length), (double*)sum);
    }

    private static void Sum<T>(T* parts, int ranks, int length, T* sum)
        where T : unmanaged, INumber<T>
    {
        var total = new Span<T>(sum, length);
        new ReadOnlySpan<T>(parts, length).CopyTo(total);
        for (var rank = 1; rank < ranks; rank++)
            Add(new ReadOnlySpan<T>(parts + ((long)rank * length), length), total);
    }

    // Each number is added by itself: how many at once changes no bit.
    private static void Add<T>(ReadOnlySpan<T> part, Span<T> total)
        where T : unmanaged, INumber<T>
    {
        var wide = MemoryMarshal.Cast<T, Vector<T>>(total);
        var widePart = MemoryMarshal.Cast<T, Vector<T>>(part);
        for (var i = 0; i < wide.Length; i++)
            wide[i] += widePart[i];
        for (var i = wide.Length * Vector<T>.Count; i < total.Length; i++)
            total[i] += part[i];
    }
}
