using System.Text.Json;
using SpeechGan.Configuration;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Training;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Models;

/// <summary>The published size, its weights filled by formula, against the original trainer's statistics (reference/README.md).</summary>
[RequiresTensorEngine]
internal sealed class FullSizeParityTests
{
    private const int Batch = 2,
        Samples = 8000;
    private static readonly double[] Targets = [0.5, 0.25];

    [Test]
    public void The_fill_is_the_manifest_s()
    {
        foreach (var check in ReferenceFill.Manifest.GetProperty("fill_checks").EnumerateObject())
        {
            var hash = ReferenceFill.Hash(check.Name);
            hash.ToString("x16").Should().Be(check.Value.GetProperty("fnv1a64").GetString(), check.Name);
            Enumerable
                .Range(0, 4)
                .Select(i => ReferenceFill.U(hash, i))
                .Should()
                .Equal(check.Value.GetProperty("u_first4").EnumerateArray().Select(e => e.GetDouble()));
        }
        foreach (var model in new[] { "g", "d" })
        {
            var weights = ReferenceFill.Weights(model);
            foreach (var t in ReferenceFill.Manifest.GetProperty(model).GetProperty("tensors").EnumerateArray())
            {
                var key = t.GetProperty("key").GetString()!;
                double sum = 0,
                    squares = 0;
                foreach (var v in Doubles(weights[key]))
                    (sum, squares) = (sum + v, squares + (v * v));
                sum.Should().BeApproximately(t.GetProperty("sum").GetDouble(), 1e-9, key);
                Math.Sqrt(squares).Should().BeApproximately(t.GetProperty("l2").GetDouble(), 1e-9, key);
            }
        }
        var (clean, noisy) = ReferenceFill.Inputs(Batch, Samples);
        foreach (var (name, signal) in new[] { ("clean", clean), ("noisy", noisy) })
        {
            var e = ReferenceFill.Manifest.GetProperty("inputs").GetProperty(name);
            signal.Take(4).Select(v => (double)v).Should().Equal(e.GetProperty("first").EnumerateArray().Select(v => v.GetDouble()), name);
            Math.Sqrt(signal.Sum(v => (double)v * v)).Should().BeApproximately(e.GetProperty("l2").GetDouble(), 1e-9, name);
        }
    }

    [TestCase(Precision.Float32)]
    [TestCase(Precision.Float64)]
    public void Evaluation_mode_is_the_reference_s(Precision precision)
    {
        using var full = new FullSize(precision, TimeReference.Normalized);
        full.Networks.Train(false);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        Compare(new ReferenceForward(full.Networks, full.Clean, full.Noisy, Targets, settle: true), "eval", precision);
    }

    [TestCase(Precision.Float32)]
    [TestCase(Precision.Float64)]
    public void Training_mode_is_the_reference_s(Precision precision)
    {
        using var full = new FullSize(precision, TimeReference.Normalized);
        full.Networks.Train(true);
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        Compare(new ReferenceForward(full.Networks, full.Clean, full.Noisy, Targets), "train", precision);
    }

    [TestCase(Precision.Float32, TimeReference.Normalized)]
    [TestCase(Precision.Float64, TimeReference.Normalized)]
    [TestCase(Precision.Float64, TimeReference.Raw)]
    public void One_step_has_the_reference_s_gradients_and_leaves_its_weights(Precision precision, TimeReference reference)
    {
        using var full = new FullSize(precision, reference);
        full.Networks.Train(true);
        using var scope = NewDisposeScope();
        var expected = Expected(precision, "train");
        var pass = new GeneratorPass(full.Networks, full.Config.Loss).Run(full.Clean, full.Noisy);
        CompareGradients(
            full.Networks.Generator,
            expected.GetProperty(reference == TimeReference.Raw ? "grad_g_upstream" : "grad_g_normalised"),
            precision
        );
        full.Networks.GeneratorOptimizer.step();
        new DiscriminatorPass(full.Networks, full.Config.Metric).Run(pass.CleanMagnitude, pass.Magnitude, Targets, [true, true]);
        CompareGradients(full.Networks.Discriminator!, expected.GetProperty("grad_d"), precision);
        full.Networks.DiscriminatorOptimizer!.step();
        if (reference == TimeReference.Raw)
            return;
        // Dead biases move by rounding noise: in float32 the sums say less.
        var limit = precision == Precision.Float64 ? 1e-9 : 1e-5;
        var after = expected.GetProperty("after1_normalised");
        foreach (var (name, module) in new (string, nn.Module)[] { ("g", full.Networks.Generator), ("d", full.Networks.Discriminator!) })
        {
            Relative(module.parameters().Sum(p => p.to(float64).sum().ToDouble()), after.GetProperty($"{name}_sum").GetDouble())
                .Should()
                .BeLessThan(limit, name);
            Relative(
                    Math.Sqrt(module.parameters().Sum(p => p.to(float64).square().sum().ToDouble())),
                    after.GetProperty($"{name}_l2").GetDouble()
                )
                .Should()
                .BeLessThan(limit, name);
        }
    }

