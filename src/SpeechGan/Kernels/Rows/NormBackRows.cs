using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Rows;

/// <summary>The gradient through a normalisation over rows, once its two sums over all of them are known, `[rows, channels]`.</summary>
internal static unsafe class NormBackRows<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization,
        Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>gz = scale * (gu - meanSum - normalised z * meanProduct).</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="z">What was normalised.</param>
    /// <param name="norm">The normalisation, by channel.</param>
    /// <param name="gu">Gradient of the scaled and shifted result.</param>
    /// <param name="meanSum">Mean of gu over all rows; 0 where the statistics are constants.</param>
    /// <param name="meanProduct">Mean of gu times the normalised z; 0 where the statistics are constants.</param>
    /// <param name="gz">Set.</param>
    [MethodImpl(Hot)]
    public static void Backward(long rows, long channels, T* z, in ChannelNorm<T> norm, T* gu, T* meanSum, T* meanProduct, T* gz)
    {
        T* scale = norm.Scale,
            mean = norm.Mean,
            deviation = norm.Deviation;
        for (long r = 0; r < rows; r++, z += channels, gu += channels, gz += channels)
        {
            long c = 0;
            for (; c + L.Count <= channels; c += L.Count)
                Back<L, V>(z + c, scale + c, mean + c, deviation + c, gu + c, meanSum + c, meanProduct + c, gz + c);
            for (; c < channels; c++)
                Back<Lanes1<T>, T>(z + c, scale + c, mean + c, deviation + c, gu + c, meanSum + c, meanProduct + c, gz + c);
        }
    }

    [MethodImpl(Inline)]
    private static void Back<M, W>(T* z, T* scale, T* mean, T* deviation, T* gu, T* meanSum, T* meanProduct, T* gz)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        var normal = M.Mul(M.Sub(M.Load(z), M.Load(mean)), M.Load(deviation));
        var centred = M.Sub(M.Sub(M.Load(gu), M.Load(meanSum)), M.Mul(normal, M.Load(meanProduct)));
        M.Store(gz, M.Mul(M.Load(scale), centred));
    }
}
