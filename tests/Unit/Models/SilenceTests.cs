using SpeechGan.Configuration;
using SpeechGan.Tests.Unit.Training;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Models;

/// <summary>Digital silence, anywhere in a batch, must not make a loss, a gradient or a weight anything but a number.</summary>
[RequiresTensorEngine]
internal sealed class SilenceTests
{
    [TestCase("noisy")]
    [TestCase("clean")]
    [TestCase("both")]
    [TestCase("one sample's noisy")]
    [TestCase("one sample's both")]
    [TestCase("first half of both")]
    public void Silence_keeps_everything_finite(string silent)
    {
        using var tiny = new TinyReference(Precision.Float32, TimeReference.Normalized);
        using var scope = NewDisposeScope();
        Tensor clean = tiny.Clean.clone(),
            noisy = tiny.Noisy.clone();
        if (silent.Contains("noisy", StringComparison.Ordinal) || silent.Contains("both", StringComparison.Ordinal))
            Part(noisy).zero_();
        if (silent.Contains("clean", StringComparison.Ordinal) || silent.Contains("both", StringComparison.Ordinal))
            Part(clean).zero_();
        for (var step = 0; step < 2; step++)
        {
            var pass = new GeneratorPass(tiny.Networks, tiny.Config.Loss).Run(clean, noisy);
            Finite(tiny.Networks.Generator);
            double.IsFinite(pass.Loss.Total!.Value).Should().BeTrue();
            tiny.Networks.GeneratorOptimizer.step();
            var (loss, _, _) = new DiscriminatorPass(tiny.Networks, tiny.Config.Metric).Run(
                pass.CleanMagnitude,
                pass.Magnitude,
                TinyReference.Targets,
                [true, true]
            );
            Finite(tiny.Networks.Discriminator!);
            double.IsFinite(loss).Should().BeTrue();
            tiny.Networks.DiscriminatorOptimizer!.step();
        }
        foreach (var t in tiny.Networks.Generator.state_dict().Values.Concat(tiny.Networks.Discriminator!.state_dict().Values))
            t.isfinite().all().ToBoolean().Should().BeTrue();

        Tensor Part(Tensor t)
        {
            if (silent.StartsWith("one", StringComparison.Ordinal))
                return t.narrow(0, 0, 1);
            if (silent.StartsWith("first", StringComparison.Ordinal))
                return t.narrow(1, 0, t.shape[1] / 2);
            return t;
        }
    }

    private static void Finite(nn.Module module)
    {
        foreach (var (name, p) in module.named_parameters())
            p.grad!.isfinite().all().ToBoolean().Should().BeTrue(name);
    }
}
