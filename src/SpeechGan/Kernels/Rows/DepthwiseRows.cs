using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Rows;

/// <summary>
/// A depthwise convolution over the positions of one sequence, channels last, zeros outside: lanes are channels, so that a tap is one
/// multiplication a vector. x and gy have taps / 2 rows of zeros before and after them; taps is odd; weight is `[taps, channels]`.
/// </summary>
internal static unsafe class DepthwiseRows<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization,
        Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>y = bias + the convolution, `[rows, channels]`.</summary>
    [MethodImpl(Hot)]
    public static void Forward(long rows, long channels, long taps, T* x, T* weight, T* bias, T* y)
    {
        long c = 0;
        for (; c + L.Count <= channels; c += L.Count)
            Convolve<L, V>(rows, channels, taps, x + c - (taps / 2 * channels), weight + c, channels, L.Load(bias + c), y + c);
        for (; c < channels; c++)
            Convolve<Lanes1<T>, T>(rows, channels, taps, x + c - (taps / 2 * channels), weight + c, channels, bias[c], y + c);
    }

    /// <summary>gx is set; the weight's and bias's gradients are added to.</summary>
    [MethodImpl(Hot)]
    public static void Backward(long rows, long channels, long taps, T* x, T* weight, T* gy, T* gx, T* gweight, T* gbias)
    {
        // The input's gradient is the same convolution with the taps reversed.
        var (last, before) = ((taps - 1) * channels, taps / 2 * channels);
        long c = 0;
        for (; c + L.Count <= channels; c += L.Count)
        {
            Convolve<L, V>(rows, channels, taps, gy + c - before, weight + c + last, -channels, L.Zero, gx + c);
            Weights<L, V>(rows, channels, taps, x + c - before, gy + c, gweight + c, gbias + c);
        }
        for (; c < channels; c++)
        {
            Convolve<Lanes1<T>, T>(rows, channels, taps, gy + c - before, weight + c + last, -channels, T.Zero, gx + c);
            Weights<Lanes1<T>, T>(rows, channels, taps, x + c - before, gy + c, gweight + c, gbias + c);
        }
    }

    /// <summary>Eight rows at once: a tap's weight is loaded once for all of them.</summary>
    [MethodImpl(Hot)]
    private static void Convolve<M, W>(long rows, long channels, long taps, T* x, T* weight, long next, W bias, T* y)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        long r = 0,
            three = 3 * channels,
            five = 5 * channels,
            six = 6 * channels,
            seven = 7 * channels;
        for (; r + 8 <= rows; r += 8, x += 8 * channels, y += 8 * channels)
        {
            W s0 = bias,
                s1 = bias,
                s2 = bias,
                s3 = bias,
                s4 = bias,
                s5 = bias,
                s6 = bias,
                s7 = bias;
            T* p = x,
                w = weight;
            for (long k = 0; k < taps; k++, p += channels, w += next)
            {
                var v = M.Load(w);
                s0 = M.MulAdd(v, M.Load(p), s0);
                s1 = M.MulAdd(v, M.Load(p + channels), s1);
                s2 = M.MulAdd(v, M.Load(p + (2 * channels)), s2);
                s3 = M.MulAdd(v, M.Load(p + three), s3);
                s4 = M.MulAdd(v, M.Load(p + (4 * channels)), s4);
                s5 = M.MulAdd(v, M.Load(p + five), s5);
                s6 = M.MulAdd(v, M.Load(p + six), s6);
                s7 = M.MulAdd(v, M.Load(p + seven), s7);
            }
            M.Store(y, s0);
            M.Store(y + channels, s1);
            M.Store(y + (2 * channels), s2);
            M.Store(y + three, s3);
            M.Store(y + (4 * channels), s4);
            M.Store(y + five, s5);
            M.Store(y + six, s6);
            M.Store(y + seven, s7);
        }
        for (; r < rows; r++, x += channels, y += channels)
        {
            var s = bias;
            T* p = x,
                w = weight;
            for (long k = 0; k < taps; k++, p += channels, w += next)
                s = M.MulAdd(M.Load(w), M.Load(p), s);
            M.Store(y, s);
        }
    }

    /// <summary>Eight taps at once: their sums stay in registers over the whole sequence.</summary>
    [MethodImpl(Hot)]
    private static void Weights<M, W>(long rows, long channels, long taps, T* x, T* gy, T* gweight, T* gbias)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        long k = 0,
            three = 3 * channels,
            five = 5 * channels,
            six = 6 * channels,
            seven = 7 * channels;
        for (; k + 8 <= taps; k += 8, x += 8 * channels, gweight += 8 * channels)
        {
            W s0 = M.Zero,
                s1 = s0,
                s2 = s0,
                s3 = s0,
                s4 = s0,
                s5 = s0,
                s6 = s0,
                s7 = s0;
            T* p = x,
                q = gy;
            for (long r = 0; r < rows; r++, p += channels, q += channels)
            {
                var g = M.Load(q);
                s0 = M.MulAdd(g, M.Load(p), s0);
                s1 = M.MulAdd(g, M.Load(p + channels), s1);
                s2 = M.MulAdd(g, M.Load(p + (2 * channels)), s2);
                s3 = M.MulAdd(g, M.Load(p + three), s3);
                s4 = M.MulAdd(g, M.Load(p + (4 * channels)), s4);
                s5 = M.MulAdd(g, M.Load(p + five), s5);
                s6 = M.MulAdd(g, M.Load(p + six), s6);
                s7 = M.MulAdd(g, M.Load(p + seven), s7);
            }
            Sum<M, W>(gweight, s0);
            Sum<M, W>(gweight + channels, s1);
            Sum<M, W>(gweight + (2 * channels), s2);
            Sum<M, W>(gweight + three, s3);
            Sum<M, W>(gweight + (4 * channels), s4);
            Sum<M, W>(gweight + five, s5);
            Sum<M, W>(gweight + six, s6);
            Sum<M, W>(gweight + seven, s7);
        }
        for (; k < taps; k++, x += channels, gweight += channels)
        {
            var s = M.Zero;
            T* p = x,
                q = gy;
            for (long r = 0; r < rows; r++, p += channels, q += channels)
                s = M.MulAdd(M.Load(q), M.Load(p), s);
            Sum<M, W>(gweight, s);
        }
        var bias = M.Zero;
        for (long r = 0; r < rows; r++, gy += channels)
            bias = M.Add(bias, M.Load(gy));
        Sum<M, W>(gbias, bias);
    }

    [MethodImpl(Inline)]
    private static void Sum<M, W>(T* to, W value)
        where M : struct, ILanes<T, W>
        where W : struct => M.Store(to, M.Add(M.Load(to), value));
}
