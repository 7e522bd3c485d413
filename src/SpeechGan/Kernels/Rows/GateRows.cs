using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Rows;

/// <summary>The gated linear unit (Dauphin et al., 2017) over rows of 2 * channels: value first, gate second.</summary>
internal static unsafe class GateRows<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization,
        Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>g = (value + its bias) * sigmoid(gate + its bias), `[rows, channels]`.</summary>
    [MethodImpl(Hot)]
    public static void Forward(long rows, long channels, T* u, T* bias, T* g)
    {
        for (long r = 0; r < rows; r++, u += 2 * channels, g += channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Step<L, V>(u + c, bias + c, channels, g + c);
            for (; c < channels; c++)
                Step<Lanes1<T>, T>(u + c, bias + c, channels, g + c);
        }
    }

    /// <summary>From the gradient of g: u becomes its own gradient; the bias's gradient is added to.</summary>
    [MethodImpl(Hot)]
    public static void Backward(long rows, long channels, T* u, T* bias, T* gg, T* gbias)
    {
        for (long r = 0; r < rows; r++, u += 2 * channels, gg += channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Back<L, V>(u + c, bias + c, channels, gg + c, gbias + c);
            for (; c < channels; c++)
                Back<Lanes1<T>, T>(u + c, bias + c, channels, gg + c, gbias + c);
        }
    }

    [MethodImpl(Inline)]
    private static void Step<M, W>(T* u, T* bias, long channels, T* g)
        where M : struct, ILanes<T, W>
        where W : struct =>
        M.Store(
            g,
            M.Mul(M.Add(M.Load(u), M.Load(bias)), Elementary<M, T, W>.Sigmoid(M.Add(M.Load(u + channels), M.Load(bias + channels))))
        );

    [MethodImpl(Inline)]
    private static void Back<M, W>(T* u, T* bias, long channels, T* gg, T* gbias)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        var value = M.Add(M.Load(u), M.Load(bias));
        var s = Elementary<M, T, W>.Sigmoid(M.Add(M.Load(u + channels), M.Load(bias + channels)));
        var gvalue = M.Mul(M.Load(gg), s);
        var ggate = M.Mul(M.Mul(gvalue, value), M.Sub(M.All(T.One), s));
        M.Store(u, gvalue);
        M.Store(u + channels, ggate);
        M.Store(gbias, M.Add(M.Load(gbias), gvalue));
        M.Store(gbias + channels, M.Add(M.Load(gbias + channels), ggate));
    }
}
