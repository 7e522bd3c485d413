using SpeechGan.Kernels;
using SpeechGan.Kernels.Convolution;
using SpeechGan.Models;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>Plain convolutions against libtorch's in float64, forward and every gradient: the networks' shapes and odd ones, for each
/// vector width.</summary>
[RequiresTensorEngine]
internal sealed class PlainConvolutionTests
{
    private const int Seed = 21;

    // In, out, kernel, stride, padding, image.
    private static readonly (long In, long Out, (long, long) Kernel, ConvolutionShape Shape, (long, long) Image)[] Cases =
    [
        (3, 8, (1, 1), ConvolutionShape.Dense, (9, 33)),
        (3, 24, (1, 1), ConvolutionShape.Dense, (5, 201)),
        (8, 8, (1, 3), new((1, 2), (0, 1)), (7, 41)),
        (24, 24, (1, 3), new((1, 2), (0, 1)), (4, 201)),
        (16, 32, (1, 3), new((1, 1), (0, 1)), (6, 101)),
        (8, 2, (1, 2), ConvolutionShape.Dense, (5, 202)),
        (10, 1, (1, 2), ConvolutionShape.Dense, (5, 18)),
        (1, 1, (1, 1), ConvolutionShape.Dense, (3, 7)),
        (2, 16, (4, 4), new((2, 2), (1, 1)), (41, 39)),
        (5, 7, (4, 4), new((2, 2), (1, 1)), (12, 17)),
        (32, 64, (4, 4), new((2, 2), (1, 1)), (10, 8)),
        (3, 4, (2, 3), new((1, 1), (2, 2)), (3, 5)),
        (2, 3, (3, 2), new((3, 2), (0, 0)), (11, 9)),
        (4, 4, (4, 4), new((2, 2), (1, 1)), (2, 2)),
    ];

    [Test]
    public void A_convolution_is_libtorch_s_in_float64_with_every_gradient([Values] VectorWidth width, [Values] bool bias)
    {
        var fused = PlainKernels.Fused(width);
        foreach (var c in Cases)
            Compare(fused, c, bias, float64).Should().BeLessThan(1e-12, $"{c}, seed {Seed}");
    }

    // Against float64, as libtorch's own float32 convolutions are wrong on some machines. Sums of up to 512 terms round by 512 * 2^-24 at
    // most.
    [Test]
    public void A_convolution_in_float32_is_float64_s_but_for_rounding([Values] VectorWidth width)
    {
        var fused = PlainKernels.Fused(width);
        foreach (var c in Cases)
            Compare(fused, c, true, float32).Should().BeLessThan(512 * Math.Pow(2, -24), $"{c}, seed {Seed}");
    }

    [Test]
    public void The_bits_are_the_same_on_any_number_of_threads()
    {
        using var scope = NewDisposeScope();
        manual_seed(Seed);
        var fused = PlainKernels.Fused(VectorWidths.Best);
        Tensor x = randn(3, 6, 47, 29),
            weight = randn(10, 6, 4, 4),
            bias = randn(10),
            direction = randn(3, 10, 23, 14);
        var before = get_num_threads();
        try
        {
            List<byte[]>? first = null;
            foreach (var threads in new[] { 1, 2, 3, 5, 8 })
            {
                set_num_threads(threads);
                var bits = PlainKernels
                    .WithGradients(t => fused.Convolve(t[0], t[1], t[2], new((2, 2), (1, 1))), direction, x, weight, bias)
                    .ConvertAll(t => t.contiguous().bytes.ToArray());
                first ??= bits;
                foreach (var (found, expected) in bits.Zip(first))
                    found.Should().Equal(expected, $"{threads} threads");
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Test]
    public void A_frozen_weight_gets_no_gradient_and_costs_none()
    {
        using var scope = NewDisposeScope();
        var fused = PlainKernels.Fused(VectorWidths.Best);
        Tensor x = randn([1, 2, 9, 9], requires_grad: true),
            weight = randn(3, 2, 3, 3);
        fused.Convolve(x, weight, null, ConvolutionShape.Dense).sum().backward();
        weight.grad.Should().BeNull();
        x.grad!.shape.Should().Equal(1, 2, 9, 9);
    }

    [Test]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        using var scope = NewDisposeScope();
        var fused = PlainKernels.Fused(VectorWidths.Best);
        fused
            .Invoking(k => k.Convolve(randn(1, 3, 4, 4), randn(5, 2, 1, 1), null, ConvolutionShape.Dense))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("convolution: the weight does not fit 3 channels.");
        fused
            .Invoking(k => k.Convolve(randn(1, 2, 2, 2), randn(5, 2, 4, 4), null, ConvolutionShape.Dense))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("convolution: an image of 2 x 2 is smaller than the kernel of 4 x 4.");
        fused
            .Invoking(k => k.Convolve(randn(2, 2, 2), randn(5, 2, 1, 1), null, ConvolutionShape.Dense))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("convolution: takes [batch, channels, rows, columns], found 3 axes.");
    }

    private static double Compare(
        INetworkKernels fused,
        (long In, long Out, (long Rows, long Columns) Kernel, ConvolutionShape Shape, (long Rows, long Columns) Image) c,
        bool bias,
        ScalarType type
    )
    {
        using var scope = NewDisposeScope();
        manual_seed(Seed);
        Tensor x = randn([2, c.In, c.Image.Rows, c.Image.Columns], type),
            weight = randn([c.Out, c.In, c.Kernel.Rows, c.Kernel.Columns], type);
        Tensor[] inputs = bias ? [x, weight, randn([c.Out], type)] : [x, weight];
        long[] stride = [c.Shape.Stride.Rows, c.Shape.Stride.Columns],
            padding = [c.Shape.Padding.Rows, c.Shape.Padding.Columns];
        Tensor Exact(Tensor[] t) => F.conv2d(t[0], t[1], t.Length > 2 ? t[2] : null, stride, padding);
        var direction = randn_like(Exact(inputs.Select(t => t.to(float64)).ToArray()));
        var found = PlainKernels.WithGradients(
            t => fused.Convolve(t[0], t[1], t.Length > 2 ? t[2] : null, c.Shape),
            direction.to(type),
            inputs
        );
        var expected = PlainKernels.WithGradients(Exact, direction, [.. inputs.Select(t => t.to(float64))]);
        return PlainKernels.Distance(found, expected);
    }
}
