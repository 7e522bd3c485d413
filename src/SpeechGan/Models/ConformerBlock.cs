using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>
/// Half a feed forward, self-attention, convolution, half a feed forward, LayerNorm; each part adds to its input (Gulati et al., 2020).
/// `[sequences, length, channels]` in and out.
/// </summary>
internal sealed class ConformerBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> first, attention, convolution, second, postNorm;

    public ConformerBlock(long channels, long heads, double dropout, INetworkKernels kernels) : base(nameof(ConformerBlock))
    {
        first = new FeedForward(channels, dropout, kernels);
        attention = new RelativeAttention(channels, heads, dropout, kernels);
        convolution = new ConvolutionModule(channels, kernels);
        second = new FeedForward(channels, dropout, kernels);
        postNorm = LayerNorm(channels);
        register_module("ff1", first);
        register_module("attn", attention);
        register_module("conv", convolution);
        register_module("ff2", second);
        register_module("post_norm", postNorm);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return postNorm.call(second.call(convolution.call(attention.call(first.call(input))))).MoveToOuterDisposeScope();
    }
}
