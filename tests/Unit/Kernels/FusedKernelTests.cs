using SpeechGan.Kernels;
using SpeechGan.Models;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>
/// The fused parts against the operators they stand for, forward and every gradient, for each vector width this processor has; their
/// promises beyond that: the same bits on any number of threads, dropout that backward repeats, bounded memory, errors in sentences.
/// </summary>
[RequiresTensorEngine, WithoutOneDnn]
internal sealed class FusedKernelTests
{
    private const int Seed = 11;
    private static readonly string[] Parts = ["feed forward", "attention", "convolution", "dense block"];

    // Odd on purpose: one position, fewer than a block of rows, a block and a rest of four and of one, more than the table's 512 distances,
    // head widths 1 to 64, rows that fill no vector.
    private static readonly (int Sequences, int Length, int Channels, int Heads)[] Sizes =
    [
        (3, 1, 8, 4),
        (2, 7, 8, 4),
        (3, 17, 6, 2),
        (5, 29, 16, 4),
        (2, 101, 12, 4),
        (1, 81, 64, 1),
        (2, 40, 10, 2),
        (1, 1040, 4, 4),
        (33, 5, 24, 2),
        (2, 9, 3, 1),
        (2, 11, 7, 1),
        (3, 5, 33, 3),
        (1, 9, 100, 4),
    ];

    private DisposeScope scope = null!;
    private int threads;

    [SetUp]
    public void Open()
    {
        threads = get_num_threads();
        scope = NewDisposeScope();
        manual_seed(Seed);
    }

    [TearDown]
    public void Close()
    {
        set_num_threads(threads);
        scope?.Dispose();
    }

    [Test]
    public void Every_part_is_the_operators_in_float64_with_every_gradient(
        [ValueSource(nameof(Parts))] string part,
        [Values] bool training,
        [Values] VectorWidth width
    )
    {
        Require(width);
        foreach (var size in Sizes.Where(s => Fits(part, s)))
            Compare(part, size, training, float64, width).Should().BeLessThan(1e-12, $"{size}");
    }

    // In float32 the operators themselves are this far from float64: sums of up to a thousand terms.
    [Test]
    public void Every_part_is_the_operators_in_float32([ValueSource(nameof(Parts))] string part, [Values] VectorWidth width)
    {
        Require(width);
        foreach (var size in Sizes.Where(s => Fits(part, s)))
            Compare(part, size, true, float32, width).Should().BeLessThan(1e-4, $"{size}");
    }

    [Test]
    public void Gradients_are_those_of_finite_differences_with_the_same_dropout_masks(
        [ValueSource(nameof(Parts))] string part,
        [Values(0.0, 0.3)] double dropout
    )
    {
        using var module = Make(part, 6, 2, dropout, Fused());
        module.to(float64);
        Tensor x = randn([2, 9, 6], float64),
            direction = randn([2, 9, 6], float64);
        x.requires_grad = true;
        Value(x).backward();
        foreach (var (name, tensor) in module.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Append(("input", x)))
        {
            var (gradient, step) = (tensor.grad!, randn_like(tensor).detach());
            double change;
            using (no_grad())
            {
                const double h = 1e-6; // short: a PReLU may bend within it
                tensor.add_(step, h);
                var above = Value(x).ToDouble();
                tensor.add_(step, -2 * h);
                change = (above - Value(x).ToDouble()) / (2 * h);
                tensor.add_(step, h);
            }
            var expected = (gradient * step).sum().ToDouble();
            change.Should().BeApproximately(expected, 1e-6 * Math.Max(1, Math.Abs(expected)), $"{name}, seed {Seed}");
        }

        Tensor Value(Tensor at)
        {
            manual_seed(5); // the same masks each time
            return (module.call(at) * direction).sum();
        }
    }

