using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SpeechGan.Dsp;

/// <summary>
/// Fourier transform of a real signal of a power-of-two length N >= 4, by one complex transform of N/2 points: even samples are its real
/// part, odd samples its imaginary part. Spectra have N/2 + 1 bins. Immutable; shared by any number of threads.
/// </summary>
public sealed class RealFft
{
    private static readonly PlanCache<RealFft> Plans = new(size => new RealFft(size));

    private readonly Fft half;
    private readonly double[] cos;
    private readonly double[] sin;

    private RealFft(int size)
    {
        Size = size;
        half = Fft.For(size / 2);
        cos = new double[size / 4 + 1];
        sin = new double[size / 4 + 1];
        for (int k = 0; k <= size / 4; k++)
            (sin[k], cos[k]) = PortableMath.SinCosOfTurn(k, size);
    }

    /// <summary>Number of real samples.</summary>
    public int Size { get; }

    /// <summary>Number of spectral bins, N/2 + 1.</summary>
    public int Bins => Size / 2 + 1;

    /// <summary>Number of doubles of workspace that a call needs.</summary>
    public int WorkspaceLength => Size;

    /// <summary>The plan for <paramref name="size"/> samples, shared; built once, long ones whenever none is cached.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not a power of two of at least 4.</exception>
    public static RealFft For(int size)
    {
        if (size < 4 || !BitOperations.IsPow2(size))
            throw new ArgumentOutOfRangeException(
                nameof(size),
                size,
                $"A real FFT needs a power of two of at least 4 samples, not {size}."
            );
        return Plans.Of(size);
    }

    /// <summary>Spectrum of <paramref name="signal"/> (zeros follow where it is shorter than <see cref="Size"/>).</summary>
    public void Forward(ReadOnlySpan<double> signal, Span<double> real, Span<double> imaginary, Span<double> workspace)
    {
        int half = Size / 2;
        if (signal.Length > Size)
            throw new ArgumentException($"{signal.Length} samples do not fit in {Size}.", nameof(signal));
        if (real.Length < Bins || imaginary.Length < Bins)
            throw new ArgumentException($"The spectrum has {Bins} bins; the arrays hold {real.Length} and {imaginary.Length}.");
        int pairs = signal.Length / 2;
        Split(signal, real, imaginary);

        real[pairs..half].Clear();
        imaginary[pairs..half].Clear();
        if ((signal.Length & 1) != 0)
            real[pairs] = signal[^1];
        ForwardPacked(real, imaginary, workspace);
    }

    /// <summary>
    /// As <see cref="Forward"/>, where the caller has already put even samples into <paramref name="real"/> and odd ones into
    /// <paramref name="imaginary"/> (N/2 each; one more place each for the result).
    /// </summary>
    public void ForwardPacked(Span<double> real, Span<double> imaginary, Span<double> workspace)
    {
        int half = Size / 2;
        this.half.Forward(real, imaginary, workspace);
        double r0 = real[0],
            i0 = imaginary[0];
        real[0] = r0 + i0;
        imaginary[0] = 0;
        real[half] = r0 - i0;
        imaginary[half] = 0;
        Unpack(real[..half], imaginary[..half]);
    }

    /// <summary>The signal of a spectrum, factor 1/N included. The spectrum is overwritten.</summary>
    public void Inverse(Span<double> real, Span<double> imaginary, Span<double> signal, Span<double> workspace)
    {
        if (signal.Length > Size)
            throw new ArgumentException($"{signal.Length} samples were asked of {Size}.", nameof(signal));
        InversePackedUnscaled(real, imaginary, workspace);
        double scale = 2.0 / Size;
        int pairs = signal.Length / 2;
        for (int n = 0; n < pairs; n++)
        {
            signal[2 * n] = real[n] * scale;
            signal[2 * n + 1] = imaginary[n] * scale;
        }

        if ((signal.Length & 1) != 0)
            signal[^1] = real[pairs] * scale;
    }

    /// <summary>
    /// N/2 times the signal of a spectrum, in place: even samples in <paramref name="real"/>, odd ones in <paramref name="imaginary"/>.
    /// </summary>
    public void InversePackedUnscaled(Span<double> real, Span<double> imaginary, Span<double> workspace)
    {
        int half = Size / 2;
        if (real.Length < Bins || imaginary.Length < Bins)
            throw new ArgumentException($"The spectrum has {Bins} bins; the arrays hold {real.Length} and {imaginary.Length}.");
        double r0 = real[0],
            rh = real[half];
        real[0] = 0.5 * (r0 + rh);
        imaginary[0] = 0.5 * (r0 - rh);
        Pack(real[..half], imaginary[..half]);
        this.half.InverseUnscaled(real, imaginary, workspace);
    }

