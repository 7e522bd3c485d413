using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Losses;

/// <summary>What every loss term keeps: a scalar, zero at its best, never below it, with the gradient that finite differences
/// find.</summary>
internal static class LossContract
{
    private const double Step = 1e-6;

    /// <param name="loss">The term as a function of one input, float64.</param>
    /// <param name="best">Where the term is 0.</param>
    /// <param name="seed">Of the point and the direction.</param>
    public static void Holds(Func<Tensor, Tensor> loss, Tensor best, int seed)
    {
        TestContext.Out.WriteLine($"seed {seed}");
        using var scope = NewDisposeScope();
        var atBest = loss(best);
        atBest.ndim.Should().Be(0, "a term is a scalar");
        atBest.ToDouble().Should().Be(0);

        manual_seed(seed);
        Tensor point = (best + randn_like(best)).detach(),
            direction = randn_like(best);
        point.requires_grad = true;
        var value = loss(point);
        value.ToDouble().Should().BePositive();
        var slope = (autograd.grad([value], [point])[0] * direction).sum().ToDouble();
        using var quiet = no_grad();
        var difference = (loss(point + (direction * Step)).ToDouble() - loss(point - (direction * Step)).ToDouble()) / (2 * Step);
        // Central differences: error of the order Step^2 plus rounding 1e-16 / Step.
        slope.Should().BeApproximately(difference, 1e-7 * Math.Max(1, Math.Abs(difference)));
    }
}
