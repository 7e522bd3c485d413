using System.Security.Cryptography;
using System.Text.Json;
using SpeechGan.Runs;
using TorchSharp.Modules;

namespace SpeechGan.Training;

/// <summary>Turns networks, optimisers and state into a checkpoint's parts and back.</summary>
public static class CheckpointParts
{
    /// <summary>The generator's weights and buffers, safetensors with PyTorch's names.</summary>
    public const string GeneratorName = "generator.safetensors";

    /// <summary>The discriminator's.</summary>
    public const string DiscriminatorName = "discriminator.safetensors";

    private const string GeneratorOptimizerName = "generator-optimizer.bin";
    private const string DiscriminatorOptimizerName = "discriminator-optimizer.bin";
    private const string StateName = "state.json";
    internal const string ConfigName = "config.json";

    /// <summary>Everything a run needs to go on as if it had never stopped.</summary>
    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Of(Networks networks, RunState state, RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(config);
        var parts = new Dictionary<string, ReadOnlyMemory<byte>>
        {
            [GeneratorName] = Safetensors.Write(StateDict.Of(networks.Generator)),
            [GeneratorOptimizerName] = Bytes(networks.GeneratorOptimizer),
            [StateName] = JsonSerializer.SerializeToUtf8Bytes(state, RunJson.Document),
            [ConfigName] = System.Text.Encoding.UTF8.GetBytes(config.ToJson()),
        };
        if (networks.Discriminator is { } discriminator)
        {
            parts[DiscriminatorName] = Safetensors.Write(StateDict.Of(discriminator));
            parts[DiscriminatorOptimizerName] = Bytes(networks.DiscriminatorOptimizer!);
        }
        return parts;
    }

    /// <summary>Puts networks and optimisers where the checkpoint had them; its state comes back.</summary>
    /// <exception cref="StateDictException">The checkpoint is of other sizes.</exception>
    /// <exception cref="InvalidDataException">A part is missing or of other parameters.</exception>
    public static RunState Restore(Checkpoint checkpoint, Networks networks)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(networks);
        LoadNetwork(checkpoint, GeneratorName, networks.Generator);
        Load(checkpoint, GeneratorOptimizerName, networks.GeneratorOptimizer);
        if (networks.Discriminator is { } discriminator)
        {
            LoadNetwork(checkpoint, DiscriminatorName, discriminator);
            Load(checkpoint, DiscriminatorOptimizerName, networks.DiscriminatorOptimizer!);
        }
        return JsonSerializer.Deserialize<RunState>(checkpoint.Part(StateName).Span, RunJson.Document)
            ?? throw new InvalidDataException($"'{checkpoint.Path}': {StateName} holds null.");
    }

    /// <summary>Loads the generator alone: for evaluation and enhancement.</summary>
    /// <exception cref="StateDictException">The checkpoint is of other sizes.</exception>
    public static void RestoreGenerator(Checkpoint checkpoint, Models.Generator generator)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        LoadNetwork(checkpoint, GeneratorName, generator);
    }

    /// <summary>The configuration a checkpoint was made with.</summary>
    public static RunConfig ConfigOf(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return RunConfig.Parse(
            System.Text.Encoding.UTF8.GetString(checkpoint.Part(ConfigName).Span),
            Path.Combine(checkpoint.Path, ConfigName)
        );
    }

    /// <summary>SHA-256 over all parameters and buffers of both networks, in the order of their names.</summary>
    public static string Digest(Networks networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            var module in new TorchSharp.torch.nn.Module?[]
            {
                networks.Generator,
                networks.Discriminator,
            }.OfType<TorchSharp.torch.nn.Module>()
        )
        foreach (var entry in StateDict.Of(module).Values)
            hash.AppendData(entry.Bytes.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void LoadNetwork(Checkpoint checkpoint, string part, TorchSharp.torch.nn.Module module)
    {
        var source = Path.Combine(checkpoint.Path, part);
        StateDict.Load(module, Safetensors.Parse(checkpoint.Part(part), source).Tensors, source);
    }

    private static byte[] Bytes(OptimizerHelper optimizer)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
            optimizer.save_state_dict(writer);
        return stream.ToArray();
    }

    private static void Load(Checkpoint checkpoint, string part, OptimizerHelper optimizer)
    {
        using var stream = new MemoryStream(checkpoint.Part(part).ToArray());
        using var reader = new BinaryReader(stream);
        optimizer.load_state_dict(reader);
    }
}
