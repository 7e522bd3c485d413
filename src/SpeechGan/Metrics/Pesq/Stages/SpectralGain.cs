using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// Multiplies a signal's spectrum by a gain curve (section 4 of docs/pesq-algorithm.md, `shape`): one transform over the whole signal and
/// its tail, zero phase, circular over the transform's length.
/// </summary>
internal static class SpectralGain
{
    /// <summary>Sum of squares of the samples of <paramref name="block"/> under <paramref name="curve"/>.</summary>
    internal static double Energy(ReadOnlySpan<float> block, GainCurve curve, int sampleRate, FftTally tally)
    {
        using var shaped = new Shaped(block, curve, sampleRate, tally);
        return shaped.Energy();
    }

    /// <summary>Replaces the samples of <paramref name="block"/> by those under <paramref name="curve"/>, rounded to single
    /// precision.</summary>
    internal static void Apply(Span<float> block, GainCurve curve, int sampleRate, FftTally tally)
    {
        using var shaped = new Shaped(block, curve, sampleRate, tally);
        shaped.CopyTo(block);
    }

    // The shaped block: even samples in one array, odd ones in the other, times half the transform's length. The arrays are large and
    // short-lived, so they come from the pool; every element that is read has been written.
    private readonly ref struct Shaped
    {
        private readonly double[] even,
            odd;
        private readonly int length;
        private readonly double scale;

        internal Shaped(ReadOnlySpan<float> block, GainCurve curve, int sampleRate, FftTally tally)
        {
            int size = (int)BitOperations.RoundUpToPowerOf2((uint)block.Length);
            RealFft fft = RealFft.For(size);
            tally.Add(size, 2);
            length = block.Length;
            scale = 2.0 / size;
            even = ArrayPool<double>.Shared.Rent(fft.Bins);
            odd = ArrayPool<double>.Shared.Rent(fft.Bins);
            double[] work = ArrayPool<double>.Shared.Rent(fft.WorkspaceLength);
            Split(block, even.AsSpan(0, size / 2), odd.AsSpan(0, size / 2));
            fft.ForwardPacked(even, odd, work);
            Multiply(even.AsSpan(0, fft.Bins), odd.AsSpan(0, fft.Bins), curve, (double)sampleRate / size);
            fft.InversePackedUnscaled(even, odd, work);
            ArrayPool<double>.Shared.Return(work);
        }

        [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
        internal double Energy()
        {
            double evenSum = 0,
                oddSum = 0;
            for (int n = 0; n < length / 2; n++)
            {
                evenSum += even[n] * even[n];
                oddSum += odd[n] * odd[n];
            }

            if ((length & 1) != 0)
                evenSum += even[length / 2] * even[length / 2];
            return (evenSum + oddSum) * (scale * scale);
        }

        [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
        internal void CopyTo(Span<float> block)
        {
            for (int n = 0; n < length; n++)
                block[n] = (float)(((n & 1) == 0 ? even : odd)[n >> 1] * scale);
        }

        public void Dispose()
        {
            ArrayPool<double>.Shared.Return(even);
            ArrayPool<double>.Shared.Return(odd);
        }

        [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
        private static void Split(ReadOnlySpan<float> block, Span<double> even, Span<double> odd)
        {
            int pairs = block.Length / 2;
            for (int n = 0; n < pairs; n++)
            {
                even[n] = block[2 * n];
                odd[n] = block[2 * n + 1];
            }

            even[pairs..].Clear();
            odd[pairs..].Clear();
            if ((block.Length & 1) != 0)
                even[pairs] = block[^1];
        }

        // Relative to the curve's gain at 1 kHz.
        [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
        private static void Multiply(Span<double> real, Span<double> imaginary, GainCurve curve, double hertzPerBin)
        {
            double atKilohertz = curve.At(1000.0),
                last = double.NaN,
                factor = 0;
            int segment = 0;
            for (int b = 0; b < real.Length; b++)
            {
                double decibel = curve.At(b * hertzPerBin, ref segment) - atKilohertz;
                if (decibel != last)
                {
                    factor = decibel == 0.0 ? 1.0 : PortableMath.Exp(decibel * 0.11512925464970229); // ln(10)/20
                    last = decibel;
                }

                real[b] *= factor;
                imaginary[b] *= factor;
            }
        }
    }
}
