using SpeechGan.Runs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Training;

/// <summary>
/// Moves a network's parameters and buffers to and from safetensors. Names are PyTorch's state-dict keys, so that files
/// interchange with Python.
/// </summary>
public static class StateDict
{
    private const int NamedAtMost = 5;

    /// <summary>Copies every parameter and buffer out.</summary>
    public static IReadOnlyDictionary<string, TensorEntry> Of(Module module)
    {
        using var scope = NewDisposeScope();
        var entries = new SortedDictionary<string, TensorEntry>(StringComparer.Ordinal);
        foreach (var (name, tensor) in module.state_dict())
        {
            var here = tensor.detach().cpu().contiguous();
            entries[name] = new TensorEntry(TypeOf(here.dtype), here.shape, here.bytes.ToArray());
        }
        return entries;
    }

    /// <summary>Copies every parameter and buffer in; number types are converted, names and shapes must match.</summary>
    /// <param name="module">The network.</param>
    /// <param name="entries">Tensors by state-dict key.</param>
    /// <param name="source">Where they come from, for the message.</param>
    /// <exception cref="StateDictException">A key is missing, unknown, or of another shape; nothing was changed then.</exception>
    public static void Load(Module module, IReadOnlyDictionary<string, TensorEntry> entries, string source)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var own = module.state_dict();
        Check(own, entries, source);
        foreach (var (name, tensor) in own)
            tensor.copy_(ToTensor(entries[name]));
    }

    /// <summary>A new tensor of an entry's values, on the CPU.</summary>
    public static Tensor ToTensor(TensorEntry entry)
    {
        var tensor = empty(entry.Shape.ToArray(), TypeOf(entry.Type));
        entry.Bytes.Span.CopyTo(tensor.bytes);
        return tensor;
    }

    private static void Check(Dictionary<string, Tensor> own, IReadOnlyDictionary<string, TensorEntry> entries, string source)
    {
        var missing = own.Keys.Where(k => !entries.ContainsKey(k)).Order(StringComparer.Ordinal).ToList();
        var unknown = entries.Keys.Where(k => !own.ContainsKey(k)).Order(StringComparer.Ordinal).ToList();
        var other = own.Where(o => entries.TryGetValue(o.Key, out var e) && !e.Shape.SequenceEqual(o.Value.shape))
            .OrderBy(o => o.Key, StringComparer.Ordinal)
            .Select(o =>
                $"{o.Key} is [{string.Join(", ", entries[o.Key].Shape.ToArray())}] there and [{string.Join(", ", o.Value.shape)}] here"
            )
            .ToList();
        if (missing.Count + unknown.Count + other.Count == 0)
            return;
        var parts = new List<string>();
        if (other.Count > 0)
            parts.Add($"{other.Count} tensors have another shape (first: {First(other)})");
        if (missing.Count > 0)
            parts.Add($"{missing.Count} are missing (first: {First(missing)})");
        if (unknown.Count > 0)
            parts.Add($"{unknown.Count} are unknown here (first: {First(unknown)})");
        throw new StateDictException(
            $"'{source}' does not fit this network: {string.Join("; ", parts)}. "
                + "Use a checkpoint of the same sizes, or set model.channels, model.blocks, model.heads and discriminator.features to "
                + "the checkpoint's.",
            source
        );
    }

    private static string First(List<string> names) => string.Join(", ", names.Take(NamedAtMost));

    private static TensorType TypeOf(ScalarType type) =>
        type switch
        {
            ScalarType.Float32 => TensorType.F32,
            ScalarType.Float64 => TensorType.F64,
            ScalarType.Int64 => TensorType.I64,
            _ => throw new NotSupportedException($"Tensors of {type} are not stored."),
        };

    private static ScalarType TypeOf(TensorType type) =>
        type switch
        {
            TensorType.F32 => ScalarType.Float32,
            TensorType.F64 => ScalarType.Float64,
            TensorType.I64 => ScalarType.Int64,
            TensorType.I32 => ScalarType.Int32,
            TensorType.F16 => ScalarType.Float16,
            TensorType.BF16 => ScalarType.BFloat16,
            TensorType.U8 => ScalarType.Byte,
            _ => ScalarType.Bool,
        };
}

/// <summary>A state dict does not fit a network.</summary>
public sealed class StateDictException : Exception
{
    /// <summary>Makes it.</summary>
    public StateDictException(string message, string path)
        : base(message) => Path = path;

    /// <summary>The file the state dict is from.</summary>
    public string Path { get; }
}
