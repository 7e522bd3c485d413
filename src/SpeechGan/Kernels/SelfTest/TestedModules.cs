using SpeechGan.Kernels.Convolution;
using SpeechGan.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>A function without weights.</summary>
internal sealed class Function(Func<Tensor, Tensor> compute) : Module<Tensor, Tensor>(nameof(Function))
{
    public override Tensor forward(Tensor input) => compute(input);
}

/// <summary>One plain convolution by given kernels, `[batch, in, rows, columns]` to `[batch, out, rows, columns]`.</summary>
internal sealed class PlainConvolution : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly ConvolutionShape shape;
    private readonly INetworkKernels kernels;

    public PlainConvolution(long from, long to, (long Rows, long Columns) kernel, ConvolutionShape shape, INetworkKernels kernels)
        : base(nameof(PlainConvolution))
    {
        (this.shape, this.kernels) = (shape, kernels);
        conv = Conv2d(from, to, kernel);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => kernels.Convolve(input, conv.weight!, conv.bias, shape);
}

/// <summary>InstanceNorm and PReLU by given kernels, `[batch, channels, rows, columns]` in and out.</summary>
internal sealed class NormActivation : Module<Tensor, Tensor>
{
    private readonly InstanceNorm2d norm;
    private readonly PReLU prelu;
    private readonly INetworkKernels kernels;

    public NormActivation(long channels, INetworkKernels kernels)
        : base(nameof(NormActivation))
    {
        this.kernels = kernels;
        norm = InstanceNorm2d(channels, DilatedDenseBlock.NormEps, affine: true);
        prelu = PReLU(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => kernels.NormActivate(input, norm, prelu);
}
