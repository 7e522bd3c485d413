using SpeechGan.Models;
using SpeechGan.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>One operator or part of the networks at one size, held against the same in float64 by TorchSharp's operators on the
/// CPU.</summary>
/// <param name="Operator">What it is, for people.</param>
/// <param name="Shape">Its sizes, for people.</param>
/// <param name="Input">Shape of its input.</param>
/// <param name="Terms">Length of its longest sum, forward or backward: what rounding grows with.</param>
/// <param name="Tested">Makes it with the kernels to be tested.</param>
internal sealed record KernelCheck(
    string Operator,
    string Shape,
    long[] Input,
    long Terms,
    Func<INetworkKernels, nn.Module<Tensor, Tensor>> Tested
)
{
    /// <summary>Makes what it is held against.</summary>
    public Func<nn.Module<Tensor, Tensor>> Reference { get; init; } = () => Tested(new OperatorKernels());

    /// <summary>Sets weights that the initial values do not serve for. Null: none.</summary>
    public Action<nn.Module>? Prepare { get; init; }

    /// <summary>Training mode or evaluation mode.</summary>
    public bool Training { get; init; } = true;

    /// <summary>Whether gradients are used.</summary>
    public bool Gradients { get; init; } = true;

    /// <summary>Makes the check. The default random generator moves.</summary>
    /// <param name="kernels">The kernels to be tested.</param>
    /// <param name="type">Float32 or float64.</param>
    /// <param name="device">Where they compute.</param>
    /// <param name="limit">Largest relative error that is rounding.</param>
    public KernelCheckRecord Run(INetworkKernels kernels, ScalarType type, Device device, double limit)
    {
        using var scope = NewDisposeScope();
        CheckValues.Seed();
        using var reference = Reference();
        using var tested = Tested(kernels);
        CheckValues.Fill(reference);
        Prepare?.Invoke(reference);
        CheckValues.Copy(reference, tested);
        var x = CheckValues.Input(Input);
        Tensor? direction = null;
        var expected = Compute(reference.to(float64), x.to(float64), ref direction, null);
        try
        {
            var found = Compute(tested.to(device).to(type), x.to(device).to(type), ref direction, kernels);
            return CheckErrors.Between(expected, found).Judge(this, limit);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return CheckErrors.Refused(e.Message).Judge(this, limit);
        }
    }

    /// <summary>Results, buffers that moved, and gradients of the input and of all parameters, by name.</summary>
    private Dictionary<string, Tensor> Compute(nn.Module<Tensor, Tensor> module, Tensor x, ref Tensor? direction, INetworkKernels? kernels)
    {
        module.train(Training);
        using var mode = set_grad_enabled(Gradients);
        using var input = x.detach().requires_grad_(Gradients);
        var y = module.call(input);
        var results = new Dictionary<string, Tensor> { ["result"] = y.detach() };
        foreach (var (name, buffer) in module.named_buffers().Where(b => Training && b.buffer.is_floating_point()))
            results["buffer " + name] = buffer.detach();
        if (!Gradients)
            return results;
        direction ??= CheckValues.Direction(y.shape);
        y.backward([direction.to(y.device).to(y.dtype)]);
        kernels?.EndBackward();
        results[CheckErrors.GradientOf + "input"] = input.grad!.detach();
        foreach (var (name, parameter) in module.named_parameters())
            if (parameter.grad is { } gradient)
                results[CheckErrors.GradientOf + name] = gradient.detach();
        return results;
    }
}
