using SpeechGan.Kernels;
using SpeechGan.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>What tests of single kernels share.</summary>
internal static class PlainKernels
{
    /// <summary>The fused kernels of a width; skips by name where the processor has none.</summary>
    public static FusedKernels Fused(VectorWidth width)
    {
        if (!VectorWidths.Has(width))
            Assert.Ignore($"this processor has no vectors of {width}");
        return new FusedKernels(new OperatorKernels(), width);
    }

    /// <summary>A result and the gradients of all inputs, for a fixed direction.</summary>
    public static List<Tensor> WithGradients(Func<Tensor[], Tensor> work, Tensor direction, params Tensor[] inputs)
    {
        var leaves = inputs.Select(t => t.detach().clone()).ToArray();
        foreach (var leaf in leaves)
            leaf.requires_grad = true;
        var y = work(leaves);
        (y * direction).sum().backward();
        List<Tensor> all = [y.detach(), .. leaves.Select(l => l.grad!)];
        RequireFinite(all);
        return all;
    }

    /// <summary>The largest difference of two lists of tensors, relative to the largest value of each.</summary>
    public static double Distance(IReadOnlyList<Tensor> left, IReadOnlyList<Tensor> right)
    {
        left.Should().HaveSameCount(right);
        RequireFinite(left);
        return left.Zip(right)
            .Aggregate(0.0, (largest, p) =>
            {
                p.First.shape.Should().Equal(p.Second.shape);
                return Math.Max(
                    largest,
                    (p.First.to(float64) - p.Second.to(float64)).abs().max().ToDouble() / Math.Max(1e-3, p.Second.abs().max().ToDouble())
                );
            });
    }

    /// <summary>A backward pass that failed gives gradients of NaN, and Enumerable.Max looks past NaN: no comparison goes without
    /// this.</summary>
    public static void RequireFinite(IEnumerable<Tensor> tensors)
    {
        foreach (var tensor in tensors)
            tensor.isfinite().all().ToBoolean().Should().BeTrue("every number was computed");
    }
}
