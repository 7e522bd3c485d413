using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>
/// One call of a fused operator: its numbers that are not tensors, and what it computes in both directions. Made for the call, so that the
/// backward pass finds what the forward pass was given.
/// </summary>
internal abstract class KernelOperator
{
    /// <summary>In error texts.</summary>
    public abstract string Name { get; }

    /// <summary>Which inputs have a gradient, in their order; the others' may be left out.</summary>
    public IReadOnlyList<bool> Needed { get; set; } = [];

    /// <summary>Whether the backward pass needs an input's numbers; those of others are not held for it, and it finds null in their
    /// place.</summary>
    public virtual bool Saves(int input) => true;

    /// <summary>Refuses what the operator cannot work on, in a sentence; types and devices have been checked.</summary>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public abstract void Check(IReadOnlyList<Tensor> inputs);

    /// <summary>The result.</summary>
    /// <param name="inputs">Contiguous, on the CPU, all of one type.</param>
    /// <param name="keep">Takes what the backward pass needs besides the inputs; null: there will be none.</param>
    public abstract Tensor Forward(IReadOnlyList<Tensor> inputs, List<Tensor>? keep);

    /// <summary>The gradient of each input, in their order; null where it is not needed.</summary>
    /// <param name="inputs">The forward pass's.</param>
    /// <param name="kept">What the forward pass kept.</param>
    /// <param name="gradient">Of the result, contiguous.</param>
    public abstract Tensor?[] Backward(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> kept, Tensor gradient);

    /// <summary>Throws unless it holds.</summary>
    protected void Require(bool holds, FormattableString otherwise)
    {
        ArgumentNullException.ThrowIfNull(otherwise);
        if (!holds)
            throw new ArgumentException($"{Name}: {FormattableString.Invariant(otherwise)}");
    }
}
