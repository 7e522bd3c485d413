using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>
/// Half a feed forward, self-attention, convolution, half a feed forward, LayerNorm; each part adds to its input (Gulati et al., 2020).
/// `[sequences, length, channels]` in and out.
/// </summary>
internal sealed class ConformerBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> ff1,
        attn,
        conv,
        ff2,
        post_norm;

    public ConformerBlock(long channels, long heads, double dropout, INetworkKernels kernels)
        : base(nameof(ConformerBlock))
    {
        ff1 = new FeedForward(channels, dropout, kernels);
        attn = new RelativeAttention(channels, heads, dropout, kernels);
        conv = new ConvolutionModule(channels, kernels);
        ff2 = new FeedForward(channels, dropout, kernels);
        post_norm = LayerNorm(channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return post_norm.call(ff2.call(conv.call(attn.call(ff1.call(input))))).MoveToOuterDisposeScope();
    }
}
