using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SpeechGan.Comparison;
using SpeechGan.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Training.Tracing;

/// <summary>Records what every module of both networks gives in a step: by hooks on the modules that are called, and by
/// <see cref="TracingKernels"/> on those whose weights a kernel uses directly.</summary>
internal sealed class TraceRecorder
{
    private readonly List<TraceNode> nodes = [];
    private readonly Stack<(string Module, string Kind, int Call)> open = new();
    private readonly Dictionary<string, int> calls = new(StringComparer.Ordinal);
    private readonly Dictionary<IntPtr, (string Module, string Kind)> owners = [];
    private readonly Dictionary<string, double[]> whole = new(StringComparer.Ordinal);
    private readonly Lock guard = new();
    private Exception? failure;
    private bool inside;

    /// <summary>Whether calls are recorded.</summary>
    public bool IsOn { get; set; }

    /// <summary>A module of whose outputs every element is kept; null: none.</summary>
    public string? KeptWhole { get; init; }

    /// <summary>Outputs to take in place of a module's own, by <see cref="TraceNode.Key"/>.</summary>
    public IReadOnlyDictionary<string, double[]> Substitutes { get; init; } = new Dictionary<string, double[]>();

    /// <summary>The outputs kept whole, by <see cref="TraceNode.Key"/>.</summary>
    public IReadOnlyDictionary<string, double[]> Whole => whole;

    /// <summary>Hooks both networks. To be called once, before the traced step.</summary>
    public void Attach(Networks networks)
    {
        Attach("generator", networks.Generator);
        if (networks.Discriminator is { } discriminator)
            Attach("discriminator", discriminator);
    }

    /// <summary>Records all parameters, or their gradients.</summary>
    public void Parameters(Networks networks, TracePart part)
    {
        foreach (var (network, module) in Both(networks))
        foreach (
            var (name, parameter) in part == TracePart.ParameterGradient ? module.named_parameters().Reverse() : module.named_parameters()
        )
        {
            if ((part == TracePart.ParameterGradient ? parameter.grad : parameter) is not { } tensor)
                continue;
            var dot = name.LastIndexOf('.');
            var owner = dot < 0 ? network : $"{network}.{name[..dot]}";
            Add(Node(owner, 1, part, name[(dot + 1)..], owners.GetValueOrDefault(parameter.Handle, (owner, "module")).Item2, tensor));
        }
    }

    /// <summary>The nodes so far.</summary>
    /// <exception cref="InvalidOperationException">A gradient could not be recorded.</exception>
    public IReadOnlyList<TraceNode> Take() =>
        failure is null ? [.. nodes] : throw new InvalidOperationException("A gradient could not be recorded.", failure);

    /// <summary>Records a kernel's call on the weights of a module that is not called itself.</summary>
    /// <param name="weight">A weight of the module; one that no module owns (a spectral layer's, which is made anew each time) belongs to
    /// the module around it and is not recorded again.</param>
    /// <param name="kind">Kind of the operator.</param>
    /// <param name="x">Its input.</param>
    /// <param name="compute">Computes the output of the input.</param>
    public Tensor Kernel(Tensor weight, string kind, Tensor x, Func<Tensor, Tensor> compute)
    {
        if (!IsOn || !owners.TryGetValue(weight.Handle, out var owner))
            return compute(x);
        var call = NextCall(owner.Module);
        var tapped = Tapped(owner.Module, kind, call, x);
        Tensor y;
        // The operator form calls the norm and the activation as modules: they are inside this operator, as they are in the fused form.
        inside = true;
        try
        {
            y = compute(tapped);
        }
        finally
        {
            inside = false;
        }
        return Output(owner.Module, kind, call, "", y);
    }

