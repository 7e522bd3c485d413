using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Rows;

/// <summary>Bias, dropout and factor of a branch, added to its input, `[rows, channels]`.</summary>
internal static unsafe class ResidualRows<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization,
        Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>y = x + factor * dropped(o + bias).</summary>
    [MethodImpl(Hot)]
    public static void Forward(long rows, long channels, T* x, T* o, T* bias, T factor, in Dropout<T> dropout, T* y)
    {
        uint index = 0;
        for (long r = 0; r < rows; r++, x += channels, o += channels, y += channels, index += (uint)channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Step<L, V>(x + c, o + c, bias + c, factor, dropout, index + (uint)c, y + c);
            for (; c < channels; c++)
                Step<Lanes1<T>, T>(x + c, o + c, bias + c, factor, dropout, index + (uint)c, y + c);
        }
    }

    /// <summary>go = factor * dropped(gy); the bias's gradient is added to.</summary>
    [MethodImpl(Hot)]
    public static void Backward(long rows, long channels, T* gy, T factor, in Dropout<T> dropout, T* go, T* gbias)
    {
        uint index = 0;
        for (long r = 0; r < rows; r++, gy += channels, go += channels, index += (uint)channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Back<L, V>(gy + c, factor, dropout, index + (uint)c, go + c, gbias + c);
            for (; c < channels; c++)
                Back<Lanes1<T>, T>(gy + c, factor, dropout, index + (uint)c, go + c, gbias + c);
        }
    }

    [MethodImpl(Inline)]
    private static void Step<M, W>(T* x, T* o, T* bias, T factor, in Dropout<T> dropout, uint index, T* y)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        var branch = M.Mul(M.Add(M.Load(o), M.Load(bias)), M.All(factor));
        if (dropout.IsOn)
            branch = M.Mul(branch, M.Kept(dropout, index));
        M.Store(y, M.Add(M.Load(x), branch));
    }

    [MethodImpl(Inline)]
    private static void Back<M, W>(T* gy, T factor, in Dropout<T> dropout, uint index, T* go, T* gbias)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        var g = M.Mul(M.Load(gy), M.All(factor));
        if (dropout.IsOn)
            g = M.Mul(g, M.Kept(dropout, index));
        M.Store(go, g);
        M.Store(gbias, M.Add(M.Load(gbias), g));
    }
}
