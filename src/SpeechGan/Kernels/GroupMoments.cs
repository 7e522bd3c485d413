using System.Numerics;

namespace SpeechGan.Kernels;

/// <summary>Mean and variance by channel over groups of rows, from each group's moments (Chan et al., 1979), in the groups' order and in
/// double.</summary>
internal static unsafe class GroupMoments
{
    /// <summary>Joins them.</summary>
    /// <param name="groups">Groups.</param>
    /// <param name="rows">Rows of each group.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="means">`[groups, channels]`.</param>
    /// <param name="squares">Sums of squared distances from the group's mean, `[groups, channels]`.</param>
    /// <param name="mean">`[channels]`, set.</param>
    /// <param name="variance">Over all rows, biased, `[channels]`, set.</param>
    public static void Join<T>(long groups, long rows, long channels, T* means, T* squares, T* mean, T* variance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (long c = 0; c < channels; c++)
        {
            double m = 0,
                q = 0;
            for (long i = 0; i < groups; i++)
            {
                var d = double.CreateTruncating(means[(i * channels) + c]) - m;
                m += d / (i + 1);
                q += double.CreateTruncating(squares[(i * channels) + c]) + (d * d * rows * i / (i + 1));
            }
            mean[c] = T.CreateTruncating(m);
            variance[c] = T.CreateTruncating(q / ((double)groups * rows));
        }
    }
}
