using System.Numerics;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Attention;

/// <summary>
/// How the attention kernels hold a head. Lanes run over key positions: keys, values and their gradients are transposed, `[width, length]`;
/// the table of distances is reversed, so that the vectors of distance i - j for consecutive j are consecutive too: column length - 1 - i +
/// j. Widths are filled up to a multiple of four, lengths to one of the lanes, with zeros.
/// </summary>
internal readonly unsafe struct AttentionLayout<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    /// <summary>Query rows at once.</summary>
    public const int Rows = 8;

    // Zeros before each row of score gradients: the table's gradient reads rows shifted against each other.
    private const int Margin = 16;

    public AttentionLayout(long length, long width)
    {
        Length = length;
        Width = (width + 3) / 4 * 4;
        Padded = Up(length);
        RowStride = Margin + Padded + Up(Rows) + L.Count;
        TableStride = Up(Rows + (2 * length) + (2 * L.Count));
    }

    public long Length { get; }

    /// <summary>Channels, filled up.</summary>
    public long Width { get; }

    /// <summary>Length, filled up to whole vectors.</summary>
    public long Padded { get; }

    /// <summary>Positions that fill whole vectors.</summary>
    public long Whole => Length / L.Count * L.Count;

    /// <summary>Distance of the rows of scores.</summary>
    public long RowStride { get; }

    /// <summary>Distance of the table's channels.</summary>
    public long TableStride { get; }

    /// <summary>Numbers of the table, `[width, table stride]`.</summary>
    public long TableSize => Width * TableStride;

    /// <summary>The table's first column: a block of fewer positions than rows reads before it.</summary>
    public long TableBegin => Rows;

    /// <summary>Numbers of scratch for either direction.</summary>
    public long Scratch => (4 * Width * Padded) + (4 * Rows * RowStride) + (4 * Rows * Width);

    /// <summary>Where a row's scores begin behind its margin.</summary>
    public static long RowBegin => Margin;

    /// <summary>Transposes rows `stride` apart to `[width, padded]`.</summary>
    public void Transpose(in AttentionHead<T> head, T* rows, T* columns)
    {
        for (long c = 0; c < Width; c++, columns += Padded)
        {
            long j = 0;
            if (c < head.Width)
                for (var from = rows + c; j < Length; j++, from += head.Stride)
                    columns[j] = *from;
            for (; j < Padded; j++)
                columns[j] = T.Zero;
        }
    }

    /// <summary>Transposes back.</summary>
    public void TransposeBack(in AttentionHead<T> head, T* columns, T* rows)
    {
        for (long j = 0; j < Length; j++, rows += head.Stride)
        for (long c = 0; c < head.Width; c++)
            rows[c] = columns[(c * Padded) + j];
    }

    /// <summary>Rows of `[length, width]`, multiplied and filled up with zeros: <paramref name="count"/> rows of eight.</summary>
    public void Gather(in AttentionHead<T> head, long count, T* rows, long stride, T factor, T* to)
    {
        for (long r = 0; r < Rows; r++)
        for (long c = 0; c < Width; c++)
            to[(r * Width) + c] = r < count && c < head.Width ? rows[(r * stride) + c] * factor : T.Zero;
    }

    /// <summary>The table as the kernels read it, from the vectors by distance `[2 * most + 1, width]`, the smallest first.</summary>
    public void ReverseTable(long width, long most, T* vectors, T* table)
    {
        new Span<T>(table, checked((int)TableSize)).Clear();
        for (long t = 0; t < (2 * Length) - 1; t++)
        {
            var vector = vectors + ((Math.Clamp(Length - 1 - t, -most, most) + most) * width);
            for (long c = 0; c < width; c++)
                table[(c * TableStride) + TableBegin + t] = vector[c];
        }
    }

    /// <summary>The gradient of <see cref="ReverseTable"/>, added to `[2 * most + 1, width]`.</summary>
    public void AddTableGradient(long width, long most, T* table, T* vectors)
    {
        for (long t = 0; t < (2 * Length) - 1; t++)
        {
            var vector = vectors + ((Math.Clamp(Length - 1 - t, -most, most) + most) * width);
            for (long c = 0; c < width; c++)
                vector[c] += table[(c * TableStride) + TableBegin + t];
        }
    }

    private static long Up(long n) => (n + L.Count - 1) / L.Count * L.Count;
}
