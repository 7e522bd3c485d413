using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics;

/// <summary>
/// Log-likelihood ratio between the linear-prediction spectra of two signals: 0 for identical signals, larger is worse. Frames are not
/// limited. Source: section 11.1.2 of P. Loizou, "Speech Enhancement: Theory and Practice", 2013; conventions: docs/metrics.md.
/// </summary>
public static class LogLikelihoodRatio
{
    private const int Lags = 20; // five vectors of four; at most 17 are used

    /// <summary>LLR of <paramref name="enhanced"/> against <paramref name="clean"/>; independent of the samples' scale.</summary>
    /// <returns>A ratio (natural logarithm), or the reason why there is none.</returns>
    public static MetricResult Score(ReadOnlySpan<double> clean, ReadOnlySpan<double> enhanced, int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 200);
        if (MetricInput.Fault("LLR", clean, enhanced) is { } fault)
            return fault;
        double[] x = MetricInput.Cut(clean, enhanced),
            y = MetricInput.Cut(enhanced, clean);
        MetricFrames frames = MetricFrames.Of(x.Length, sampleRate);
        if (frames.Count < 1)
            return MetricResult.None(
                UnscorableReason.BufferTooShort,
                $"LLR has no value: {x.Length} samples were found, at least {frames.Length + frames.Hop} are needed."
            );

        int order = sampleRate < 10000 ? 10 : 16;
        double[] window = HannWindow.WithoutEndPoints(frames.Length),
            ratios = new double[frames.Count];
        for (int f = 0; f < frames.Count; f++)
        {
            double[] rx = Autocorrelation(x.AsSpan(f * frames.Hop, frames.Length), window, order);
            double[] ry = Autocorrelation(y.AsSpan(f * frames.Hop, frames.Length), window, order);
            ratios[f] = PortableMath.Log(Energy(PredictionError(ry), rx) / Energy(PredictionError(rx), rx));
        }

        double mean = MetricFrames.MeanOfLowest95Percent(ratios);
        return double.IsFinite(mean)
            ? MetricResult.Of(mean)
            : MetricResult.None(UnscorableReason.Undefined, "LLR has no value: too many frames of a signal are silent.");
    }

    // All lags at once, four a vector: each lag's products are still summed in the order of the samples. Behind the frame stand zeros.
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static double[] Autocorrelation(ReadOnlySpan<double> frame, double[] window, int order)
    {
        double[] windowed = new double[frame.Length + Lags],
            r = new double[Lags];
        for (int i = 0; i < frame.Length; i++)
            windowed[i] = frame[i] * window[i];
        ref double x = ref MemoryMarshal.GetArrayDataReference(windowed);
        Vector256<double> a = default,
            b = default,
            c = default,
            d = default,
            e = default;
        for (int i = 0; i < frame.Length; i++)
        {
            Vector256<double> sample = Vector256.Create(windowed[i]);
            nuint at = (nuint)i;
            a += sample * Vector256.LoadUnsafe(ref x, at);
            b += sample * Vector256.LoadUnsafe(ref x, at + 4);
            c += sample * Vector256.LoadUnsafe(ref x, at + 8);
            d += sample * Vector256.LoadUnsafe(ref x, at + 12);
            e += sample * Vector256.LoadUnsafe(ref x, at + 16);
        }

        a.CopyTo(r, 0);
        b.CopyTo(r, 4);
        c.CopyTo(r, 8);
        d.CopyTo(r, 12);
        e.CopyTo(r, 16);
        return r[..(order + 1)];
    }

    // Levinson and Durbin's recursion, without regularisation: 1, -alpha_1 .. -alpha_p. A silent frame gives NaN.
    private static double[] PredictionError(double[] r)
    {
        double[] a = new double[r.Length],
            last = new double[r.Length];
        a[0] = 1;
        double error = r[0];
        for (int i = 1; i < r.Length; i++)
        {
            double sum = r[i];
            for (int j = 1; j < i; j++)
                sum += a[j] * r[i - j];
            double reflection = -sum / error;
            a.CopyTo(last, 0);
            for (int j = 1; j < i; j++)
                a[j] = last[j] + reflection * last[i - j];
            a[i] = reflection;
            error *= 1 - reflection * reflection;
        }

        return a;
    }

    // a' T a with the symmetric Toeplitz matrix T of r.
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static double Energy(double[] a, double[] r)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double row = 0;
            for (int j = 0; j < a.Length; j++)
                row += r[Math.Abs(i - j)] * a[j];
            sum += a[i] * row;
        }

        return sum;
    }
}