    [Test]
    public void The_bits_are_the_same_on_any_number_of_threads([ValueSource(nameof(Parts))] string part)
    {
        using var module = Make(part, 16, 4, 0.2, Fused());
        Tensor x = randn([37, 45, 16]),
            direction = randn([37, 45, 16]);
        var (first, firstGradients) = Run(1);
        foreach (var n in new[] { 2, 3, 5, 8 })
        {
            var (y, gradients) = Run(n);
            Bits(y).Should().Equal(Bits(first), $"{n} threads");
            foreach (var (g, f) in gradients.Zip(firstGradients))
                Bits(g).Should().Equal(Bits(f), $"{n} threads");
        }

        (Tensor, List<Tensor>) Run(int n)
        {
            set_num_threads(n);
            manual_seed(7);
            module.zero_grad();
            foreach (var (name, buffer) in module.named_buffers())
                buffer.fill_(name.EndsWith("var", StringComparison.Ordinal) ? 1 : 0);
            var input = x.clone();
            input.requires_grad = true;
            var y = module.call(input);
            (y * direction).sum().backward();
            List<Tensor> gradients = [input.grad!, .. module.parameters().Select(p => p.grad!.clone())];
            PlainKernels.RequireFinite(gradients);
            return (y.detach(), gradients);
        }
    }

    [Test]
    public void Dropout_keeps_its_share_scales_what_it_keeps_and_follows_the_seed()
    {
        // With weights of zero the part's branch is its bias of 1 alone, dropped or scaled: x + drop(1).
        using var attention = Make("attention", 8, 2, 0.2, Fused());
        foreach (var (name, p) in attention.named_parameters())
            using (no_grad())
                p.fill_(name.EndsWith("to_out.bias", StringComparison.Ordinal) ? 1 : 0);
        var x = zeros(400, 50, 8);
        manual_seed(1);
        var first = attention.call(x).data<float>().ToArray();
        var kept = first.Count(v => v != 0) / (double)first.Length;
        // 160 000 draws: a standard deviation of 0.001; five of them.
        kept.Should().BeApproximately(0.8, 0.005);
        first.Where(v => v != 0).Should().OnlyContain(v => Math.Abs(v - 1.25) < 1e-6);
        // No two sequences share a mask: each of the 400 is its own block.
        first.Chunk(400).Select(c => string.Concat(c.Select(v => v == 0 ? '0' : '1'))).Distinct().Should().HaveCount(400);
        manual_seed(1);
        attention.call(x).data<float>().ToArray().Should().Equal(first);
        attention.call(x).data<float>().ToArray().Should().NotEqual(first, "the next call draws anew");
        attention.train(false);
        attention.call(x).data<float>().ToArray().Should().OnlyContain(v => v == 1);
    }

    [Test]
    public void A_sequence_of_two_thousand_positions_needs_no_matrix_of_scores()
    {
        const int n = 2000;
        using var fused = Make("attention", 64, 1, 0, Fused());
        using var operators = Make("attention", 64, 1, 0, new OperatorKernels());
        StateDict.Load(operators, StateDict.Of(fused), "the fused one");
        using var quiet = no_grad();
        var x = randn(2, n, 64);
        // The operators make tensors of n x n; the fused form's largest is its output.
        Largest(fused.call(x) - operators.call(x)).Should().BeLessThan(1e-4);
    }

