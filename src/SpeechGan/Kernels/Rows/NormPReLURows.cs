using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Rows;

/// <summary>A normalisation given as scale and shift, then PReLU (He et al., 2015), of rows `[rows, channels]`.</summary>
internal static unsafe class NormPReLURows<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization,
        Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>u = z * scale + shift; y = u where u is above 0, slope * u elsewhere.</summary>
    [MethodImpl(Hot)]
    public static void Forward(long rows, long channels, T* z, T* scale, T* shift, T* slope, T* y)
    {
        for (long r = 0; r < rows; r++, z += channels, y += channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Step<L, V>(z + c, scale + c, shift + c, slope + c, y + c);
            for (; c < channels; c++)
                Step<Lanes1<T>, T>(z + c, scale + c, shift + c, slope + c, y + c);
        }
    }

    /// <summary>
    /// From the gradient of y: g becomes the gradient of u; its sums, those of it times the normalised z, and the slope's gradient are
    /// added to.
    /// </summary>
    /// <param name="rows">Rows.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="z">`[rows, channels]`.</param>
    /// <param name="norm">The normalisation, by channel.</param>
    /// <param name="slope">`[channels]`.</param>
    /// <param name="g">Gradient of y.</param>
    /// <param name="sums">`[channels]`.</param>
    /// <param name="products">`[channels]`.</param>
    /// <param name="gslope">`[channels]`.</param>
    [MethodImpl(Hot)]
    public static void Backward(long rows, long channels, T* z, in ChannelNorm<T> norm, T* slope, T* g, T* sums, T* products, T* gslope)
    {
        T* scale = norm.Scale,
            shift = norm.Shift,
            mean = norm.Mean,
            deviation = norm.Deviation;
        for (long r = 0; r < rows; r++, z += channels, g += channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Back<L, V>(z + c, scale + c, shift + c, mean + c, deviation + c, slope + c, g + c, sums + c, products + c, gslope + c);
            for (; c < channels; c++)
                Back<Lanes1<T>, T>(
                    z + c,
                    scale + c,
                    shift + c,
                    mean + c,
                    deviation + c,
                    slope + c,
                    g + c,
                    sums + c,
                    products + c,
                    gslope + c
                );
        }
    }

    [MethodImpl(Inline)]
    private static void Step<M, W>(T* z, T* scale, T* shift, T* slope, T* y)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        var u = M.MulAdd(M.Load(z), M.Load(scale), M.Load(shift));
        M.Store(y, M.WherePositive(u, u, M.Mul(u, M.Load(slope))));
    }

    [MethodImpl(Inline)]
    private static void Back<M, W>(T* z, T* scale, T* shift, T* mean, T* deviation, T* slope, T* g, T* sums, T* products, T* gslope)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        W v = M.Load(z),
            u = M.MulAdd(v, M.Load(scale), M.Load(shift)),
            gy = M.Load(g);
        M.Store(gslope, M.Add(M.Load(gslope), M.WherePositive(u, M.Zero, M.Mul(gy, u))));
        var gu = M.WherePositive(u, gy, M.Mul(gy, M.Load(slope)));
        M.Store(g, gu);
        M.Store(sums, M.Add(M.Load(sums), gu));
        M.Store(products, M.MulAdd(gu, M.Mul(M.Sub(v, M.Load(mean)), M.Load(deviation)), M.Load(products)));
    }
}
