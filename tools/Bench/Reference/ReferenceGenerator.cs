using SpeechGan.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Tools.Bench.Reference;

/// <summary>The generator with the published trainer's operators: phase form, its conformers. Encoder and decoders are ours in their
/// operator form, which is the published one.</summary>
internal sealed class ReferenceGenerator : Module<Tensor, (Tensor Real, Tensor Imaginary)>
{
    private readonly Module<Tensor, Tensor> dense_encoder,
        mask_decoder,
        complex_decoder;
    private readonly (Module<Tensor, Tensor> Time, Module<Tensor, Tensor> Frequency)[] blocks;

    public ReferenceGenerator(long channels, long heads, int blockCount, double dropout)
        : base(nameof(ReferenceGenerator))
    {
        var operators = new OperatorKernels();
        dense_encoder = new DenseEncoder(3, channels, operators);
        register_module("dense_encoder", dense_encoder);
        blocks = new (Module<Tensor, Tensor>, Module<Tensor, Tensor>)[blockCount];
        for (var i = 0; i < blockCount; i++)
        {
            blocks[i] = (new ReferenceConformer(channels, heads, dropout), new ReferenceConformer(channels, heads, dropout));
            register_module(
                $"TSCB_{i + 1}",
                new Named("block", ("time_conformer", blocks[i].Time), ("freq_conformer", blocks[i].Frequency))
            );
        }
        mask_decoder = new MaskDecoder(channels, operators);
        complex_decoder = new ComplexDecoder(channels, operators);
        register_module("mask_decoder", mask_decoder);
        register_module("complex_decoder", complex_decoder);
    }

    public override (Tensor Real, Tensor Imaginary) forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor re = input.select(1, 0),
            im = input.select(1, 1);
        var magnitude = (re.pow(2) + im.pow(2)).sqrt().unsqueeze(1);
        var phase = complex(re, im).angle().unsqueeze(1);
        var x = dense_encoder.call(cat([magnitude, input], 1));
        foreach (var (time, frequency) in blocks)
        {
            long batch = x.shape[0],
                channels = x.shape[1],
                frames = x.shape[2],
                bins = x.shape[3];
            var t = x.permute(0, 3, 2, 1).contiguous().view(batch * bins, frames, channels);
            t = time.call(t) + t;
            t = t.view(batch, bins, frames, channels).permute(0, 2, 1, 3).contiguous().view(batch * frames, bins, channels);
            t = frequency.call(t) + t;
            x = t.view(batch, frames, bins, channels).permute(0, 3, 1, 2);
        }
        var scaled = mask_decoder.call(x) * magnitude;
        var c = complex_decoder.call(x);
        return (
            (scaled * phase.cos() + c.narrow(1, 0, 1)).MoveToOuterDisposeScope(),
            (scaled * phase.sin() + c.narrow(1, 1, 1)).MoveToOuterDisposeScope()
        );
    }
}
