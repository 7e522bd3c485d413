using System.Numerics;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels;

/// <summary>The gradient of a linear layer's weight over a block of rows: gw += gy' x.</summary>
internal static unsafe class WeightGradient<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    /// <summary>Adds a block's.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="outputs">Columns of gy.</param>
    /// <param name="gy">`[rows, outputs]`.</param>
    /// <param name="gyRow">Distance of its rows.</param>
    /// <param name="columns">Columns of x.</param>
    /// <param name="x">`[rows, columns]`.</param>
    /// <param name="xRow">Distance of its rows.</param>
    /// <param name="packed">Scratch of <see cref="MatrixProduct{L, T, V}.Packed"/>(rows, columns) numbers.</param>
    /// <param name="gweight">`[outputs, columns]`, added to.</param>
    public static void Add(long rows, long outputs, T* gy, long gyRow, long columns, T* x, long xRow, T* packed, T* gweight)
    {
        MatrixProduct<L, T, V>.Pack(rows, columns, x, xRow, 1, packed);
        MatrixProduct<L, T, V>.Multiply(outputs, columns, rows, gy, 1, gyRow, packed, true, gweight, columns);
    }
}
