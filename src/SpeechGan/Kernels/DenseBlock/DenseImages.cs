using System.Numerics;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.DenseBlock;

/// <summary>
/// A batch's images with channels last and a border of zeros: frames before the first, a bin on each side. A tap is then a shift of the
/// pointer and a convolution a product over overlapping rows: nothing is padded, concatenated or gathered.
/// </summary>
/// <param name="sizes">Sizes.</param>
/// <param name="memory">As <see cref="Zeros"/> makes it.</param>
/// <param name="isBelow">The border frames lie after the last frame instead of before the first.</param>
internal readonly unsafe struct DenseImages<T>(DenseSizes sizes, Tensor memory, bool isBelow = false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T* data = TensorMemory.Pointer<T>(memory);

    /// <summary>The memory behind it.</summary>
    public Tensor Memory { get; } = memory;

    /// <summary>Empty images.</summary>
    public static DenseImages<T> Zeros(DenseSizes sizes, bool isBelow = false) =>
        new(sizes, TensorMemory.Zeros<T>(sizes.Batch * sizes.Image), isBelow);

    /// <summary>The border position before a frame's first bin.</summary>
    public T* Line(long item, long frame) =>
        data + (item * sizes.Image) + ((frame + (isBelow ? 0 : DenseSizes.Border)) * sizes.Line * sizes.Channels);

    /// <summary>A frame's first bin.</summary>
    public T* Inside(long item, long frame) => Line(item, frame) + sizes.Channels;

    /// <summary>Reads a frame from `[batch, channels, frames, bins]`.</summary>
    public void Read(T* x, long item, long frame)
    {
        var to = Inside(item, frame);
        for (long c = 0; c < sizes.Channels; c++)
        {
            var from = x + (((((item * sizes.Channels) + c) * sizes.Frames) + frame) * sizes.Bins);
            for (long f = 0; f < sizes.Bins; f++)
                to[(f * sizes.Channels) + c] = from[f];
        }
    }

    /// <summary>Writes a frame of `[bins, channels]` to `[batch, channels, frames, bins]`.</summary>
    public static void Write(DenseSizes sizes, T* rows, long item, long frame, T* y)
    {
        for (long c = 0; c < sizes.Channels; c++)
        {
            var to = y + (((((item * sizes.Channels) + c) * sizes.Frames) + frame) * sizes.Bins);
            for (long f = 0; f < sizes.Bins; f++)
                to[f] = rows[(f * sizes.Channels) + c];
        }
    }
}
