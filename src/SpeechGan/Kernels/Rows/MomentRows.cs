using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Rows;

/// <summary>Mean of each channel over rows, and the sum of squared distances from it, `[rows, channels]`.</summary>
internal static unsafe class MomentRows<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization,
        Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Sets both, `[channels]` each.</summary>
    [MethodImpl(Hot)]
    public static void Of(long rows, long channels, T* z, T* mean, T* squares)
    {
        long c = 0;
        for (; c + L.Count <= channels; c += L.Count)
            Column<L, V>(rows, channels, z + c, mean + c, squares + c);
        for (; c < channels; c++)
            Column<Lanes1<T>, T>(rows, channels, z + c, mean + c, squares + c);
    }

    [MethodImpl(Inline)]
    private static void Column<M, W>(long rows, long channels, T* z, T* mean, T* squares)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        W sum = M.Zero,
            square = M.Zero;
        var p = z;
        for (long r = 0; r < rows; r++, p += channels)
            sum = M.Add(sum, M.Load(p));
        var m = M.Div(sum, M.All(T.CreateTruncating(rows)));
        p = z;
        for (long r = 0; r < rows; r++, p += channels)
        {
            var d = M.Sub(M.Load(p), m);
            square = M.MulAdd(d, d, square);
        }
        M.Store(mean, m);
        M.Store(squares, square);
    }
}
