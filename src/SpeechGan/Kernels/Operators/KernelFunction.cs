using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>Makes a <see cref="KernelOperator"/> part of libtorch's graph.</summary>
internal sealed class KernelFunction : autograd.SingleTensorFunction<KernelFunction>
{
    private const string Operator = "operator", Failure = "failure", Inputs = "inputs";

    /// <inheritdoc/>
    public override string Name => nameof(KernelFunction);

    /// <summary>Applies an operator; without a gradient to compute, no graph is made and nothing is kept.</summary>
    /// <param name="work">The call.</param>
    /// <param name="failure">Takes what its backward pass throws.</param>
    /// <param name="inputs">Its tensors.</param>
    /// <exception cref="ArgumentException">Types, devices or shapes do not fit.</exception>
    public static Tensor Apply(KernelOperator work, BackwardFailure failure, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        var given = inputs.Select(t => t.contiguous()).ToArray();
        Check(work, given);
        work.Check(given);
        work.Needed = [.. given.Select(t => t.requires_grad)];
        var y = is_grad_enabled() && work.Needed.Any(n => n)
            ? apply([.. given, work, failure])
            : work.Forward(given, null);
        GC.KeepAlive(given);
        return y.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var work = (KernelOperator)vars[^2];
        var inputs = vars.OfType<Tensor>().ToArray();
        using var scope = NewDisposeScope();
        var kept = new List<Tensor>();
        var y = work.Forward(inputs, kept);
        ctx.save_for_backward([.. inputs, .. kept]);
        ctx.save_data(Operator, work);
        ctx.save_data(Failure, vars[^1]);
        ctx.save_data(Inputs, inputs.Length);
        // The context takes them after this has returned: until then they must live.
        foreach (var tensor in kept)
            tensor.MoveToOuterDisposeScope();
        return y.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var work = (KernelOperator)ctx.get_data(Operator);
        var count = (int)ctx.get_data(Inputs);
        var saved = ctx.get_saved_variables();
        using var scope = NewDisposeScope();
        List<Tensor> gradients;
        try
        {
            if (is_grad_enabled())
                throw new InvalidOperationException(
                    $"{work.Name}: has no second derivative. Use the operator form (train.kernels=operators) where create_graph is asked for.");
            var found = work.Backward(saved[..count], saved[count..], grad_output.contiguous());
            gradients = [.. found.Select(g => g!)];
        }
        catch (Exception e)
        {
            // An exception that leaves here ends the process. Whoever called backward asks for it; the gradients cannot be used by mistake.
            ((BackwardFailure)ctx.get_data(Failure)).Keep(e);
            gradients = [.. saved[..count].Select(t => full_like(t, double.NaN))];
        }
        foreach (var gradient in gradients)
            gradient?.MoveToOuterDisposeScope();
        foreach (var tensor in saved)
            tensor.Dispose();
        return [.. gradients, null!, null!];  // the two objects have no gradient
    }

    private static void Check(KernelOperator work, Tensor[] inputs)
    {
        var type = inputs[0].dtype;
        if (type is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"{work.Name}: takes float32 and float64, argument 0 is {type}.");
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i].device_type != DeviceType.CPU)
                throw new ArgumentException($"{work.Name}: works on the CPU, argument {i} is on {inputs[i].device}.");
            if (inputs[i].dtype != type)
                throw new ArgumentException($"{work.Name}: argument {i} is {inputs[i].dtype}, argument 0 {type}; all must be of one type.");
        }
    }
}
