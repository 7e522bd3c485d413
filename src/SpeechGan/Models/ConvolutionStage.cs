using SpeechGan.Kernels.Convolution;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>A convolution, InstanceNorm and PReLU, `[batch, in, rows, columns]` to `[batch, out, rows, columns]`.</summary>
internal sealed class ConvolutionStage : Module<Tensor, Tensor>
{
    // In a record, not in fields: TorchSharp would register each once more under its field's name.
    private readonly Parts parts;
    private readonly ConvolutionShape shape;
    private readonly INetworkKernels kernels;

    public ConvolutionStage(long inputs, long outputs, (long Rows, long Columns) kernel, ConvolutionShape shape, INetworkKernels kernels)
        : base(nameof(ConvolutionStage))
    {
        (this.shape, this.kernels) = (shape, kernels);
        parts = new Parts(
            Conv2d(inputs, outputs, kernel, stride: shape.Stride, padding: shape.Padding),
            InstanceNorm2d(outputs, DilatedDenseBlock.NormEps, affine: true),
            PReLU(outputs)
        );
        register_module("0", parts.Convolution);
        register_module("1", parts.Norm);
        register_module("2", parts.Activation);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = kernels.Convolve(input, parts.Convolution.weight!, parts.Convolution.bias, shape);
        return kernels.NormActivate(x, parts.Norm, parts.Activation).MoveToOuterDisposeScope();
    }

    private sealed record Parts(Conv2d Convolution, InstanceNorm2d Norm, PReLU Activation);
}
