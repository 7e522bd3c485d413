using System.Numerics;

namespace SpeechGan.Kernels.Attention;

/// <summary>One head over one sequence: where its queries, keys and values lie.</summary>
/// <param name="length">Positions.</param>
/// <param name="width">Channels of a head.</param>
/// <param name="stride">Distance of the positions' rows.</param>
/// <param name="most">Distances beyond share the vector of this one.</param>
/// <param name="query">First number of the queries; keys and values follow at the same distances.</param>
/// <param name="inner">Channels of all heads: the distance from a query to its key, and from there to its value.</param>
internal readonly unsafe struct AttentionHead<T>(long length, long width, long stride, long most, T* query, long inner)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public long Length => length;

    public long Width => width;

    public long Stride => stride;

    public long Most => most;

    public T* Query => query;

    public T* Key => query + inner;

    public T* Value => query + (2 * inner);

    /// <summary>What queries are multiplied by: 1 / sqrt(width).</summary>
    public T Scale => T.CreateTruncating(1 / Math.Sqrt(width));
}
