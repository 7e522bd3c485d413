using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Rows;

/// <summary>LayerNorm over the channels of each row (Ba et al., 2016), `[rows, channels]`.</summary>
internal static unsafe class LayerNormRows<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization,
        Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>y = (x - mean) * scale * weight + bias; each row's mean and scale = 1 / sqrt(variance + eps) are kept.</summary>
    [MethodImpl(Hot)]
    public static void Forward(long rows, long channels, T* x, T* weight, T* bias, T eps, T* y, T* mean, T* scale)
    {
        var over = T.One / T.CreateTruncating(channels);
        for (long r = 0; r < rows; r++, x += channels, y += channels)
        {
            var (m, s) = Statistics(channels, x, over, eps);
            mean[r] = m;
            scale[r] = s;
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Normalise<L, V>(x + c, m, s, weight + c, bias + c, y + c);
            for (; c < channels; c++)
                Normalise<Lanes1<T>, T>(x + c, m, s, weight + c, bias + c, y + c);
        }
    }

    /// <summary>gx = residual + the gradient through the norm; the weight's and bias's gradients are added to.</summary>
    [MethodImpl(Hot)]
    public static void Backward(
        long rows,
        long channels,
        T* x,
        T* mean,
        T* scale,
        T* weight,
        T* gy,
        T* residual,
        T* gx,
        T* gweight,
        T* gbias
    )
    {
        var over = T.One / T.CreateTruncating(channels);
        for (long r = 0; r < rows; r++, x += channels, gy += channels, residual += channels, gx += channels)
        {
            T m = mean[r],
                s = scale[r];
            V sums = L.Zero,
                products = L.Zero;
            T sum = T.Zero,
                product = T.Zero;
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Accumulate<L, V>(x + c, m, s, weight + c, gy + c, ref sums, ref products);
            for (; c < channels; c++)
                Accumulate<Lanes1<T>, T>(x + c, m, s, weight + c, gy + c, ref sum, ref product);
            sum = (L.Sum(sums) + sum) * over;
            product = (L.Sum(products) + product) * over;
            for (c = 0; c + L.Count <= channels; c += L.Count)
                Back<L, V>(x + c, m, s, weight + c, gy + c, residual + c, sum, product, gx + c, gweight + c, gbias + c);
            for (; c < channels; c++)
                Back<Lanes1<T>, T>(x + c, m, s, weight + c, gy + c, residual + c, sum, product, gx + c, gweight + c, gbias + c);
        }
    }

    [MethodImpl(Inline)]
    private static (T Mean, T Scale) Statistics(long channels, T* x, T over, T eps)
    {
        var sums = L.Zero;
        var sum = T.Zero;
        long c = 0;
        for (; c + L.Count <= channels; c += L.Count)
            sums = L.Add(sums, L.Load(x + c));
        for (; c < channels; c++)
            sum += x[c];
        var mean = (L.Sum(sums) + sum) * over;
        // Squares of distances from the mean: a difference of squares would lose digits.
        (sums, sum) = (L.Zero, T.Zero);
        for (c = 0; c + L.Count <= channels; c += L.Count)
        {
            var d = L.Sub(L.Load(x + c), L.All(mean));
            sums = L.MulAdd(d, d, sums);
        }
        for (; c < channels; c++)
            sum += (x[c] - mean) * (x[c] - mean);
        return (mean, T.One / T.Sqrt(((L.Sum(sums) + sum) * over) + eps));
    }

    [MethodImpl(Inline)]
    private static void Normalise<M, W>(T* x, T mean, T scale, T* weight, T* bias, T* y)
        where M : struct, ILanes<T, W>
        where W : struct => M.Store(y, M.MulAdd(M.Mul(M.Sub(M.Load(x), M.All(mean)), M.All(scale)), M.Load(weight), M.Load(bias)));

    [MethodImpl(Inline)]
    private static void Accumulate<M, W>(T* x, T mean, T scale, T* weight, T* gy, ref W sum, ref W product)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        var g = M.Mul(M.Load(gy), M.Load(weight));
        sum = M.Add(sum, g);
        product = M.MulAdd(g, M.Mul(M.Sub(M.Load(x), M.All(mean)), M.All(scale)), product);
    }

    [MethodImpl(Inline)]
    private static void Back<M, W>(T* x, T mean, T scale, T* weight, T* gy, T* residual, T sum, T product, T* gx, T* gweight, T* gbias)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        W g = M.Load(gy),
            normal = M.Mul(M.Sub(M.Load(x), M.All(mean)), M.All(scale));
        M.Store(gweight, M.MulAdd(g, normal, M.Load(gweight)));
        M.Store(gbias, M.Add(M.Load(gbias), g));
        var centred = M.Sub(M.Sub(M.Mul(g, M.Load(weight)), M.All(sum)), M.Mul(normal, M.All(product)));
        M.Store(gx, M.MulAdd(M.All(scale), centred, M.Load(residual)));
    }
}
