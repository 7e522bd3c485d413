using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SpeechGan.Dsp;

/// <summary>The spectrum of a cross-correlation sum x[n] y[n + lag]: conj(X) Y.</summary>
public static class CrossSpectrum
{
    /// <summary>Replaces Y by conj(X) Y.</summary>
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    public static void Multiply(ReadOnlySpan<double> xReal, ReadOnlySpan<double> xImaginary, Span<double> yReal, Span<double> yImaginary)
    {
        int bins = yReal.Length,
            b = 0;
        if (xReal.Length != bins || xImaginary.Length != bins || yImaginary.Length != bins)
            throw new ArgumentException(
                $"Spectra of {xReal.Length}, {xImaginary.Length}, {bins} and {yImaginary.Length} bins cannot be multiplied."
            );
        ref double xr = ref MemoryMarshal.GetReference(xReal),
            xi = ref MemoryMarshal.GetReference(xImaginary);
        ref double yr = ref MemoryMarshal.GetReference(yReal),
            yi = ref MemoryMarshal.GetReference(yImaginary);
        for (; b + 4 <= bins; b += 4)
        {
            nuint at = (nuint)b;
            Vector256<double> ar = Vector256.LoadUnsafe(ref xr, at),
                ai = Vector256.LoadUnsafe(ref xi, at);
            Vector256<double> br = Vector256.LoadUnsafe(ref yr, at),
                bi = Vector256.LoadUnsafe(ref yi, at);
            (ar * br + ai * bi).StoreUnsafe(ref yr, at);
            (ar * bi - ai * br).StoreUnsafe(ref yi, at);
        }

        for (; b < bins; b++)
        {
            double re = xReal[b] * yReal[b] + xImaginary[b] * yImaginary[b],
                im = xReal[b] * yImaginary[b] - xImaginary[b] * yReal[b];
            yReal[b] = re;
            yImaginary[b] = im;
        }
    }
}
