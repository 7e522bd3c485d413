using BenchmarkDotNet.Attributes;
using SpeechGan.Configuration;
using SpeechGan.Kernels;
using SpeechGan.Models;
using static TorchSharp.torch;

namespace SpeechGan.Tools.Bench.Micro;

/// <summary>The parts of a conformer at the small network's size, forward and backward, by our kernels and by libtorch's operators, on one
/// thread.</summary>
public class KernelBenchmarks
{
    private const long Sequences = 101,
        Length = 101,
        Channels = 32,
        Heads = 4;
    private nn.Module<Tensor, Tensor> part = null!;
    private INetworkKernels kernels = null!;
    private Tensor input = null!;

    [Params("feed forward", "attention", "convolution")]
    public string Part { get; set; } = "";

    [Params(KernelChoice.Operators, KernelChoice.Fused)]
    public KernelChoice Kernels { get; set; }

    [GlobalSetup]
    public void Make()
    {
        set_num_threads(1);
        manual_seed(1);
        kernels = Kernels == KernelChoice.Fused ? new FusedKernels(new OperatorKernels(), VectorWidths.Best) : new OperatorKernels();
        part = Part switch
        {
            "feed forward" => new FeedForward(Channels, 0.2, kernels),
            "attention" => new RelativeAttention(Channels, Heads, 0.2, kernels),
            _ => new ConvolutionModule(Channels, kernels),
        };
        input = randn([Sequences, Length, Channels]);
        input.requires_grad = true;
    }

    [GlobalCleanup]
    public void Remove()
    {
        part.Dispose();
        input.Dispose();
    }

    [Benchmark]
    public void Forward()
    {
        using var scope = NewDisposeScope();
        using (no_grad())
            part.call(input);
    }

    [Benchmark]
    public void ForwardAndBackward()
    {
        using var scope = NewDisposeScope();
        part.call(input).sum().backward();
        kernels.EndBackward();
        part.zero_grad();
    }
}
