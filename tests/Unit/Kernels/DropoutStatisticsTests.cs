using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>
/// Fused kernels and operators draw different dropout masks, so that only their distributions can be equal: means and variances of what
/// every stage of the generator gives, and of every parameter's gradient, over many draws. SPEECHGAN_DRAWS sets how many a side.
/// </summary>
[RequiresTensorEngine]
internal sealed class DropoutStatisticsTests
{
    /// <summary>A comparison of one distribution with itself is rejected with at most this probability, all its means and variances
    /// together.</summary>
    private const double FalseAlarm = 0.001;

    // Outputs and gradients are of order 1 and more, rounding 1e-16 of that: what varies by less than this is rounding (gradients of biases
    // in front of a norm).
    private const double Noise = 1e-9;

    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("SPEECHGAN_SEED"), out var seed) ? seed : 20261130;
    private static readonly int Draws = int.TryParse(
        Environment.GetEnvironmentVariable("SPEECHGAN_DRAWS"),
        NumberStyles.None,
        CultureInfo.InvariantCulture,
        out var draws
    )
        ? draws
        : 40;
    private SortedDictionary<string, double[][]> operators = null!;

    [OneTimeSetUp]
    public void Draw() => operators = Draw(KernelChoice.Operators, first: 0, Draws);

    [Test]
    public void Fused_kernels_give_what_operators_give_in_mean_and_variance() =>
        Compare(Draw(KernelChoice.Fused, first: 0, Draws), operators).PValue.Should().BeGreaterThan(FalseAlarm);

    [Test]
    public void Operators_on_other_draws_are_not_told_from_operators() =>
        Compare(Draw(KernelChoice.Operators, first: Draws, Draws), operators).PValue.Should().BeGreaterThan(FalseAlarm);

    [TestCase(0.25)]
    [TestCase(0.3)]
    public void Another_dropout_than_the_operators_is_told(double dropout) =>
        Compare(Draw(KernelChoice.Operators, first: Draws, Draws, dropout), operators).PValue.Should().BeLessThanOrEqualTo(FalseAlarm);

    private static DrawComparison Compare(SortedDictionary<string, double[][]> first, SortedDictionary<string, double[][]> second)
    {
        first.Keys.Should().Equal(second.Keys);
        var comparison = DrawComparison.Of(first, second, Noise, Seed);
        TestContext.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"seed {Seed} (SPEECHGAN_SEED), {Draws} draws a side (SPEECHGAN_DRAWS), {comparison.Comparisons} comparisons: p = "
                    + $"{comparison.PValue:G3}, {comparison.Largest}"
            )
        );
        comparison.Comparisons.Should().BeGreaterThan(250);
        return comparison;
    }

    private static SortedDictionary<string, double[][]> Draw(KernelChoice kernels, int first, int count, double dropout = 0.2)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        manual_seed(Seed);
        using var generator = new SpeechGan.Models.Generator(channels: 8, heads: 2, blockCount: 1, dropout, kernels);
        generator.to(float64);
        Tensor input = randn([1, 2, 7, Spectrum.Bins], float64),
            real = randn([1, 1, 7, Spectrum.Bins], float64),
            imaginary = randn_like(real);
        var drawn = new SortedDictionary<string, double[][]>(StringComparer.Ordinal);
        for (var k = 0; k < count; k++)
        {
            using var inner = NewDisposeScope();
            manual_seed(Seed + 1 + first + k);
            generator.zero_grad();
            var stages = generator.Stages(input);
            Keep("output of block", stages.Blocks[0]);
            Keep("mask", stages.Mask);
            Keep("complex part", stages.Complex);
            Keep("real part", stages.Real);
            Keep("imaginary part", stages.Imaginary);
            ((stages.Real * real) + (stages.Imaginary * imaginary)).sum().backward();
            foreach (var (name, parameter) in generator.named_parameters())
                Keep("gradient of " + name, parameter.grad!);

            void Keep(string name, Tensor value)
            {
                if (!drawn.TryGetValue(name, out var all))
                    drawn[name] = all = new double[count][];
                all[k] = value.detach().contiguous().data<double>().ToArray();
            }
        }
        return drawn;
    }
}
