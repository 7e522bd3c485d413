using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SpeechGan.Data;

/// <summary>
/// Products of filter taps and samples for four outputs at once. Each is summed in four sums, every fourth product in the same one, and a
/// product is rounded before it is added: the bits are those of plain arithmetic in that order, whatever vectors a machine has. One output
/// alone would wait for each addition.
/// </summary>
internal static class PolyphaseDot
{
    /// <summary>Outputs that are computed together.</summary>
    public const int Outputs = 4;

    private const int Sums = 4;

    /// <summary>Computes four outputs.</summary>
    /// <param name="table">Taps of all phases.</param>
    /// <param name="window">Samples.</param>
    /// <param name="places">For each output, where its taps begin in the table and its samples in the window.</param>
    /// <param name="length">Taps of an output.</param>
    /// <param name="output">Is filled.</param>
    public static void Of(
        ReadOnlySpan<double> table,
        ReadOnlySpan<float> window,
        ReadOnlySpan<(int Taps, int Samples)> places,
        int length,
        Span<float> output
    )
    {
        ReadOnlySpan<double> t0 = table.Slice(places[0].Taps, length),
            t1 = table.Slice(places[1].Taps, length),
            t2 = table.Slice(places[2].Taps, length),
            t3 = table.Slice(places[3].Taps, length);
        ReadOnlySpan<float> s0 = window.Slice(places[0].Samples, length),
            s1 = window.Slice(places[1].Samples, length),
            s2 = window.Slice(places[2].Samples, length),
            s3 = window.Slice(places[3].Samples, length);
        Vector256<double> a = default,
            b = default,
            c = default,
            d = default;
        int i = 0;
        for (; i + Sums <= length; i += Sums)
        {
            a += Products(t0, s0, i);
            b += Products(t1, s1, i);
            c += Products(t2, s2, i);
            d += Products(t3, s3, i);
        }
        output[0] = Sum(a, t0[i..], s0[i..]);
        output[1] = Sum(b, t1[i..], s1[i..]);
        output[2] = Sum(c, t2[i..], s2[i..]);
        output[3] = Sum(d, t3[i..], s3[i..]);
    }

    // The callers have cut both to the length that is gone through.
    private static Vector256<double> Products(ReadOnlySpan<double> taps, ReadOnlySpan<float> samples, int at)
    {
        var four = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(samples), (nuint)at);
        var (lower, upper) = Vector128.Widen(four);
        return Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(taps), (nuint)at) * Vector256.Create(lower, upper);
    }

    private static float Sum(Vector256<double> sums, ReadOnlySpan<double> taps, ReadOnlySpan<float> samples)
    {
        double first = sums[0];
        for (int i = 0; i < taps.Length; i++)
            first += taps[i] * samples[i];
        return (float)((first + sums[1]) + (sums[2] + sums[3]));
    }
}
