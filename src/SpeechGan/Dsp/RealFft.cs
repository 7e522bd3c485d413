using System.Collections.Concurrent;
using System.Numerics;

namespace SpeechGan.Dsp;

/// <summary>
/// Fourier transform of a real signal of a power-of-two length N >= 4, by one complex transform of N/2 points: even samples are its real
/// part, odd samples its imaginary part. Spectra have N/2 + 1 bins. Immutable; shared by any number of threads.
/// </summary>
public sealed class RealFft
{
    private static readonly ConcurrentDictionary<int, Lazy<RealFft>> Plans = new();

    private readonly Fft _half;
    private readonly double[] _cos;
    private readonly double[] _sin;

    private RealFft(int size)
    {
        Size = size;
        _half = Fft.For(size / 2);
        _cos = new double[size / 4 + 1];
        _sin = new double[size / 4 + 1];
        for (int k = 0; k <= size / 4; k++) (_sin[k], _cos[k]) = PortableMath.SinCosOfTurn(k, size);
    }

    /// <summary>Number of real samples.</summary>
    public int Size { get; }

    /// <summary>Number of spectral bins, N/2 + 1.</summary>
    public int Bins => Size / 2 + 1;

    /// <summary>Number of doubles of workspace that a call needs.</summary>
    public int WorkspaceLength => Size;

    /// <summary>The plan for <paramref name="size"/> samples, built once and then shared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not a power of two of at least 4.</exception>
    public static RealFft For(int size)
    {
        if (size < 4 || !BitOperations.IsPow2(size))
            throw new ArgumentOutOfRangeException(nameof(size), size, $"A real FFT needs a power of two of at least 4 samples, not {size}.");
        return Plans.GetOrAdd(size, n => new Lazy<RealFft>(() => new RealFft(n))).Value;
    }

    /// <summary>Spectrum of <paramref name="signal"/> (zeros follow where it is shorter than <see cref="Size"/>).</summary>
    public void Forward(ReadOnlySpan<double> signal, Span<double> real, Span<double> imaginary, Span<double> workspace)
    {
        int half = Size / 2;
        if (signal.Length > Size) throw new ArgumentException($"{signal.Length} samples do not fit in {Size}.", nameof(signal));
        if (real.Length < Bins || imaginary.Length < Bins)
            throw new ArgumentException($"The spectrum has {Bins} bins; the arrays hold {real.Length} and {imaginary.Length}.");
        int pairs = signal.Length / 2;
        for (int n = 0; n < pairs; n++)
        {
            real[n] = signal[2 * n];
            imaginary[n] = signal[2 * n + 1];
        }

        real[pairs..half].Clear();
        imaginary[pairs..half].Clear();
        if ((signal.Length & 1) != 0) real[pairs] = signal[^1];
        ForwardPacked(real, imaginary, workspace);
    }

    /// <summary>
    /// As <see cref="Forward"/>, where the caller has already put even samples into <paramref name="real"/> and odd ones into
    /// <paramref name="imaginary"/> (N/2 each; one more place each for the result).
    /// </summary>
    public void ForwardPacked(Span<double> real, Span<double> imaginary, Span<double> workspace)
    {
        int half = Size / 2;
        _half.Forward(real, imaginary, workspace);
        double r0 = real[0], i0 = imaginary[0];
        real[0] = r0 + i0;
        imaginary[0] = 0;
        real[half] = r0 - i0;
        imaginary[half] = 0;
        Span<double> re = real[..half], im = imaginary[..half];
        for (int k = 1, j = half - 1; k <= j; k++, j--)
        {
            double ar = 0.5 * (re[k] + re[j]), ai = 0.5 * (im[k] - im[j]);
            double br = 0.5 * (im[k] + im[j]), bi = 0.5 * (re[j] - re[k]);
            double c = _cos[k], s = _sin[k];
            double tr = br * c + bi * s, ti = bi * c - br * s;
            re[k] = ar + tr;
            im[k] = ai + ti;
            re[j] = ar - tr;
            im[j] = ti - ai;
        }
    }

    /// <summary>The signal of a spectrum, factor 1/N included. The spectrum is overwritten.</summary>
    public void Inverse(Span<double> real, Span<double> imaginary, Span<double> signal, Span<double> workspace)
    {
        if (signal.Length > Size) throw new ArgumentException($"{signal.Length} samples were asked of {Size}.", nameof(signal));
        InversePackedUnscaled(real, imaginary, workspace);
        double scale = 2.0 / Size;
        int pairs = signal.Length / 2;
        for (int n = 0; n < pairs; n++)
        {
            signal[2 * n] = real[n] * scale;
            signal[2 * n + 1] = imaginary[n] * scale;
        }

        if ((signal.Length & 1) != 0) signal[^1] = real[pairs] * scale;
    }

    /// <summary>
    /// N/2 times the signal of a spectrum, in place: even samples in <paramref name="real"/>, odd ones in <paramref name="imaginary"/>.
    /// </summary>
    public void InversePackedUnscaled(Span<double> real, Span<double> imaginary, Span<double> workspace)
    {
        int half = Size / 2;
        if (real.Length < Bins || imaginary.Length < Bins)
            throw new ArgumentException($"The spectrum has {Bins} bins; the arrays hold {real.Length} and {imaginary.Length}.");
        double r0 = real[0], rh = real[half];
        real[0] = 0.5 * (r0 + rh);
        imaginary[0] = 0.5 * (r0 - rh);
        Span<double> re = real[..half], im = imaginary[..half];
        for (int k = 1, j = half - 1; k <= j; k++, j--)
        {
            double ar = 0.5 * (re[k] + re[j]), ai = 0.5 * (im[k] - im[j]);
            double tr = 0.5 * (re[k] - re[j]), ti = 0.5 * (im[k] + im[j]);
            double c = _cos[k], s = _sin[k];
            double br = tr * c - ti * s, bi = ti * c + tr * s;
            re[k] = ar - bi;
            im[k] = ai + br;
            re[j] = ar + bi;
            im[j] = br - ai;
        }

        _half.InverseUnscaled(real, imaginary, workspace);
    }
}
