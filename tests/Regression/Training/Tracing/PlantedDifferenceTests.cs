using SpeechGan.Comparison;
using SpeechGan.Data;
using SpeechGan.Engine;
using SpeechGan.Kernels.Convolution;
using SpeechGan.Models;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;
using SpeechGan.Training.Tracing;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Tests.Regression.Training.Tracing;

/// <summary>Forty planted differences, each in one module: the planted module is named first, and what is rounding is called
/// rounding.</summary>
internal sealed class PlantedDifferenceTests
{
    private const string Block = "TSCB_1.time_conformer.";
    private Workplace place = null!;
    private PairedCorpus corpus = null!;
    private StepTrace single = null!,
        exact = null!;
    private TraceBound bound = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        place = new Workplace();
        corpus = SmallRun.Open(place.Corpus, Config(isFloat64: false));
        single = Trace(isFloat64: false, null, null);
        exact = Trace(isFloat64: true, null, null);
        bound = new TraceBound(single, exact);
        foreach (var node in single.Nodes.Where(n => n.Part == TracePart.Output))
            TestContext.Out.WriteLine($"{node.InWords} {node.Name}: float32 against float64, bound {bound.Of(node, false):E1}");
    }

    [OneTimeTearDown]
    public void TearDown()
    {
        LibraryPaths.OfLibtorch().Switch(LibraryPath.OneDnn, true);
        place.Dispose();
    }

    [TestCaseSource(nameof(Differences))]
    public void The_planted_module_is_the_first(
        string module,
        bool isFloat64,
        Action<Networks>? plant,
        Func<INetworkKernels, INetworkKernels>? kernels
    )
    {
        var found = Compare(isFloat64, plant, kernels);
        TestContext.Out.WriteLine(found.Sentence);
        found.First.Should().NotBeNull();
        found.First!.A.Module.Should().Be(module);
    }

    [TestCaseSource(nameof(Harmless))]
    public void Another_order_of_a_sum_is_called_equal(
        bool isFloat64,
        Action<Networks>? plant,
        Func<INetworkKernels, INetworkKernels>? kernels
    )
    {
        var found = Compare(isFloat64, plant, kernels);
        TestContext.Out.WriteLine(found.Sentence);
        found.BitsDiffer.Should().BePositive("the plant changes rounding; else it tests nothing");
        found.First.Should().BeNull(found.Sentence);
        found.FirstGradient.Should().BeNull(found.Sentence);
    }

    [Test]
    public void The_same_step_twice_is_equal_to_the_bit() =>
        Compare(true, null, null).Sentence.Should().StartWith("Step 1: all ").And.Contain("tensors are equal to the bit.");

    [Test]
    public void All_after_one_difference_follows_from_it_and_a_second_origin_is_named()
    {
        const string first = "generator.dense_encoder.conv_2.0",
            second = "generator.complex_decoder.conv";
        Follow(first, n => Scale(n.Generator, "dense_encoder.conv_2.0.weight", 1.01))
            .Should()
            .Match<TraceComparison>(c => c.Followed && c.Second == null);
        var two = Follow(first, n =>
        {
            Scale(n.Generator, "dense_encoder.conv_2.0.weight", 1.01);
            Scale(n.Generator, "complex_decoder.conv.weight", 1.01);
        });
        two.Second!.A.Module.Should().Be(second);
        two.Sentence.Should().Contain("Not all follows from it");
    }

    private static IEnumerable<TestCaseData> Differences()
    {
        // A wrong constant in one layer, through its weights.
        (string Parameter, string Module)[] scaled =
        [
            ("dense_encoder.conv_1.0.weight", "generator.dense_encoder.conv_1.0"),
            ("dense_encoder.conv_1.1.weight", "generator.dense_encoder.conv_1.1"),
            ("dense_encoder.conv_2.2.weight", "generator.dense_encoder.conv_2.1"),
            ("dense_encoder.dilated_dense.conv3.weight", "generator.dense_encoder.dilated_dense"),
            (Block + "ff1.fn.fn.net.0.weight", "generator." + Block + "ff1"),
            (Block + "attn.fn.to_kv.weight", "generator." + Block + "attn"),
            (Block + "conv.net.2.weight", "generator." + Block + "conv"),
            (Block + "post_norm.weight", "generator." + Block + "post_norm"),
            ("TSCB_1.freq_conformer.ff2.fn.fn.net.3.weight", "generator.TSCB_1.freq_conformer.ff2"),
            ("mask_decoder.sub_pixel.conv.weight", "generator.mask_decoder.sub_pixel.conv"),
            ("mask_decoder.prelu_out.weight", "generator.mask_decoder.prelu_out"),
            ("complex_decoder.norm.weight", "generator.complex_decoder.norm"),
        ];
        foreach (var (parameter, module) in scaled)
            yield return Case($"constant {parameter}", module, true, n => Scale(n.Generator, parameter, 1.001));
        foreach (
            var (parameter, module) in new[]
            {
                ("layers.1.weight", "discriminator.layers.1"),
                ("layers.18.slope", "discriminator.layers.18"),
            }
        )
            yield return Case($"constant {parameter}", module, true, n => Scale(n.Discriminator!, parameter, 1.001));
        foreach (var (parameter, module) in scaled.Take(3))
            yield return Case($"constant {parameter} in float32", module, false, n => Scale(n.Generator, parameter, 1.01));
        // A transposed weight.
        foreach (
            var part in new[]
            {
                Block + "attn.fn.to_q",
                Block + "attn.fn.to_out",
                "TSCB_1.freq_conformer.attn.fn.to_q",
                "TSCB_1.freq_conformer.attn.fn.to_out",
            }
        )
            yield return Case($"transposed {part}", "generator." + part[..part.IndexOf(".fn", StringComparison.Ordinal)], true, n =>
                Change(n.Generator, part + ".weight", w => w.t())
            );
        yield return Case("transposed kernel", "generator.dense_encoder.dilated_dense", true, n =>
            Change(n.Generator, "dense_encoder.dilated_dense.conv1.weight", w => w.transpose(0, 1))
        );
        yield return Case("transposed kernel in float32", "generator." + Block + "attn", false, n =>
            Change(n.Generator, Block + "attn.fn.to_q.weight", w => w.t())
        );
        // A dropped bias.
        (string Parameter, string Module)[] biases =
        [
            ("dense_encoder.conv_1.0.bias", "generator.dense_encoder.conv_1.0"),
            (Block + "ff2.fn.fn.net.3.bias", "generator." + Block + "ff2"),
            (Block + "conv.net.7.bias", "generator." + Block + "conv"),
            ("mask_decoder.final_conv.bias", "generator.mask_decoder.final_conv"),
            ("complex_decoder.conv.bias", "generator.complex_decoder.conv"),
            ("mask_decoder.conv_1.bias", "generator.mask_decoder.conv_1"),
        ];
        foreach (var (parameter, module) in biases)
            yield return Case($"dropped {parameter}", module, true, n => Scale(n.Generator, parameter, 0));
        yield return Case("dropped layers.14.bias", "discriminator.layers.14", true, n => Scale(n.Discriminator!, "layers.14.bias", 0));
        // An epsilon of a norm, and a changed function, in the kernels.
        foreach (
            var (norm, module) in new[]
            {
                (1, "generator.dense_encoder.conv_1.1"),
                (2, "generator.dense_encoder.conv_2.1"),
                (3, "generator.mask_decoder.norm"),
                (4, "generator.complex_decoder.norm"),
                (5, "discriminator.layers.1"),
            }
        )
            yield return Case($"epsilon of norm {norm}", module, true, null, k => new ChangedNorm(k, norm, 1e-4));
        // Half-precision of a float64 path, and a constant, at a module's output.
        foreach (
            var path in new[]
            {
                "dense_encoder",
                Block + "ff1",
                Block + "attn",
                "TSCB_1.freq_conformer",
                "mask_decoder.dense_block",
                "complex_decoder.sub_pixel",
            }
        )
            yield return Case($"float32 cast in {path}", "generator." + path, true, n =>
                After(n.Generator, path, y => y.to(float32).to(float64))
            );
    }

    private static IEnumerable<TestCaseData> Harmless()
    {
        foreach (var isFloat64 in new[] { false, true })
        {
            yield return new TestCaseData(
                isFloat64,
                null,
                (Func<INetworkKernels, INetworkKernels>)(_ => new OperatorKernels())
            ).SetArgDisplayNames($"operators, float64 {isFloat64}");
            yield return new TestCaseData(
                isFloat64,
                null,
                (Func<INetworkKernels, INetworkKernels>)(k => new ReorderedConvolution(k))
            ).SetArgDisplayNames($"channels in reverse, float64 {isFloat64}");
            yield return new TestCaseData(
                isFloat64,
                (Action<Networks>)(n => After(n.Generator, Block + "ff1", y => (y * 3) / 3)),
                null
            ).SetArgDisplayNames($"times three over three, float64 {isFloat64}");
        }
    }

    private static TestCaseData Case(
        string name,
        string module,
        bool isFloat64,
        Action<Networks>? plant,
        Func<INetworkKernels, INetworkKernels>? kernels = null
    ) => new TestCaseData(module, isFloat64, plant, kernels).SetArgDisplayNames(name);

    private TraceComparison Compare(bool isFloat64, Action<Networks>? plant, Func<INetworkKernels, INetworkKernels>? kernels) =>
        TraceComparison.Of(isFloat64 ? exact : single, Trace(isFloat64, plant, kernels), bound);

    private TraceComparison Follow(string module, Action<Networks> plant)
    {
        var recorder = new TraceRecorder { KeptWhole = module };
        var b = new TracedStep { Plant = plant }.Run("b", Config(true), corpus, 1, recorder);
        var found = TraceComparison.Of(exact, b, bound);
        found.First!.A.Module.Should().Be(module);
        return found.With(
            new TracedStep().Run("a with b's", Config(true), corpus, 1, new TraceRecorder { Substitutes = recorder.Whole }),
            b,
            bound
        );
    }

    private StepTrace Trace(bool isFloat64, Action<Networks>? plant, Func<INetworkKernels, INetworkKernels>? kernels) =>
        new TracedStep { Plant = plant, PlantKernels = kernels is null ? null : k => WithoutOneDnn(kernels, k) }.Run(
            "planted",
            Config(isFloat64),
            corpus,
            1,
            new TraceRecorder()
        );

    // Planted kernels may be operators, whose float32 convolutions oneDNN computes wrongly on some processors.
    private static INetworkKernels WithoutOneDnn(Func<INetworkKernels, INetworkKernels> kernels, INetworkKernels right)
    {
        LibraryPaths.OfLibtorch().Switch(LibraryPath.OneDnn, false);
        return kernels(right);
    }

    private static RunConfig Config(bool isFloat64) =>
        SmallRun.Config("model.channels=4", "model.heads=2", isFloat64 ? "train.precision=float64" : "train.precision=float32");

    private static void Scale(Module network, string parameter, double factor) => Change(network, parameter, w => w * factor);

    private static void Change(Module network, string parameter, Func<Tensor, Tensor> change)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var weight = network.named_parameters().Single(p => p.name == parameter).parameter;
        weight.copy_(change(weight).clone());
    }

    private static void After(Module network, string path, Func<Tensor, Tensor> change) =>
        ((Module<Tensor, Tensor>)network.named_modules().Single(m => m.name == path).module).register_forward_hook((_, _, y) => change(y));

    /// <summary>One InstanceNorm of the step with another epsilon.</summary>
    private sealed class ChangedNorm(INetworkKernels inner, int which, double eps) : PassedOn(inner)
    {
        private readonly HashSet<InstanceNorm2d> seen = [];
        private InstanceNorm2d? chosen;

        public override Tensor NormActivate(Tensor x, InstanceNorm2d norm, PReLU activation)
        {
            if (seen.Add(norm) && seen.Count == which)
                chosen = norm;
            if (norm != chosen)
                return base.NormActivate(x, norm, activation);
            using var scope = NewDisposeScope();
            var centred = x - x.mean([2, 3], keepdim: true);
            var scaled = centred / (centred.square().mean([2, 3], keepdim: true) + eps).sqrt();
            return activation.call((scaled * norm.weight!.view(1, -1, 1, 1)) + norm.bias!.view(1, -1, 1, 1)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Convolutions that sum over their input channels the other way round.</summary>
    private sealed class ReorderedConvolution(INetworkKernels inner) : PassedOn(inner)
    {
        public override Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionShape shape)
        {
            using var scope = NewDisposeScope();
            return F.conv2d(
                    x.flip(1),
                    weight.flip(1),
                    bias,
                    [shape.Stride.Rows, shape.Stride.Columns],
                    [shape.Padding.Rows, shape.Padding.Columns]
                )
                .MoveToOuterDisposeScope();
        }
    }

    private abstract class PassedOn(INetworkKernels inner) : INetworkKernels
    {
        public void EndBackward() => inner.EndBackward();

        public Tensor FeedForward(Tensor x, FeedForwardParts parts, double dropout) => inner.FeedForward(x, parts, dropout);

        public Tensor Attention(Tensor x, AttentionParts parts, double dropout) => inner.Attention(x, parts, dropout);

        public Tensor Convolution(Tensor x, ConvolutionParts parts) => inner.Convolution(x, parts);

        public Tensor DenseBlock(Tensor x, IReadOnlyList<DenseLayer> layers) => inner.DenseBlock(x, layers);

        public virtual Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, ConvolutionShape shape) =>
            inner.Convolve(x, weight, bias, shape);

        public virtual Tensor NormActivate(Tensor x, InstanceNorm2d norm, PReLU activation) => inner.NormActivate(x, norm, activation);
    }
}