    private static readonly (string Theirs, string Ours)[] Stages =
    [
        ("dense_encoder", "encoder"),
        ("TSCB_1", "tscb_1"),
        ("TSCB_4", "tscb_4"),
        ("mask_decoder", "mask"),
        ("complex_decoder", "complex"),
        ("est_real", "est_real"),
        ("est_imag", "est_imag"),
        ("est_mag", "est_mag"),
        ("clean_mag", "clean_mag"),
        ("est_audio", "est_audio"),
    ];

    private static void Compare(ReferenceForward found, string mode, Precision precision)
    {
        var expected = Expected(precision, mode);
        // float64: rounding through some hundred layers, on values up to 50. float32: ten times the reference's own distance from its
        // float64 (1e-5 at most).
        var (single, losses) = precision == Precision.Float64 ? (1e-9, 1e-11) : (1e-4, 1e-5);
        foreach (var (theirs, ours) in Stages)
        {
            var t = found.Tensors[ours].to(float64).contiguous();
            var e = expected.GetProperty("tensors").GetProperty(theirs);
            var values = t.data<double>().ToArray();
            double mean = values.Average(),
                std = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            mean.Should().BeApproximately(e.GetProperty("mean").GetDouble(), single, $"mean of {theirs}");
            std.Should().BeApproximately(e.GetProperty("std").GetDouble(), single, $"std of {theirs}");
            Relative(Math.Sqrt(values.Sum(v => v * v)), e.GetProperty("l2").GetDouble()).Should().BeLessThan(single, $"l2 of {theirs}");
            values.Max(Math.Abs).Should().BeApproximately(e.GetProperty("max_abs").GetDouble(), single, $"largest of {theirs}");
            var first = e.GetProperty("first").EnumerateArray().Select(v => v.GetDouble()).ToArray();
            for (var k = 0; k < first.Length; k++)
                values[k].Should().BeApproximately(first[k], single, $"element {k} of {theirs}");
            values[^1].Should().BeApproximately(e.GetProperty("last").GetDouble(), single, $"last element of {theirs}");
        }
        foreach (var name in new[] { "ri", "mag", "time_upstream", "time_normalised", "gan", "total_upstream", "total_normalised", "disc" })
            Relative(found.Losses[name], expected.GetProperty(name).GetDouble()).Should().BeLessThan(losses, name);
        foreach (var (theirs, ours) in new[] { ("g_pass", "d_gpass"), ("est", "d_est"), ("max", "d_max") })
            found
                .Tensors[ours]
                .to(float64)
                .data<double>()
                .ToArray()
                .Zip(expected.GetProperty("d_outputs").GetProperty(theirs).EnumerateArray())
                .Should()
                .OnlyContain(p => Math.Abs(p.First - p.Second.GetDouble()) < (precision == Precision.Float64 ? 1e-10 : 1e-5), theirs);
    }

    private static void CompareGradients(nn.Module module, JsonElement norms, Precision precision)
    {
        foreach (var (name, p) in module.named_parameters())
        {
            if (TinyReference.DeadBiases.Contains(name) || name == "layers.11.weight")
                continue;
            using var scope = NewDisposeScope();
            Relative(p.grad!.to(float64).square().sum().sqrt().ToDouble(), norms.GetProperty(name).GetDouble())
                .Should()
                .BeLessThan(precision == Precision.Float64 ? 1e-8 : ReferenceTolerances.FullSizeGradient32, name);
        }
    }

    private static JsonElement Expected(Precision precision, string mode) =>
        ReferenceFill.Expected.GetProperty(precision == Precision.Float64 ? "float64" : "float32").GetProperty(mode);

    private static double Relative(double value, double expected) => Math.Abs(value - expected) / Math.Abs(expected);

    private static IEnumerable<double> Doubles(TensorEntry entry)
    {
        var bytes = entry.Bytes.ToArray();
        for (var at = 0; at < bytes.Length; at += entry.Type == TensorType.I64 ? 8 : 4)
            yield return entry.Type == TensorType.I64 ? BitConverter.ToInt64(bytes, at) : BitConverter.ToSingle(bytes, at);
    }

    private sealed class FullSize : IDisposable
    {
        private readonly DisposeScope scope = NewDisposeScope();

        public FullSize(Precision precision, TimeReference reference)
        {
            Config = new RunConfig
            {
                Model = new ModelConfig { Dropout = 0 },
                Discriminator = new DiscriminatorConfig { Dropout = 0 },
                Loss = new LossConfig { TimeReference = reference },
                Train = new TrainConfig { Precision = precision },
            };
            Networks = new Networks(Config);
            StateDict.Load(Networks.Generator, ReferenceFill.Weights("g"), "g");
            StateDict.Load(Networks.Discriminator!, ReferenceFill.Weights("d"), "d");
            var (clean, noisy) = ReferenceFill.Inputs(Batch, Samples);
            Clean = tensor(clean, [Batch, Samples]).to(Networks.Type);
            Noisy = tensor(noisy, [Batch, Samples]).to(Networks.Type);
        }

        public RunConfig Config { get; }
        public Networks Networks { get; }
        public Tensor Clean { get; }
        public Tensor Noisy { get; }

        public void Dispose()
        {
            scope.Dispose();
            Networks.Dispose();
        }
    }
}
