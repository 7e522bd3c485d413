using System.Numerics;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.DenseBlock;

/// <summary>
/// A layer's weight `[out, (layer + 1) * in, 2, 3]` packed for products, one matrix `[3 * channels, channels]` for each source (the newest
/// first) and frame tap.
/// </summary>
internal sealed unsafe class DenseWeights<L, T, V> : IDisposable
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private readonly NativeArray<T> memory;
    private readonly long columns,
        size,
        stride;

    private DenseWeights(DenseSizes sizes, int layer, Action<long, long, Pointer> fill)
    {
        (columns, size, stride) = (sizes.Channels, sizes.Tap, MatrixProduct<L, T, V>.Packed(sizes.Tap, sizes.Channels));
        memory = new NativeArray<T>((layer + 1) * DenseSizes.FrameTaps * stride);
        using var plain = new NativeArray<T>(size * columns);
        for (long source = 0; source <= layer; source++)
        for (long tap = 0; tap < DenseSizes.FrameTaps; tap++)
        {
            fill(source, tap, new Pointer(plain.Pointer));
            MatrixProduct<L, T, V>.Pack(size, columns, plain.Pointer, columns, 1, Of(source, tap));
        }
    }

    /// <summary>For the forward pass: a row for each (bin tap, in), out columns.</summary>
    public static DenseWeights<L, T, V> Forward(DenseSizes sizes, int layer, T* weight) => new(sizes, layer, (source, tap, to) =>
        {
            var C = sizes.Channels;
            for (long bin = 0; bin < DenseSizes.BinTaps; bin++)
            for (long i = 0; i < C; i++)
            for (long o = 0; o < C; o++)
                to.First[(((bin * C) + i) * C) + o] = weight[Index(C, layer, o, source, i, tap, bin)];
        });

    /// <summary>For the backward pass: a row for each (bin tap reversed, out), in columns.</summary>
    public static DenseWeights<L, T, V> Backward(DenseSizes sizes, int layer, T* weight) => new(sizes, layer, (source, tap, to) =>
        {
            var C = sizes.Channels;
            for (long bin = 0; bin < DenseSizes.BinTaps; bin++)
            for (long o = 0; o < C; o++)
            for (long i = 0; i < C; i++)
                to.First[((((DenseSizes.BinTaps - 1 - bin) * C) + o) * C) + i] = weight[Index(C, layer, o, source, i, tap, bin)];
        });

    /// <summary>c = a w or c += a w for a frame of rows that overlap: each begins a position after the one before.</summary>
    /// <param name="rows">Bins.</param>
    /// <param name="line">The border position before the frame's first bin.</param>
    /// <param name="source">From the newest.</param>
    /// <param name="tap">Frame tap.</param>
    /// <param name="to">`[rows, channels]`.</param>
    /// <param name="add">Adds.</param>
    public void Multiply(long rows, T* line, long source, long tap, T* to, bool add) =>
        MatrixProduct<L, T, V>.Multiply(rows, columns, size, line, columns, 1, Of(source, tap), add, to, columns);

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();

    private T* Of(long source, long tap) => memory.Pointer + (((source * DenseSizes.FrameTaps) + tap) * stride);

    private static long Index(long channels, int layer, long o, long source, long i, long tap, long bin) =>
        (((((o * (layer + 1) * channels) + (source * channels) + i) * DenseSizes.FrameTaps) + tap) * DenseSizes.BinTaps) + bin;

    // A pointer as an argument of a delegate.
    private readonly struct Pointer(T* first)
    {
        public T* First => first;
    }
}
