using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Rows;

/// <summary>A normalisation given as scale and shift, then Swish, of rows `[rows, channels]`.</summary>
internal static unsafe class NormSwishRows<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization,
        Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>a = swish(z * scale + shift).</summary>
    [MethodImpl(Hot)]
    public static void Forward(long rows, long channels, T* z, T* scale, T* shift, T* a)
    {
        for (long r = 0; r < rows; r++, z += channels, a += channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Step<L, V>(z + c, scale + c, shift + c, a + c);
            for (; c < channels; c++)
                Step<Lanes1<T>, T>(z + c, scale + c, shift + c, a + c);
        }
    }

    /// <summary>
    /// From the gradient of a: ga becomes the gradient of z * scale + shift; its sums, and those of it times the normalised z, are added
    /// to.
    /// </summary>
    /// <param name="rows">Rows.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="z">`[rows, channels]`.</param>
    /// <param name="norm">The normalisation, by channel.</param>
    /// <param name="ga">Gradient of a.</param>
    /// <param name="a">Set to the forward result.</param>
    /// <param name="sums">`[channels]`.</param>
    /// <param name="products">`[channels]`.</param>
    [MethodImpl(Hot)]
    public static void Backward(long rows, long channels, T* z, in ChannelNorm<T> norm, T* ga, T* a, T* sums, T* products)
    {
        T* scale = norm.Scale,
            shift = norm.Shift,
            mean = norm.Mean,
            deviation = norm.Deviation;
        for (long r = 0; r < rows; r++, z += channels, ga += channels, a += channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Back<L, V>(z + c, scale + c, shift + c, mean + c, deviation + c, ga + c, a + c, sums + c, products + c);
            for (; c < channels; c++)
                Back<Lanes1<T>, T>(z + c, scale + c, shift + c, mean + c, deviation + c, ga + c, a + c, sums + c, products + c);
        }
    }

    [MethodImpl(Inline)]
    private static void Step<M, W>(T* z, T* scale, T* shift, T* a)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        var u = M.MulAdd(M.Load(z), M.Load(scale), M.Load(shift));
        M.Store(a, M.Mul(u, Elementary<M, T, W>.Sigmoid(u)));
    }

    [MethodImpl(Inline)]
    private static void Back<M, W>(T* z, T* scale, T* shift, T* mean, T* deviation, T* ga, T* a, T* sums, T* products)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        W v = M.Load(z),
            u = M.MulAdd(v, M.Load(scale), M.Load(shift)),
            s = Elementary<M, T, W>.Sigmoid(u),
            h = M.Mul(u, s);
        M.Store(a, h);
        var g = M.Mul(M.Load(ga), M.MulAdd(h, M.Sub(M.All(T.One), s), s));
        M.Store(ga, g);
        M.Store(sums, M.Add(M.Load(sums), g));
        M.Store(products, M.MulAdd(g, M.Mul(M.Sub(v, M.Load(mean)), M.Load(deviation)), M.Load(products)));
    }
}
