using SpeechGan.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Models;

/// <summary>BatchNorm over all processes, written out, against the layer itself where there is one process: the same values, gradients and
/// running statistics.</summary>
[RequiresTensorEngine]
internal sealed class SynchronisedBatchNormTests
{
    // float64 rounds the rows' mean of 1000 to 1e-13, which is 8e-13 of their spread; the gradients sum up to a thousand such values.
    private const double Tolerance = 1e-11,
        OfGradients = 1e-8;

    [Test]
    public void One_process_gets_what_the_layer_gives()
    {
        using var scope = NewDisposeScope();
        var (layer, plain) = (Layer(), Layer());
        var synchronised = new SynchronisedBatchNorm(layer, sum => sum);
        for (var step = 0; step < 3; step++)
        {
            Tensor input = Rows(step),
                other = Rows(step);
            input.requires_grad = true;
            other.requires_grad = true;
            Tensor found = synchronised.Normalise(input),
                expected = plain.call(other);
            Distance(found, expected).Should().BeLessThan(Tolerance);
            (found.square() * found).sum().backward();
            (expected.square() * expected).sum().backward();
            Distance(input.grad!, other.grad!).Should().BeLessThan(OfGradients);
            Distance(layer.weight!.grad!, plain.weight!.grad!).Should().BeLessThan(OfGradients);
            Distance(layer.bias!.grad!, plain.bias!.grad!).Should().BeLessThan(OfGradients);
            Distance(layer.running_mean!, plain.running_mean!).Should().BeLessThan(Tolerance);
            Distance(layer.running_var!, plain.running_var!).Should().BeLessThan(Tolerance);
            layer.num_batches_tracked!.ToInt64().Should().Be(plain.num_batches_tracked!.ToInt64()).And.Be(step + 1);
        }
        layer.eval();
        plain.eval();
        Distance(synchronised.Normalise(Rows(9)), layer.call(Rows(9)))
            .Should()
            .Be(0, "in evaluation the running statistics serve, and nothing is summed");
        // The layer sums its mean in another order than we do: the running statistics differ in their last bits (1.1e-13 here).
        Distance(synchronised.Normalise(Rows(9)), plain.call(Rows(9))).Should().BeLessThan(Tolerance);
        layer.num_batches_tracked!.ToInt64().Should().Be(3);
    }

    [Test]
    public void Two_processes_with_the_same_rows_get_what_one_gets_of_them()
    {
        using var scope = NewDisposeScope();
        var (layer, plain) = (Layer(), Layer());
        // Sums over two equal halves are twice those of one.
        Tensor found = new SynchronisedBatchNorm(layer, sum => sum * 2).Normalise(Rows(1)),
            expected = plain.call(cat([Rows(1), Rows(1)])).narrow(0, 0, 37);
        Distance(found, expected).Should().BeLessThan(Tolerance);
        Distance(layer.running_var!, plain.running_var!).Should().BeLessThan(Tolerance);
    }

    private static BatchNorm1d Layer()
    {
        var layer = nn.BatchNorm1d(5).to(float64);
        using (no_grad())
        {
            layer.weight!.copy_(tensor(new double[] { 1, -2, 0.5, 3, 1 }, [5], dtype: float64, device: CPU));
            layer.bias!.copy_(tensor(new double[] { 0, 1, 2, -1, 0.5 }, [5], dtype: float64, device: CPU));
        }
        return layer;
    }

    // A large mean beside a small spread, where a difference of squares would lose all digits.
    private static Tensor Rows(int seed)
    {
        var random = new Random(seed);
        return tensor(
            [.. Enumerable.Range(0, 37 * 5).Select(i => (i % 5 == 0 ? 1000 : 0) + random.NextDouble())],
            [37, 5],
            dtype: float64,
            device: CPU
        );
    }

    private static double Distance(Tensor left, Tensor right) => (left - right).abs().max().ToDouble();
}
