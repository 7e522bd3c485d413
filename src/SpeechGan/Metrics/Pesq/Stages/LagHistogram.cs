using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// Weighted histogram of circular lags, smoothed with a triangle (section 9.2 of docs/pesq-algorithm.md). Every weight is spread over its
/// neighbours as it comes, in an array that is longer than the circle by half a triangle at each end.
/// </summary>
internal sealed class LagHistogram
{
    private readonly int size,
        reach;
    private readonly double[] triangle;
    private readonly double[] smoothed;
    private double sum;

    internal LagHistogram(int size)
    {
        this.size = size;
        reach = size / 64;
        triangle = new double[2 * reach];
        for (int j = 1 - reach; j < reach; j++)
            triangle[j + reach] = 1.0 - Math.Abs(j) / (double)reach;
        smoothed = new double[size + 2 * reach];
    }

    internal void Clear()
    {
        smoothed.AsSpan().Clear();
        sum = 0;
    }

    /// <summary>Adds a weight at a lag, 0 to size - 1.</summary>
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    internal void Add(int lag, double weight)
    {
        sum += weight;
        Span<double> target = smoothed.AsSpan(lag, 2 * reach);
        ref double to = ref MemoryMarshal.GetReference(target);
        ref double from = ref MemoryMarshal.GetArrayDataReference(triangle);
        Vector256<double> w = Vector256.Create(weight);
        for (int j = 0; j < target.Length; j += 4)
            (Vector256.LoadUnsafe(ref to, (nuint)j) + w * Vector256.LoadUnsafe(ref from, (nuint)j)).StoreUnsafe(ref to, (nuint)j);
    }

    /// <summary>The lag with the largest smoothed value (the first of equals; half a circle or more is negative) over the sum of
    /// all.</summary>
    internal FineLag Peak()
    {
        if (!(sum > 0))
            return new FineLag(0, 0);
        for (int j = 0; j < reach; j++)
        {
            smoothed[size + j] += smoothed[j];
            smoothed[reach + j] += smoothed[size + reach + j];
        }

        int best = IndexOfLargest(smoothed.AsSpan(reach, size));
        return new FineLag(best >= size / 2 ? best - size : best, smoothed[reach + best] / sum);
    }

    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static int IndexOfLargest(ReadOnlySpan<double> values)
    {
        ref double first = ref MemoryMarshal.GetReference(values);
        Vector256<double> largest = Vector256<double>.Zero;
        for (int n = 0; n < values.Length; n += 4)
        {
            Vector256<double> v = Vector256.LoadUnsafe(ref first, (nuint)n);
            largest = Vector256.ConditionalSelect(Vector256.GreaterThan(v, largest), v, largest);
        }

        return values.IndexOf(Math.Max(Math.Max(largest[0], largest[1]), Math.Max(largest[2], largest[3])));
    }
}
