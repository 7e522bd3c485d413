using static TorchSharp.torch;

namespace SpeechGan.Training.Tracing;

/// <summary>Leaves a tensor as it is, and shows the gradient that comes back to it.</summary>
internal sealed class TraceTap : autograd.SingleTensorFunction<TraceTap>
{
    private const string Told = "told";

    /// <inheritdoc/>
    public override string Name => nameof(TraceTap);

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
