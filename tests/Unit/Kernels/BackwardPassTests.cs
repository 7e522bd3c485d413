using SpeechGan.Kernels;
using SpeechGan.Kernels.Operators;
using SpeechGan.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>What happens in a backward pass through kernels: failures reach the caller, a graph serves once, nothing is held longer than it
/// is needed.</summary>
[RequiresTensorEngine]
[NonParallelizable]
internal sealed class BackwardPassTests
{
    [Test]
    public void An_exception_in_a_backward_pass_reaches_whoever_ends_it_and_the_process_lives_on()
    {
        using var scope = NewDisposeScope();
        var pass = new BackwardPass();
        var x = randn([3], requires_grad: true);
        KernelFunction.Apply(new Failing(), pass, x).sum().backward();
        x.grad!.isnan().all().ToBoolean().Should().BeTrue("a gradient that was not computed cannot be used by mistake");
        pass.Invoking(p => p.End()).Should().Throw<InvalidDataException>().WithMessage("the disk is gone");
        pass.Invoking(p => p.End()).Should().NotThrow("it is thrown once");
    }

    [Test]
    public void A_graph_serves_one_backward_pass()
    {
        using var scope = NewDisposeScope();
        var kernels = new FusedKernels(new OperatorKernels(), VectorWidths.Best);
        var y = kernels
            .Convolve(
                randn([1, 2, 5, 5], requires_grad: true),
                randn(3, 2, 1, 1),
                null,
                SpeechGan.Kernels.Convolution.ConvolutionShape.Dense
            )
            .sum();
        y.backward(retain_graph: true);
        kernels.Invoking(k => k.EndBackward()).Should().NotThrow();
        y.backward();
        kernels
            .Invoking(k => k.EndBackward())
            .Should()
            .Throw<InvalidOperationException>()
            .WithMessage("convolution: backward was called a second time on one graph. Compute the forward pass again.");
    }

    [Test]
    public void A_second_derivative_is_refused()
    {
        using var scope = NewDisposeScope();
        var kernels = new FusedKernels(new OperatorKernels(), VectorWidths.Best);
        var x = randn([1, 2, 5, 5], requires_grad: true);
        var y = kernels.Convolve(x, randn(3, 2, 1, 1), null, SpeechGan.Kernels.Convolution.ConvolutionShape.Dense).square().sum();
        autograd.grad([y], [x], create_graph: true);
        kernels
            .Invoking(k => k.EndBackward())
            .Should()
            .Throw<InvalidOperationException>()
            .WithMessage("convolution: has no second derivative. Use the operator form *");
    }

    [Test]
    public void Gradients_and_what_was_saved_are_freed_during_the_pass()
    {
        using var scope = NewDisposeScope();
        var kernels = new FusedKernels(new OperatorKernels(), VectorWidths.Best);
        var x = randn([1, 2, 9, 9], requires_grad: true);
        var weights = Enumerable.Range(0, 10).Select(_ => randn([2, 2, 1, 1], requires_grad: true)).ToList();
        foreach (var weight in weights)
            weight.grad = zeros_like(weight);
        x.grad = zeros_like(x);
        var y = weights.Aggregate(x, (h, w) => kernels.Convolve(h, w, null, SpeechGan.Kernels.Convolution.ConvolutionShape.Dense)).sum();
        var before = Tensor.TotalCount;
        y.backward();
        kernels.EndBackward();
        Tensor.TotalCount.Should().Be(before, "ten operators' gradients belong to nobody any more");
    }

    private sealed class Failing : KernelOperator
    {
        public override string Name => "failing";

        public override void Check(IReadOnlyList<Tensor> inputs) { }

        public override Tensor Forward(IReadOnlyList<Tensor> inputs, List<Tensor>? keep) => inputs[0].clone();

        public override Tensor?[] Backward(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> kept, Tensor gradient) =>
            throw new InvalidDataException("the disk is gone");
    }
}
