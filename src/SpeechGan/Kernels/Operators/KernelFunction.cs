using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Kernels.Operators;

/// <summary>Makes a <see cref="KernelOperator"/> part of libtorch's graph. Such a graph supports one backward pass.</summary>
internal sealed class KernelFunction : autograd.SingleTensorFunction<KernelFunction>
{
    private const string Call = "call";

    /// <inheritdoc/>
    public override string Name => nameof(KernelFunction);

    /// <summary>Applies an operator; without a gradient to compute, no graph is made and nothing is kept.</summary>
    /// <param name="work">The call.</param>
    /// <param name="pass">What the network's operators share over a backward pass.</param>
    /// <param name="inputs">Its tensors.</param>
    /// <exception cref="ArgumentException">Types, devices or shapes do not fit.</exception>
    public static Tensor Apply(KernelOperator work, BackwardPass pass, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        var given = inputs.Select(t => t.contiguous()).ToArray();
        Check(work, given);
        work.Check(given);
        work.Needed = [.. given.Select(t => t.requires_grad)];
        var y =
            is_grad_enabled() && work.Needed.Any(n => n)
                ? apply([.. given, new KernelCall(work, pass, [.. given.Select(t => t.shape)], given[0].dtype)])
                : work.Forward(given, null);
        GC.KeepAlive(given);
        return y.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var call = (KernelCall)vars[^1];
        var inputs = vars.OfType<Tensor>().ToArray();
        using var scope = NewDisposeScope();
        var kept = new List<Tensor>();
        var y = call.Work.Forward(inputs, kept);
        ctx.save_for_backward([.. inputs.Where((_, i) => call.Work.Saves(i)), .. kept]);
        ctx.save_data(Call, call);
        // The context takes them after this has returned: until then they must live.
        foreach (var tensor in kept)
            tensor.MoveToOuterDisposeScope();
        return y.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var call = (KernelCall)ctx.get_data(Call);
        Tensor?[] gradients;
        try
        {
            using var scope = NewDisposeScope();
            gradients = Gradients(ctx, call, grad_output);
            call.Pass.HandOver([.. gradients.OfType<Tensor>()]);
            grad_output.Dispose();
            ctx.Dispose(); // what was saved would live until the graph's last tensor is gone
        }
        catch (Exception e)
        {
            // An exception that leaves here ends the process. Whoever called backward asks for it.
            call.Pass.Keep(e);
            gradients = NotANumber(call);
        }
        return [.. gradients.Select(g => g!), null!]; // the call has no gradient
    }

    /// <summary>Gradients that cannot be used by mistake; none where there is not even memory for them.</summary>
    private static Tensor?[] NotANumber(KernelCall call)
    {
        try
        {
            using var scope = NewDisposeScope();
            var gradients = call.Shapes.Select(s => full(s, double.NaN, call.Type)).ToArray();
            call.Pass.HandOver([.. gradients]);
            return gradients;
        }
        catch (Exception e)
        {
            call.Pass.Keep(e);
            return new Tensor?[call.Shapes.Count];
        }
    }

    private static Tensor?[] Gradients(autograd.AutogradContext ctx, KernelCall call, Tensor gradient)
    {
        if (call.Begin())
            throw new InvalidOperationException(
                $"{call.Work.Name}: backward was called a second time on one graph. Compute the forward pass again."
            );
        if (is_grad_enabled())
            throw new InvalidOperationException(
                $"{call.Work.Name}: has no second derivative. Use the operator form (train.kernels=operators) where create_graph is "
                    + $"asked for."
            );
        var saved = ctx.get_saved_variables();
        var next = 0;
        var inputs = call.Shapes.Select((_, i) => call.Work.Saves(i) ? saved[next++] : null).ToList();
        return call.Work.Backward(inputs!, saved[next..], gradient.contiguous());
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
            if (inputs[i].NumberOfElements == 0)
                throw new ArgumentException($"{work.Name}: argument {i} is empty.");
            if (inputs[i].dtype != type)
                throw new ArgumentException($"{work.Name}: argument {i} is {inputs[i].dtype}, argument 0 {type}; all must be of one type.");
        }
    }

    /// <summary>A call as its backward pass finds it.</summary>
    private sealed class KernelCall(KernelOperator work, BackwardPass pass, long[][] shapes, ScalarType type)
    {
        private int begun;

        public KernelOperator Work => work;

        public BackwardPass Pass => pass;

        /// <summary>Of the inputs.</summary>
        public IReadOnlyList<long[]> Shapes => shapes;

        public ScalarType Type => type;

        /// <summary>Whether a backward pass has been here before.</summary>
        public bool Begin() => Interlocked.Exchange(ref begun, 1) != 0;
    }
}
