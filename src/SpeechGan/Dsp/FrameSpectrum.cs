using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SpeechGan.Dsp;

/// <summary>Spectrum of a frame of single-precision samples under a periodic Hann window. Holds workspace: one for each thread.</summary>
public sealed class FrameSpectrum
{
    private readonly RealFft fft;
    private readonly double[] evenWindow,
        oddWindow,
        workspace;

    /// <summary>For frames of <paramref name="size"/> samples, a power of two of at least 8.</summary>
    public FrameSpectrum(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 8);
        fft = RealFft.For(size);
        double[] window = HannWindow.Periodic(size);
        evenWindow = new double[size / 2];
        oddWindow = new double[size / 2];
        for (int n = 0; n < size / 2; n++)
            (evenWindow[n], oddWindow[n]) = (window[2 * n], window[2 * n + 1]);
        workspace = new double[fft.WorkspaceLength];
    }

    /// <summary>Number of samples of a frame.</summary>
    public int Size => fft.Size;

    /// <summary>Number of bins, size/2 + 1.</summary>
    public int Bins => fft.Bins;

    /// <summary>Real and imaginary part of the windowed frame's spectrum.</summary>
    public void Measure(ReadOnlySpan<float> frame, Span<double> real, Span<double> imaginary)
    {
        if (frame.Length != Size)
            throw new ArgumentException($"A frame has {Size} samples, not {frame.Length}.", nameof(frame));
        if (real.Length < Bins || imaginary.Length < Bins)
            throw new ArgumentException($"The spectrum has {Bins} bins; the arrays hold {real.Length} and {imaginary.Length}.");
        Window(frame, real, imaginary);
        fft.ForwardPacked(real, imaginary, workspace);
    }

    // Even samples under their window to the real part, odd ones to the imaginary part.
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private void Window(ReadOnlySpan<float> frame, Span<double> real, Span<double> imaginary)
    {
        ref float x = ref MemoryMarshal.GetReference(frame);
        ref double re = ref MemoryMarshal.GetReference(real);
        ref double im = ref MemoryMarshal.GetReference(imaginary);
        ref double even = ref MemoryMarshal.GetArrayDataReference(evenWindow);
        ref double odd = ref MemoryMarshal.GetArrayDataReference(oddWindow);
        Vector256<int> split = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
        for (int n = 0; n < frame.Length / 2; n += 4)
        {
            Vector256<float> samples = Vector256.Shuffle(Vector256.LoadUnsafe(ref x, (nuint)(2 * n)), split);
            (Vector256<double> e, Vector256<double> o) = Vector256.Widen(samples);
            (e * Vector256.LoadUnsafe(ref even, (nuint)n)).StoreUnsafe(ref re, (nuint)n);
            (o * Vector256.LoadUnsafe(ref odd, (nuint)n)).StoreUnsafe(ref im, (nuint)n);
        }
    }
}
