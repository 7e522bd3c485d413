using static TorchSharp.torch;

namespace SpeechGan.Models;

/// <summary>
/// Leaves a tensor as it is, and tells when the backward pass has come to it: by then the gradients of all parameters behind it are there,
/// since libtorch takes up nodes in the reverse order of their making and puts each gradient into its parameter before anything else.
/// </summary>
internal sealed class GradientTap : autograd.SingleTensorFunction<GradientTap>
{
    private const string Told = "told";

    /// <inheritdoc/>
    public override string Name => nameof(GradientTap);

    /// <summary>Taps a tensor that has a gradient to come.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="reached">Given the gradient, on the thread of the backward pass. It must not throw: an exception there ends the
    /// process.</param>
    public static Tensor On(Tensor x, Action<Tensor> reached) => apply(x, reached);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(Told, vars[1]);
        return ((Tensor)vars[0]).alias();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        ((Action<Tensor>)ctx.get_data(Told))(grad_output);
        return [grad_output, null!];
    }
}
