using SpeechGan.Configuration;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Models;

/// <summary>
/// TSCNet: a dense encoder, two-stage conformer blocks, and a mask and a complex decoder whose outputs are combined.
/// The compressed noisy spectrum `[batch, 2, frames, 201]` in; real and imaginary part of the estimate out, each `[batch, 1, frames, 201]`.
/// </summary>
/// <remarks>Cao, Abdulatif and Yang, "CMGAN", 2022, section 2.2. Parameter names are those of the published checkpoints.</remarks>
public sealed class Generator : Module<Tensor, (Tensor Real, Tensor Imaginary)>
{
    private readonly Module<Tensor, Tensor> dense_encoder,
        mask_decoder,
        complex_decoder;
    private readonly Module<Tensor, Tensor>[] blocks;
    private readonly INetworkKernels kernels;

    /// <summary>Makes the network with libtorch's default initial values, drawn from the default generator.</summary>
    /// <param name="channels">Width of every feature map; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="blockCount">Two-stage blocks.</param>
    /// <param name="dropout">Probability in the conformers, 0 to 1.</param>
    /// <param name="kernels">How the costly parts are computed; changes rounding and dropout's masks, not the function.</param>
    public Generator(
        long channels = 64,
        long heads = 4,
        int blockCount = 4,
        double dropout = 0.2,
        KernelChoice kernels = KernelChoice.Fused
    )
        : this(channels, heads, blockCount, dropout, NetworkKernels.For(kernels)) { }

    /// <summary>The same with given kernels: those that a self-test found right.</summary>
    internal Generator(long channels, long heads, int blockCount, double dropout, INetworkKernels kernels)
        : base(nameof(Generator))
    {
        this.kernels = kernels;
        dense_encoder = new DenseEncoder(3, channels, kernels);
        register_module("dense_encoder", dense_encoder);
        blocks = new Module<Tensor, Tensor>[blockCount];
        for (var i = 0; i < blockCount; i++)
        {
            blocks[i] = new TwoStageBlock(channels, heads, dropout, kernels);
            register_module($"TSCB_{i + 1}", blocks[i]);
        }
        mask_decoder = new MaskDecoder(channels, kernels);
        complex_decoder = new ComplexDecoder(channels, kernels);
        register_module("mask_decoder", mask_decoder);
        register_module("complex_decoder", complex_decoder);
    }

    /// <inheritdoc/>
    public override (Tensor Real, Tensor Imaginary) forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var stages = Stages(input);
        return (stages.Real.MoveToOuterDisposeScope(), stages.Imaginary.MoveToOuterDisposeScope());
    }

    /// <summary>To be called after every backward pass: throws what the kernels threw in it.</summary>
    internal void EndBackward() => kernels.EndBackward();

    /// <summary>
    /// Told in a backward pass, with the stages of <see cref="ParametersInBackwardOrder"/> whose gradients are there: the number of the
    /// last of them. Null: nobody. Must not throw.
    /// </summary>
    internal Action<int>? GradientsReached { get; set; }

    /// <summary>The parameters by stages, in the order in which a backward pass comes to them: decoders, blocks from the last on,
    /// encoder.</summary>
    internal IReadOnlyList<IReadOnlyList<Parameter>> ParametersInBackwardOrder() =>
        [
            [.. mask_decoder.parameters(), .. complex_decoder.parameters()],
            .. blocks.Reverse().Select(b => (IReadOnlyList<Parameter>)[.. b.parameters()]),
            [.. dense_encoder.parameters()],
        ];

    /// <summary>The same, with what each stage gave: for parity tests and probes. The caller's scope owns the tensors.</summary>
    internal GeneratorStages Stages(Tensor input)
    {
        Tensor real = input.narrow(1, 0, 1),
            imaginary = input.narrow(1, 1, 1);
        var magnitude = Spectrum.Magnitude(real, imaginary);
        var encoded = dense_encoder.call(cat([magnitude, input], 1));
        var outputs = new Tensor[blocks.Length];
        for (var i = 0; i < blocks.Length; i++)
            outputs[i] = blocks[i].call(Tapped(i == 0 ? encoded : outputs[i - 1], blocks.Length - i));
        var last = Tapped(outputs[^1], 0);
        var m = mask_decoder.call(last);
        var c = complex_decoder.call(last);
        // mask * magnitude * cos(phase) is mask * real.
        return new GeneratorStages(encoded, outputs, m, c, (m * real) + c.narrow(1, 0, 1), (m * imaginary) + c.narrow(1, 1, 1));
    }

    private Tensor Tapped(Tensor x, int stage) =>
        GradientsReached is { } told && is_grad_enabled() && x.requires_grad ? GradientTap.On(x, _ => told(stage)) : x;
}

/// <summary>What each stage of the generator gave.</summary>
/// <param name="Encoded">`[batch, channels, frames, 101]`.</param>
/// <param name="Blocks">One `[batch, channels, frames, 101]` a two-stage block.</param>
/// <param name="Mask">`[batch, 1, frames, 201]`.</param>
/// <param name="Complex">`[batch, 2, frames, 201]`.</param>
/// <param name="Real">`[batch, 1, frames, 201]`.</param>
/// <param name="Imaginary">`[batch, 1, frames, 201]`.</param>
internal sealed record GeneratorStages(
    Tensor Encoded,
    IReadOnlyList<Tensor> Blocks,
    Tensor Mask,
    Tensor Complex,
    Tensor Real,
    Tensor Imaginary
);
