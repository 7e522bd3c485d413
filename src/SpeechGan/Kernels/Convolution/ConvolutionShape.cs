using static TorchSharp.torch;

namespace SpeechGan.Kernels.Convolution;

/// <summary>How a plain convolution moves over an image.</summary>
/// <param name="Stride">Of rows and columns.</param>
/// <param name="Padding">Zeros on each side of rows and columns.</param>
internal readonly record struct ConvolutionShape((long Rows, long Columns) Stride, (long Rows, long Columns) Padding)
{
    /// <summary>Every position, no padding.</summary>
    public static ConvolutionShape Dense => new((1, 1), (0, 0));
}

/// <summary>Sizes of a convolution of `[batch, in, rows, columns]` with `[out, in, kernel rows, kernel columns]`.</summary>
internal readonly struct ConvolutionSizes(ConvolutionShape shape, Tensor x, Tensor weight)
{
    public ConvolutionShape Shape => shape;

    public long Batch { get; } = x.size(0);

    public long In { get; } = x.size(1);

    public long Rows { get; } = x.size(2);

    public long Columns { get; } = x.size(3);

    public long Out { get; } = weight.size(0);

    public long KernelRows { get; } = weight.size(2);

    public long KernelColumns { get; } = weight.size(3);

    public long OutRows => ((Rows + (2 * shape.Padding.Rows) - KernelRows) / shape.Stride.Rows) + 1;

    public long OutColumns => ((Columns + (2 * shape.Padding.Columns) - KernelColumns) / shape.Stride.Columns) + 1;

    /// <summary>Terms of a result.</summary>
    public long Terms => In * KernelRows * KernelColumns;

    /// <summary>Columns with padding.</summary>
    public long Padded => Columns + (2 * shape.Padding.Columns);

    /// <summary>Numbers of an input plane and of a result's.</summary>
    public long Plane => Rows * Columns;

    public long OutPlane => OutRows * OutColumns;

    /// <summary>The work: rows of the results.</summary>
    public Parts OutParts => new(Batch * OutRows);
}
