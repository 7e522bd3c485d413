using SpeechGan.Configuration;
using SpeechGan.Models;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Models;

/// <summary>Attention, spectral normalisation, and what in the generator depends on the batch.</summary>
[RequiresTensorEngine]
internal sealed class LayerTests
{
    private DisposeScope scope = null!;

    [SetUp]
    public void Open()
    {
        scope = NewDisposeScope();
        manual_seed(3);
    }

    [TearDown]
    public void Close() => scope.Dispose();

    [TestCase(1)]
    [TestCase(700)]
    [TestCase(1000)]
    public void Attention_does_not_depend_on_its_grouping(long mostScores)
    {
        using var whole = new RelativeAttention(8, 2, 0, new OperatorKernels { MostScores = long.MaxValue });
        using var grouped = new RelativeAttention(8, 2, 0, new OperatorKernels { MostScores = mostScores });
        whole.to(float64);
        grouped.to(float64);
        StateDict.Load(grouped, StateDict.Of(whole), "the other");
        Tensor x = randn([5, 13, 8], float64),
            y = x.clone(),
            direction = randn([5, 13, 8], float64);
        x.requires_grad = y.requires_grad = true;
        Tensor a = whole.call(x),
            b = grouped.call(y);
        Largest(a - b).Should().BeLessThan(1e-12);
        (a * direction).sum().backward();
        (b * direction).sum().backward();
        Largest(x.grad! - y.grad!).Should().BeLessThan(1e-12);
        foreach (var ((name, p), q) in whole.named_parameters().Zip(grouped.parameters()))
            Largest(p.grad! - q.grad!).Should().BeLessThan(1e-12, name);
    }