    private void Attach(string network, Module root)
    {
        foreach (
            var (path, module) in root.named_modules()
                .Select(m => (m.name.Length == 0 ? network : $"{network}.{m.name}", m.module))
                .Append((network, root))
        )
        {
            var kind = Kind(module);
            foreach (var (_, parameter) in module.named_parameters(recurse: false))
                owners[parameter.Handle] = (path, kind);
            switch (module)
            {
                case Module<Tensor, Tensor> one:
                    one.register_forward_pre_hook((_, x) => Enter(path, kind) is { } call ? Tapped(path, kind, call, x) : x);
                    one.register_forward_hook((_, _, y) => Leave() is { } at ? Output(at.Module, at.Kind, at.Call, "", y) : y);
                    break;
                case Module<Tensor, Tensor, Tensor> two:
                    two.register_forward_pre_hook((_, x, y) => Enter(path, kind) is null ? null : (x, y));
                    two.register_forward_hook((_, _, _, y) => Leave() is { } at ? Output(at.Module, at.Kind, at.Call, "", y) : y);
                    break;
                case Module<Tensor, (Tensor Real, Tensor Imaginary)> complex:
                    complex.register_forward_pre_hook((_, x) => Enter(path, kind) is null ? x : x);
                    complex.register_forward_hook(
                        (_, _, y) =>
                            Leave() is { } at
                                ? (
                                    Output(at.Module, at.Kind, at.Call, "real", y.Real),
                                    Output(at.Module, at.Kind, at.Call, "imaginary", y.Imaginary)
                                )
                                : y
                    );
                    break;
            }
        }
    }

    private int? Enter(string path, string kind)
    {
        if (!IsOn || inside)
            return null;
        var call = NextCall(path);
        open.Push((path, kind, call));
        return call;
    }

    private (string Module, string Kind, int Call)? Leave() => IsOn && !inside && open.Count > 0 ? open.Pop() : null;

    private int NextCall(string path) => calls[path] = calls.GetValueOrDefault(path) + 1;

    private Tensor Tapped(string module, string kind, int call, Tensor x) =>
        !is_grad_enabled() || !x.requires_grad ? x : GradientTap.On(x, gradient =>
            {
                try
                {
                    Add(Node(module, call, TracePart.InputGradient, "", kind, gradient));
                }
                catch (Exception e)
                {
                    // It may not leave a backward pass; Take throws it.
                    failure ??= e;
                }
            });

    private Tensor Output(string module, string kind, int call, string name, Tensor y)
    {
        var node = Node(module, call, TracePart.Output, name, kind, y);
        if (Substitutes.TryGetValue(node.Key, out var values))
        {
            // The values are B's, the gradient goes through this module as ever.
            using var scope = NewDisposeScope();
            var other = tensor(values, dtype: ScalarType.Float64).to(y.dtype).to(y.device).view(y.shape);
            y = (y + (other - y).detach()).MoveToOuterDisposeScope();
            node = Node(module, call, TracePart.Output, name, kind, other);
        }
        Add(node);
        if (KeptWhole == module)
            whole[node.Key] = Values(y);
        return y;
    }

    private void Add(TraceNode node)
    {
        lock (guard)
            nodes.Add(node);
    }

    private static TraceNode Node(string module, int call, TracePart part, string name, string kind, Tensor tensor)
    {
        var values = Values(tensor);
        var finite = values.Length > 0 && values.All(double.IsFinite);
        var kept =
            values.Length <= TraceNode.MostValues
                ? values
                : [.. Enumerable.Range(0, TraceNode.MostValues).Select(i => values[(long)i * values.Length / TraceNode.MostValues])];
        return new TraceNode
        {
            Module = module,
            Call = call,
            Part = part,
            Name = name,
            Kind = kind,
            Shape = [.. tensor.shape],
            Norm = finite ? Math.Sqrt(values.Sum(v => v * v)) : null,
            Mean = finite ? values.Sum() / values.Length : null,
            Low = finite ? values.Min() : null,
            High = finite ? values.Max() : null,
            Digest = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<double>(values)))[..16],
            Values = Convert.ToBase64String(MemoryMarshal.AsBytes<double>(kept)),
        };
    }

    private static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    private static IEnumerable<(string Network, Module Module)> Both(Networks networks)
    {
        yield return ("generator", networks.Generator);
        if (networks.Discriminator is { } discriminator)
            yield return ("discriminator", discriminator);
    }

    private static string Kind(Module module) => module.GetType().Name;
}