    [Test]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        using var module = Make("attention", 8, 2, 0, Fused());
        module
            .Invoking(m => m.call(randn([2, 3, 8], float64)))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("attention: argument 1 is Float32, argument 0 Float64; all must be of one type.");
        module
            .Invoking(m => m.call(randn(2, 3, 6)))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("attention: weights do not fit 6 channels and 2 heads of 4.");
        using var convolution = Make("convolution", 8, 2, 0, Fused());
        convolution
            .Invoking(m => m.call(randn(1, 1, 8)))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("convolution module: BatchNorm in training needs more than one position, found 1.");
    }

    // The norms over positions need more than one.
    private static bool Fits(string part, (int Sequences, int Length, int Channels, int Heads) s) =>
        part switch
        {
            "convolution" => s.Sequences * s.Length > 1,
            "dense block" => s.Length > 1,
            _ => true,
        };

    /// <summary>Sequences `[batch, length, channels]` as images for a dense block: of as many bins as divide the length, at most
    /// 7.</summary>
    private sealed class Images : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> block;

        public Images(nn.Module<Tensor, Tensor> block)
            : base(nameof(Images))
        {
            this.block = block;
            register_module("block", block);
        }

        public override Tensor forward(Tensor input)
        {
            var (batch, length, channels) = (input.shape[0], input.shape[1], input.shape[2]);
            var bins = Enumerable.Range(1, 7).Last(n => length % n == 0);
            return block
                .call(input.view(batch, length / bins, bins, channels).permute(0, 3, 1, 2))
                .permute(0, 2, 3, 1)
                .reshape(input.shape);
        }
    }

    private static void Require(VectorWidth width)
    {
        if (!VectorWidths.Has(width))
            Assert.Ignore($"this processor has no vectors of {width}");
    }

    private static FusedKernels Fused(VectorWidth? width = null) => new(new OperatorKernels(), width ?? VectorWidths.Best);

    private static nn.Module<Tensor, Tensor> Make(string part, long channels, long heads, double dropout, INetworkKernels kernels) =>
        part switch
        {
            "feed forward" => new FeedForward(channels, dropout, kernels),
            "attention" => new RelativeAttention(channels, heads, dropout, kernels),
            "dense block" => new Images(new DilatedDenseBlock(channels, kernels)),
            _ => new ConvolutionModule(channels, kernels),
        };

    /// <summary>Largest difference of outputs, gradients and buffers, relative to the largest value of each.</summary>
    private static double Compare(
        string part,
        (int Sequences, int Length, int Channels, int Heads) size,
        bool training,
        ScalarType type,
        VectorWidth width
    )
    {
        using var inner = NewDisposeScope();
        using var fused = Make(part, size.Channels, size.Heads, 0, Fused(width));
        using var operators = Make(part, size.Channels, size.Heads, 0, new OperatorKernels());
        using (no_grad())
            foreach (var t in fused.parameters().Concat(fused.buffers()).Where(b => b.dtype == float32 && b.shape.Length == 1))
                t.add_(rand_like(t), 0.5); // norms and biases off their initial values
        StateDict.Load(operators, StateDict.Of(fused), "the fused one");
        foreach (var m in new[] { fused, operators })
            m.to(type).train(training);
        Tensor x = randn([size.Sequences, size.Length, size.Channels], type),
            direction = randn_like(x);
        var (a, b) = (Run(fused), Run(operators));
        a.Keys.Should().Equal(b.Keys);
        // A norm takes the bias before it out again: its gradient is rounding noise, or 0 where it is not computed.
        var live = a
            .Keys.Where(k =>
                !(training && k.EndsWith("4.conv.bias", StringComparison.Ordinal))
                && !(part == "dense block" && k.Contains(".conv", StringComparison.Ordinal) && k.EndsWith("bias", StringComparison.Ordinal))
            )
            .ToList();
        // One position alone attends to itself: queries, keys and distances have gradient 0 there, and noise has no scale.
        PlainKernels.RequireFinite(a.Values);
        return live.Aggregate(0.0, (largest, k) => Math.Max(largest, Largest(a[k] - b[k]) / Math.Max(1e-3, Largest(b[k]))));

        Dictionary<string, Tensor> Run(nn.Module<Tensor, Tensor> module)
        {
            var input = x.clone();
            input.requires_grad = true;
            var y = module.call(input);
            (y * direction).sum().backward();
            var results = new Dictionary<string, Tensor> { ["output"] = y.detach(), ["input"] = input.grad! };
            foreach (var (name, p) in module.named_parameters())
                results[name] = p.grad!;
            foreach (var (name, buffer) in module.named_buffers())
                results["buffer " + name] = buffer.to(float64);
            return results;
        }
    }

    private static byte[] Bits(Tensor t) => t.contiguous().bytes.ToArray();

    private static double Largest(Tensor t) => t.NumberOfElements == 0 ? 0 : t.abs().max().ToDouble();
}
