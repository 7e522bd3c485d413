using SpeechGan.Kernels;
using SpeechGan.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>InstanceNorm and PReLU in one against libtorch's layers, forward and every gradient.</summary>
[RequiresTensorEngine]
internal sealed class InstanceNormTests
{
    private static readonly long[][] Shapes =
    [
        [2, 8, 5, 7],
        [1, 3, 1, 2],
        [3, 1, 40, 41],
        [2, 5, 33, 101],
    ];

    [Test]
    public void Both_in_one_are_the_two_layers_in_float64_with_every_gradient([Values] VectorWidth width)
    {
        var fused = PlainKernels.Fused(width);
        foreach (var shape in Shapes)
            Compare(fused, shape, float64, 0).Should().BeLessThan(1e-12, string.Join(' ', shape));
    }

    // A plane whose mean is a thousand times its deviation: single-precision sums of squares would be noise. The mean itself rounds by
    // 1000 * 2^-24 = 6e-5, which is what the normalised values are off by. The slope is 1 there: at a bend such a shift changes a gradient
    // by its size.
    [TestCase(0.0, 2e-6)]
    [TestCase(1000.0, 2e-4)]
    public void In_float32_a_large_mean_costs_no_more_than_its_own_rounding(double mean, double limit)
    {
        var fused = PlainKernels.Fused(VectorWidths.Best);
        foreach (var shape in Shapes.Where(s => s[2] * s[3] > 2))
            Compare(fused, shape, float32, mean).Should().BeLessThan(limit, string.Join(' ', shape));
    }

    [Test]
    public void One_position_is_refused() =>
        FluentActions
            .Invoking(() => Compare(PlainKernels.Fused(VectorWidths.Best), [1, 2, 1, 1], float64, 0))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("InstanceNorm and PReLU: needs more than one position, found 1.");

    private static double Compare(INetworkKernels fused, long[] shape, ScalarType type, double mean)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using InstanceNorm2d norm = nn.InstanceNorm2d(shape[1], 1e-5, affine: true),
            exactNorm = nn.InstanceNorm2d(shape[1], 1e-5, affine: true);
        using PReLU activation = nn.PReLU(shape[1]),
            exactActivation = nn.PReLU(shape[1]);
        using (no_grad())
        {
            norm.weight!.add_(rand(shape[1]));
            norm.bias!.add_(randn(shape[1]));
            activation.weight!.fill_(1);
            if (mean == 0)
                activation.weight!.sub_(rand(shape[1]));
        }
        exactNorm.load_state_dict(norm.state_dict());
        exactActivation.load_state_dict(activation.state_dict());
        foreach (var module in new nn.Module[] { exactNorm, exactActivation })
            module.to(float64);
        foreach (var module in new nn.Module[] { norm, activation })
            module.to(type);
        Tensor x = (randn(shape) + mean).to(type),
            direction = randn(shape, float64);
        var found = PlainKernels.WithGradients(t => fused.NormActivate(t[0], norm, activation), direction.to(type), x);
        var expected = PlainKernels.WithGradients(t => exactActivation.call(exactNorm.call(t[0])), direction, x.to(float64));
        if (mean != 0)
            return PlainKernels.Distance(found, expected); // the weights' gradients are sums that cancel: they have no scale of their own
        return PlainKernels.Distance(
            [.. found, norm.weight!.grad!, norm.bias!.grad!, activation.weight!.grad!],
            [.. expected, exactNorm.weight!.grad!, exactNorm.bias!.grad!, exactActivation.weight!.grad!]
        );
    }
}
