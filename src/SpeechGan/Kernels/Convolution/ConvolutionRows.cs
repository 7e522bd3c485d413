using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Convolution;

/// <summary>The input rows that one row of results reads, with zeros around them, and the second factor of its product.</summary>
internal static unsafe class ConvolutionRows<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    /// <summary>Numbers of the padded rows: `[in, kernel rows, padded columns]`.</summary>
    public static long Size(in ConvolutionSizes s) => s.In * s.KernelRows * s.Padded;

    /// <summary>Copies the rows that a row of results reads.</summary>
    /// <param name="s">Sizes.</param>
    /// <param name="x">The item's first plane.</param>
    /// <param name="outRow">Row of the result.</param>
    /// <param name="padded">Set.</param>
    public static void Read(in ConvolutionSizes s, T* x, long outRow, T* padded)
    {
        long before = s.Shape.Padding.Columns,
            bytes = s.Columns * sizeof(T);
        for (long c = 0; c < s.In; c++)
        for (long k = 0; k < s.KernelRows; k++, padded += s.Padded)
        {
            var row = (outRow * s.Shape.Stride.Rows) + k - s.Shape.Padding.Rows;
            if (row < 0 || row >= s.Rows)
            {
                new Span<T>(padded, (int)s.Padded).Clear();
                continue;
            }
            for (long i = 0; i < before; i++)
                padded[i] = padded[before + s.Columns + i] = T.Zero;
            Buffer.MemoryCopy(x + (c * s.Plane) + (row * s.Columns), padded + before, bytes, bytes);
        }
    }

    /// <summary>Packs the second factor of the forward product, a row for each (in, kernel row, kernel column), a column for each
    /// result.</summary>
    public static void Pack(in ConvolutionSizes s, T* padded, T* packed)
    {
        long k = 0,
            terms = s.Terms,
            columns = s.OutColumns,
            step = s.Shape.Stride.Columns;
        for (long row = 0; row < s.In * s.KernelRows; row++, padded += s.Padded)
        for (long tap = 0; tap < s.KernelColumns; tap++, k++)
            PackRow(terms, k, columns, padded + tap, step, packed);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRow(long terms, long k, long columns, T* from, long step, T* packed)
    {
        for (long j = 0; j < columns; )
        {
            // The panels of MatrixProduct: two vectors wide while that many columns are left, one vector then.
            long width = j + (2 * L.Count) <= columns ? 2 * L.Count : L.Count,
                now = Math.Min(width, columns - j);
            var to = packed + (j * terms) + (k * width);
            if (step == 1 && now == width)
                for (long i = 0; i < width; i += L.Count)
                    L.Store(to + i, L.Load(from + j + i));
            else
                for (long i = 0; i < width; i++)
                    to[i] = i < now ? from[(j + i) * step] : T.Zero;
            j += width;
        }
    }
}
