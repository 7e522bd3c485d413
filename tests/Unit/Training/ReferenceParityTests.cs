using System.Text.Json;
using SpeechGan.Configuration;
using SpeechGan.Runs;
using SpeechGan.Training;
using TorchSharp;
using static SpeechGan.Tests.Unit.Training.ReferenceTolerances;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Training;

/// <summary>The training step against the original trainer's numbers (reference/README.md).</summary>
[RequiresTensorEngine]
internal sealed class ReferenceParityTests
{
    private static readonly object[] Variants =
    [
        new object[] { Precision.Float64, TimeReference.Normalized },
        new object[] { Precision.Float64, TimeReference.Raw },
        new object[] { Precision.Float32, TimeReference.Normalized },
        new object[] { Precision.Float32, TimeReference.Raw },
    ];

    [TestCaseSource(nameof(Variants))]
    public void Losses_and_states_of_three_steps_are_the_reference_s(Precision precision, TimeReference reference)
    {
        using var tiny = new TinyReference(precision, reference);
        var expected = Of(precision).GetProperty($"train_{Name(reference)}");
        for (var step = 0; step < 3; step++)
        {
            var (g, d) = tiny.Step();
            var e = expected[step];
            var limit =
                precision == Precision.Float64 ? Loss64
                : step == 0 ? Loss32First
                : Loss32Third;
            foreach (
                var (name, value) in new[]
                {
                    ("ri", g.Ri),
                    ("mag", g.Magnitude),
                    ("time", g.Time),
                    ("gan", g.Gan),
                    ("total", g.Total),
                    ("disc", d),
                }
            )
                Relative(value!.Value, e.GetProperty(name).GetDouble()).Should().BeLessThan(limit, $"{name} of step {step + 1}");
        }
        var suffix = precision == Precision.Float64 ? "_f64" : "";
        CompareState(tiny.Networks.Generator, TinyReference.Load($"after3_g_{Name(reference)}{suffix}"), precision);
        CompareState(tiny.Networks.Discriminator!, TinyReference.Load($"after3_d_{Name(reference)}{suffix}"), precision);
    }

    [TestCaseSource(nameof(Variants))]
    public void Gradients_of_the_first_step_are_the_reference_s(Precision precision, TimeReference reference)
    {
        using var tiny = new TinyReference(precision, reference);
        tiny.Step(update: false);
        var norms = Of(precision);
        CompareGradients(
            tiny.Networks.Generator,
            TinyReference.Load($"grads_g_{Name(reference)}"),
            norms.GetProperty($"grad_g_{Name(reference)}"),
            precision
        );
        CompareGradients(tiny.Networks.Discriminator!, TinyReference.Load("grads_d"), norms.GetProperty("grad_d"), precision);
    }

    [TestCase(MaskedTerms.Pesq, "disc_masked", "grad_d_masked")]
    [TestCase(MaskedTerms.Both, "disc_masked_both", "grad_d_masked_both")]
    public void A_masked_sample_changes_the_discriminator_s_loss_and_gradient_as_specified(
        MaskedTerms masked,
        string loss,
        string gradients
    )
    {
        using var tiny = new TinyReference(Precision.Float64, TimeReference.Normalized);
        var (_, d) = tiny.Step(update: false, mask: [true, false], masked);
        var expected = Of(Precision.Float64);
        Relative(d, expected.GetProperty(loss).GetProperty("total").GetDouble()).Should().BeLessThan(Loss64);
        foreach (var (name, p) in tiny.Networks.Discriminator!.named_parameters())
            Relative(Norm(p), expected.GetProperty(gradients).GetProperty(name).GetDouble()).Should().BeLessThan(Gradient64, name);
    }

    [Test]
    public void The_masked_sample_s_target_has_no_influence()
    {
        using var tiny = new TinyReference(Precision.Float64, TimeReference.Normalized);
        using var scope = NewDisposeScope();
        var pass = new GeneratorPass(tiny.Networks, tiny.Config.Loss).Run(tiny.Clean, tiny.Noisy);
        using var before = new FrozenState(tiny.Networks.Discriminator!);
        var discriminator = new DiscriminatorPass(tiny.Networks, tiny.Config.Metric);
        var one = discriminator.Run(pass.CleanMagnitude, pass.Magnitude, [0.5, 0.25], [true, false]).Loss;
        before.Restore();
        var other = discriminator.Run(pass.CleanMagnitude, pass.Magnitude, [0.5, 1000], [true, false]).Loss;
        other.Should().Be(one);
    }

    private static JsonElement Of(Precision precision) =>
        TinyReference.Expected.GetProperty(precision == Precision.Float64 ? "float64" : "float32");

    private static string Name(TimeReference reference) => reference == TimeReference.Raw ? "upstream" : "normalised";

    private static double Relative(double value, double expected) => Math.Abs(value - expected) / Math.Max(Math.Abs(expected), 1e-300);

    private static double Norm(Tensor parameter)
    {
        using var scope = NewDisposeScope();
        return parameter.grad is { } g ? g.to(float64).square().sum().sqrt().ToDouble() : 0;
    }

    private static void CompareState(nn.Module module, IReadOnlyDictionary<string, TensorEntry> expected, Precision precision)
    {
        using var scope = NewDisposeScope();
        var state = module.state_dict();
        state.Keys.Should().BeEquivalentTo(expected.Keys, "state dicts interchange with PyTorch's");
        foreach (var (name, tensor) in state)
        {
            var error = (tensor.to(float64) - StateDict.ToTensor(expected[name]).to(float64)).abs().max().ToDouble();
            var noisy = TinyReference.DeadBiases.Contains(name) || name.EndsWith("running_mean", StringComparison.Ordinal);
            if (precision == Precision.Float64)
                error.Should().BeLessThan(noisy ? DeadBias64 : LiveParameter64, name);
            else if (!TinyReference.DeadBiases.Contains(name))
                error.Should().BeLessThan(noisy ? RunningMean32 : LiveParameter32, name);
        }
    }

    private static void CompareGradients(
        nn.Module module,
        IReadOnlyDictionary<string, TensorEntry> stored,
        JsonElement norms,
        Precision precision
    )
    {
        foreach (var (name, p) in module.named_parameters())
        {
            if (TinyReference.DeadBiases.Contains(name) || name == "layers.11.weight")
                continue;
            using var scope = NewDisposeScope();
            var expected = norms.GetProperty(name).GetDouble();
            var difference =
                (p.grad!.to(float64) - StateDict.ToTensor(stored[name]).to(float64)).square().sum().sqrt().ToDouble() / expected;
            // Stored in float32 from a float32 pass: the float64 pass is compared through its norm.
            difference.Should().BeLessThan(Gradient32, name);
            Relative(Norm(p), expected).Should().BeLessThan(precision == Precision.Float64 ? Gradient64 : Gradient32, name);
        }
    }

    /// <summary>Puts a network back to where it was: training-mode forwards move the power iteration.</summary>
    private sealed class FrozenState(nn.Module module) : IDisposable
    {
        private readonly IReadOnlyDictionary<string, TensorEntry> entries = StateDict.Of(module);

        public void Restore() => StateDict.Load(module, entries, "memory");

        public void Dispose() { }
    }
}
