using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SpeechGan.Dsp;

/// <summary>
/// Complex discrete Fourier transform of a power-of-two length, X[k] = sum x[n] exp(-2 pi i k n / N), on separate arrays for real
/// and imaginary parts. Stockham's self-sorting form, radix 4 (a radix-2 pass last where log2 N is odd), after C. Van Loan,
/// "Computational Frameworks for the Fast Fourier Transform", 1992, section 1.7. The order of operations is fixed and vectors have four
/// lanes whatever the CPU, so the bits are the same everywhere. A plan is immutable and may be shared by any number of threads.
/// </summary>
public sealed partial class Fft
{
    internal const string WhyNotCounted =
        "Counters in the innermost loops make the tests ten times slower; their numbers are what is tested.";

    private static readonly PlanCache<Fft> Plans = new(size => new Fft(size));

    private readonly double[][] twiddles;

    private Fft(int size)
    {
        Size = size;
        var twiddles = new List<double[]>();
        for (int n = size; n > 4; n /= 4)
            twiddles.Add(StageTwiddles(n));
        this.twiddles = [.. twiddles];
    }

    /// <summary>Number of complex points, a power of two.</summary>
    public int Size { get; }

    /// <summary>Number of doubles of workspace that a call needs: two for every point.</summary>
    public int WorkspaceLength => 2 * Size;

    /// <summary>The plan for <paramref name="size"/> points, shared; built once, long ones whenever none is cached.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not a power of two.</exception>
    public static Fft For(int size)
    {
        if (size < 1 || !BitOperations.IsPow2(size))
            throw new ArgumentOutOfRangeException(nameof(size), size, $"An FFT needs a power of two of points, not {size}.");
        return Plans.Of(size);
    }

    /// <summary>Forward transform in place; <paramref name="workspace"/> holds <see cref="WorkspaceLength"/> doubles, contents
    /// free.</summary>
    public void Forward(Span<double> real, Span<double> imaginary, Span<double> workspace)
    {
        if (real.Length < Size || imaginary.Length < Size)
            throw new ArgumentException($"The transform has {Size} points; the arrays hold {real.Length} and {imaginary.Length}.");
        if (workspace.Length < WorkspaceLength)
            throw new ArgumentException(
                $"The workspace holds {workspace.Length} doubles, {WorkspaceLength} are needed.",
                nameof(workspace)
            );

        ref double userRe = ref MemoryMarshal.GetReference(real);
        ref double userIm = ref MemoryMarshal.GetReference(imaginary);
        ref double workRe = ref MemoryMarshal.GetReference(workspace);
        ref double workIm = ref Unsafe.Add(ref workRe, Size);
        ref double fromRe = ref userRe;
        ref double fromIm = ref userIm;
        ref double toRe = ref workRe;
        ref double toIm = ref workIm;

        int n = Size,
            stride = 1;
        foreach (double[] twiddle in twiddles)
        {
            int quarter = n / 4;
            if (stride > 1)
                Pass(ref fromRe, ref fromIm, ref toRe, ref toIm, quarter, stride, twiddle);
            else if (quarter >= 4)
                FirstPass(ref fromRe, ref fromIm, ref toRe, ref toIm, quarter, twiddle);
            else
                ScalarPass(ref fromRe, ref fromIm, ref toRe, ref toIm, quarter, stride, twiddle);
            n = quarter;
            stride *= 4;
            ref double swap = ref fromRe;
            fromRe = ref toRe;
            toRe = ref swap;
            swap = ref fromIm;
            fromIm = ref toIm;
            toIm = ref swap;
        }

        // The last pass reads and writes the same places, so it can put its result where the caller wants it.
        if (n == 4)
            LastPass4(ref fromRe, ref fromIm, ref userRe, ref userIm, stride);
        else if (n == 2)
            LastPass2(ref fromRe, ref fromIm, ref userRe, ref userIm, stride);
    }

    /// <summary>Inverse transform in place, without the factor 1/N.</summary>
    public void InverseUnscaled(Span<double> real, Span<double> imaginary, Span<double> workspace) => Forward(imaginary, real, workspace);

    // w^p, w^2p, w^3p (real, imaginary) for p = 0..n/4-1, w = exp(-2 pi i / n): six runs of n/4.
    private static double[] StageTwiddles(int n)
    {
        int m = n / 4;
        double[] table = new double[6 * m];
        for (int p = 0; p < m; p++)
        {
            for (int power = 1; power <= 3; power++)
            {
                (double sin, double cos) = PortableMath.SinCosOfTurn((long)power * p, n);
                table[(2 * power - 2) * m + p] = cos;
                table[(2 * power - 1) * m + p] = -sin;
            }
        }

        return table;
    }
}