    // Z, the transform of even + i odd samples, becomes X: with A and B the transforms of the even and odd samples,
    // X[k] = A + w^k B and X[N/2-k] = conj(A - w^k B). Bin k and its mirror j = N/2 - k are done together, four k at a time.
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private void Unpack(Span<double> real, Span<double> imaginary)
    {
        int half = real.Length,
            k = 1;
        ref double re = ref MemoryMarshal.GetReference(real);
        ref double im = ref MemoryMarshal.GetReference(imaginary);
        ref double cos = ref MemoryMarshal.GetArrayDataReference(this.cos);
        ref double sin = ref MemoryMarshal.GetArrayDataReference(this.sin);
        Vector256<double> oneHalf = Vector256.Create(0.5);
        for (; k + 3 < half - k - 3; k += 4)
        {
            nuint low = (nuint)k,
                high = (nuint)(half - k - 3);
            Vector256<double> rk = Vector256.LoadUnsafe(ref re, low),
                ik = Vector256.LoadUnsafe(ref im, low);
            Vector256<double> rj = Reverse(Vector256.LoadUnsafe(ref re, high)),
                ij = Reverse(Vector256.LoadUnsafe(ref im, high));
            Vector256<double> c = Vector256.LoadUnsafe(ref cos, low),
                s = Vector256.LoadUnsafe(ref sin, low);
            Vector256<double> ar = oneHalf * (rk + rj),
                ai = oneHalf * (ik - ij),
                br = oneHalf * (ik + ij),
                bi = oneHalf * (rj - rk);
            Vector256<double> tr = br * c + bi * s,
                ti = bi * c - br * s;
            (ar + tr).StoreUnsafe(ref re, low);
            (ai + ti).StoreUnsafe(ref im, low);
            Reverse(ar - tr).StoreUnsafe(ref re, high);
            Reverse(ti - ai).StoreUnsafe(ref im, high);
        }

        for (int j = half - k; k <= j; k++, j--)
        {
            double ar = 0.5 * (real[k] + real[j]),
                ai = 0.5 * (imaginary[k] - imaginary[j]);
            double br = 0.5 * (imaginary[k] + imaginary[j]),
                bi = 0.5 * (real[j] - real[k]);
            double tr = br * this.cos[k] + bi * this.sin[k],
                ti = bi * this.cos[k] - br * this.sin[k];
            real[k] = ar + tr;
            imaginary[k] = ai + ti;
            real[j] = ar - tr;
            imaginary[j] = ti - ai;
        }
    }

    // The way back: Z[k] = A + i B, Z[N/2-k] = conj(A) + i conj(B).
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private void Pack(Span<double> real, Span<double> imaginary)
    {
        int half = real.Length,
            k = 1;
        ref double re = ref MemoryMarshal.GetReference(real);
        ref double im = ref MemoryMarshal.GetReference(imaginary);
        ref double cos = ref MemoryMarshal.GetArrayDataReference(this.cos);
        ref double sin = ref MemoryMarshal.GetArrayDataReference(this.sin);
        Vector256<double> oneHalf = Vector256.Create(0.5);
        for (; k + 3 < half - k - 3; k += 4)
        {
            nuint low = (nuint)k,
                high = (nuint)(half - k - 3);
            Vector256<double> rk = Vector256.LoadUnsafe(ref re, low),
                ik = Vector256.LoadUnsafe(ref im, low);
            Vector256<double> rj = Reverse(Vector256.LoadUnsafe(ref re, high)),
                ij = Reverse(Vector256.LoadUnsafe(ref im, high));
            Vector256<double> c = Vector256.LoadUnsafe(ref cos, low),
                s = Vector256.LoadUnsafe(ref sin, low);
            Vector256<double> ar = oneHalf * (rk + rj),
                ai = oneHalf * (ik - ij),
                tr = oneHalf * (rk - rj),
                ti = oneHalf * (ik + ij);
            Vector256<double> br = tr * c - ti * s,
                bi = ti * c + tr * s;
            (ar - bi).StoreUnsafe(ref re, low);
            (ai + br).StoreUnsafe(ref im, low);
            Reverse(ar + bi).StoreUnsafe(ref re, high);
            Reverse(br - ai).StoreUnsafe(ref im, high);
        }

        for (int j = half - k; k <= j; k++, j--)
        {
            double ar = 0.5 * (real[k] + real[j]),
                ai = 0.5 * (imaginary[k] - imaginary[j]);
            double tr = 0.5 * (real[k] - real[j]),
                ti = 0.5 * (imaginary[k] + imaginary[j]);
            double br = tr * this.cos[k] - ti * this.sin[k],
                bi = ti * this.cos[k] + tr * this.sin[k];
            real[k] = ar - bi;
            imaginary[k] = ai + br;
            real[j] = ar + bi;
            imaginary[j] = br - ai;
        }
    }

    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static void Split(ReadOnlySpan<double> signal, Span<double> even, Span<double> odd)
    {
        for (int n = 0; n < signal.Length / 2; n++)
        {
            even[n] = signal[2 * n];
            odd[n] = signal[2 * n + 1];
        }
    }

    private static Vector256<double> Reverse(Vector256<double> v) => Vector256.Shuffle(v, Vector256.Create(3L, 2L, 1L, 0L));
}