    [TestCase(KernelChoice.Fused)]
    [TestCase(KernelChoice.Operators)]
    public void Attention_is_the_formula_with_clamped_distances(KernelChoice kernels)
    {
        const int n = 520,
            width = 2; // longer than the table's 512 distances
        using var attention = new RelativeAttention(width, 1, 0, NetworkKernels.For(kernels));
        attention.to(float64);
        var p = attention.state_dict();
        var x = randn([1, n, width], float64);
        var normed = nn.functional.layer_norm(x, [width], p["norm.weight"], p["norm.bias"]).squeeze(0);
        Tensor q = normed.matmul(p["fn.to_q.weight"].t()),
            kv = normed.matmul(p["fn.to_kv.weight"].t());
        Tensor k = kv.narrow(1, 0, width),
            v = kv.narrow(1, width, width),
            table = p["fn.rel_pos_emb.weight"];
        var scores = zeros([n, n], float64);
        double[] qs = q.detach().contiguous().data<double>().ToArray(),
            ks = k.detach().contiguous().data<double>().ToArray(),
            es = table.detach().data<double>().ToArray();
        var s = new double[n * n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
        for (var c = 0; c < width; c++)
            s[(i * n) + j] +=
                qs[(i * width) + c] * (ks[(j * width) + c] + es[((Math.Clamp(i - j, -512, 512) + 512) * width) + c]) / Math.Sqrt(width);
        var expected = nn.functional.linear(tensor(s, [n, n]).softmax(-1).matmul(v), p["fn.to_out.weight"], p["fn.to_out.bias"]);
        Largest((attention.call(x) - x).squeeze(0) - expected).Should().BeLessThan(1e-12);
    }

    [Test]
    public void Spectral_normalisation_brings_the_largest_singular_value_to_one()
    {
        using var layer = new SpectralLinear(6, 4);
        layer.to(float64);
        for (var k = 0; k < 200; k++)
            layer.call(ones([1, 6], float64));
        layer.train(false);
        // The largest singular value of the weight in use, by the power method on the layer itself (its bias taken out).
        var v = randn([1, 6], float64);
        double length = 0;
        var bias = layer.get_parameter("bias")!;
        // [4, 6]
        var w = stack(Enumerable.Range(0, 6).Select(i => (layer.call(eye(6, dtype: float64)[i].unsqueeze(0)) - bias).squeeze(0)), 1);
        for (var k = 0; k < 200; k++)
        {
            v = v.matmul(w.t()).matmul(w);
            length = Math.Sqrt(v.norm().ToDouble());
            v = v / v.norm();
        }
        length.Should().BeApproximately(1, 1e-10);
    }

    [Test]
    public void The_power_iteration_advances_in_training_mode_only()
    {
        using var layer = new SpectralConvolution(2, 3, new OperatorKernels());
        Tensor u = layer.get_buffer("weight_u")!,
            x = randn(1, 2, 8, 8);
        layer.train(false);
        var before = u.clone();
        layer.call(x);
        u.allclose(before, 0, 0).Should().BeTrue();
        layer.train(true);
        layer.call(x);
        u.allclose(before, 0, 0).Should().BeFalse();
        Math.Abs(u.norm().ToDouble() - 1).Should().BeLessThan(1e-6);
    }

    [Test]
    public void The_gradient_flows_through_the_singular_value()
    {
        using var layer = new SpectralLinear(3, 2);
        layer.to(float64);
        layer.train(false);
        var weight = layer.get_parameter("weight_orig")!;
        // W / sigma(W) does not change when W is scaled: the gradient is orthogonal to W.
        layer.call(randn([4, 3], float64)).sum().backward();
        Math.Abs((weight.grad! * weight).sum().ToDouble()).Should().BeLessThan(1e-12);
        weight.grad!.abs().max().ToDouble().Should().BeGreaterThan(1e-3);
    }

    /// <summary>
    /// What the mission's diagnosis had the wrong way round: InstanceNorm does not couple the samples of a batch; in training mode
    /// BatchNorm, inside the generator's convolution modules, does.
    /// </summary>
    [Test]
    public void The_discriminator_judges_each_sample_alone_and_the_generator_does_so_only_in_evaluation_mode()
    {
        using var generator = new SpeechGan.Models.Generator(channels: 8, dropout: 0);
        using var discriminator = new MetricDiscriminator(features: 4, dropout: 0);
        generator.to(float64);
        discriminator.to(float64);
        Tensor x = randn([2, 2, 20, 201], float64),
            y = randn([2, 1, 201, 20], float64).abs(),
            z = randn([2, 1, 201, 20], float64).abs();

        discriminator.train(false);
        Largest(discriminator.call(y, z).narrow(0, 0, 1) - discriminator.call(y.narrow(0, 0, 1), z.narrow(0, 0, 1)))
            .Should()
            .BeLessThan(1e-12);

        generator.train(true);
        Difference().Should().BeGreaterThan(1e-3, "BatchNorm's statistics are the batch's");
        generator.train(false);
        Difference().Should().BeLessThan(1e-10);

        double Difference()
        {
            using var quiet = no_grad();
            return Largest(generator.call(x).Real.narrow(0, 0, 1) - generator.call(x.narrow(0, 0, 1)).Real);
        }
    }

    /// <summary>The batch size cannot break InstanceNorm: mean and variance are of one sample and one channel, whatever the mode.</summary>
    [Test]
    public void InstanceNorm_looks_at_one_sample_in_training_mode_too([Values] bool training)
    {
        using var norm = nn.InstanceNorm2d(6, affine: true);
        norm.to(float64);
        norm.train(training);
        using var quiet = no_grad();
        var alone = randn([1, 6, 9, 11], float64);
        foreach (var others in (long[])[1, 3, 7])
        {
            var batch = cat([alone, 100 * randn([others, 6, 9, 11], float64)]);
            Largest(norm.call(batch).narrow(0, 0, 1) - norm.call(alone)).Should().BeLessThan(1e-12, $"{others} louder samples beside it");
        }
    }

    private static double Largest(Tensor t) => t.abs().max().ToDouble();
}
