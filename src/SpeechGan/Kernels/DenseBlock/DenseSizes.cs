using static TorchSharp.torch;

namespace SpeechGan.Kernels.DenseBlock;

/// <summary>Sizes of a dilated dense block over `[batch, channels, frames, bins]`.</summary>
internal readonly struct DenseSizes(Tensor x)
{
    /// <summary>Most layers: dilations 1, 2, 4, 8.</summary>
    public const int MostLayers = 4;

    /// <summary>Taps in time and in frequency.</summary>
    public const int FrameTaps = 2,
        BinTaps = 3;

    /// <summary>Frames of zeros before the first (or after the last): the largest dilation.</summary>
    public const int Border = 1 << (MostLayers - 1);

    public long Batch { get; } = x.size(0);

    public long Channels { get; } = x.size(1);

    public long Frames { get; } = x.size(2);

    public long Bins { get; } = x.size(3);

    /// <summary>Positions of a frame with a border bin on each side.</summary>
    public long Line => Bins + 2;

    /// <summary>Numbers of an item's image.</summary>
    public long Image => (Frames + Border) * Line * Channels;

    /// <summary>Numbers of a frame without its border.</summary>
    public long Frame => Bins * Channels;

    /// <summary>Positions that InstanceNorm averages over.</summary>
    public long Positions => Frames * Bins;

    /// <summary>Columns of a product: a frame tap of one source, all bin taps.</summary>
    public long Tap => BinTaps * Channels;

    /// <summary>The work: frames of all items.</summary>
    public Parts Parts => new(Batch * Frames);
}
