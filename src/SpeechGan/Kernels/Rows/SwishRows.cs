using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Rows;

/// <summary>Bias, Swish (Ramachandran et al., 2017) and dropout of rows, `[rows, channels]`.</summary>
internal static unsafe class SwishRows<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization,
        Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>u = dropped(swish(u + bias)), in place.</summary>
    [MethodImpl(Hot)]
    public static void Forward(long rows, long channels, T* u, T* bias, in Dropout<T> dropout)
    {
        uint index = 0;
        for (long r = 0; r < rows; r++, u += channels, index += (uint)channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Step<L, V>(u + c, bias + c, dropout, index + (uint)c);
            for (; c < channels; c++)
                Step<Lanes1<T>, T>(u + c, bias + c, dropout, index + (uint)c);
        }
    }

    /// <summary>From u and the gradient of its result gh: u becomes the result, gh the gradient of u; the bias's gradient is added
    /// to.</summary>
    [MethodImpl(Hot)]
    public static void Backward(long rows, long channels, T* u, T* bias, in Dropout<T> dropout, T* gh, T* gbias)
    {
        uint index = 0;
        for (long r = 0; r < rows; r++, u += channels, gh += channels, index += (uint)channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Back<L, V>(u + c, bias + c, dropout, index + (uint)c, gh + c, gbias + c);
            for (; c < channels; c++)
                Back<Lanes1<T>, T>(u + c, bias + c, dropout, index + (uint)c, gh + c, gbias + c);
        }
    }

    [MethodImpl(Inline)]
    private static void Step<M, W>(T* u, T* bias, in Dropout<T> dropout, uint index)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        var x = M.Add(M.Load(u), M.Load(bias));
        var h = M.Mul(x, Elementary<M, T, W>.Sigmoid(x));
        M.Store(u, dropout.IsOn ? M.Mul(h, M.Kept(dropout, index)) : h);
    }

    [MethodImpl(Inline)]
    private static void Back<M, W>(T* u, T* bias, in Dropout<T> dropout, uint index, T* gh, T* gbias)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        var x = M.Add(M.Load(u), M.Load(bias));
        var s = Elementary<M, T, W>.Sigmoid(x);
        W h = M.Mul(x, s),
            g = M.Load(gh),
            slope = M.MulAdd(h, M.Sub(M.All(T.One), s), s);
        if (dropout.IsOn)
        {
            var kept = M.Kept(dropout, index);
            h = M.Mul(h, kept);
            g = M.Mul(g, kept);
        }
        M.Store(u, h);
        g = M.Mul(g, slope);
        M.Store(gh, g);
        M.Store(gbias, M.Add(M.Load(gbias), g));
    }
}
