using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Engine;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// A trained generator, wherever it is: a run folder (its best checkpoint), a checkpoint folder, the text files `best` or `last`
/// beside the checkpoints, or a bare file of a state dict (safetensors, or what Python's torch.save writes), whose sizes are read off its
/// tensors.
/// </summary>
/// <param name="Name">What was opened, for people.</param>
/// <param name="Config">The configuration it was trained with; for a bare file the defaults with its sizes.</param>
/// <param name="Networks">In evaluation mode.</param>
/// <param name="Problems">Checkpoints that were passed over because they are damaged, and kernels that were switched off because they are
/// wrong, a sentence each.</param>
public sealed record GeneratorSource(string Name, RunConfig Config, Networks Networks, IReadOnlyList<string> Problems) : IDisposable
{
    /// <summary>Opens it.</summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="device">Where to put it: `cpu`, `cuda` or `cuda:N`.</param>
    /// <exception cref="EngineException">The device is not there.</exception>
    /// <exception cref="KernelException">This machine computes the network wrongly.</exception>
    /// <exception cref="RunFolderException">There is no checkpoint, or it is damaged.</exception>
    /// <exception cref="StateDictException">A bare file is not a generator's.</exception>
    /// <exception cref="SafetensorsException">A bare file is damaged.</exception>
    public static GeneratorSource Open(string path, string device = "cpu")
    {
        if (File.Exists(path) && Path.GetFileName(path) is CheckpointStore.BestName or CheckpointStore.LastName)
            path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, File.ReadAllText(path).Trim());
        if (File.Exists(path))
            return FromFile(path, device);
        if (!Directory.Exists(path))
            throw new RunFolderException(
                $"There is nothing at '{path}'. Give a run folder, a checkpoint folder in it, a generator.safetensors, or a state dict "
                    + $"that torch.save wrote (.pt, .pth).",
                path,
                RunFolderException.BadUsage
            );
        var (checkpoint, problems) = RunFolder.HoldsRun(path) ? Best(path) : (CheckpointStore.Read(path), []);
        var config = OnDevice(CheckpointParts.ConfigOf(checkpoint), device);
        var networks = Made(config, out var tested);
        CheckpointParts.RestoreGenerator(checkpoint, networks.Generator);
        return Ready(checkpoint.Path, config, networks, problems, tested);
    }

    /// <inheritdoc/>
    public void Dispose() => Networks.Dispose();

    private static (Checkpoint, IReadOnlyList<string>) Best(string run)
    {
        var search = new CheckpointStore(Path.Combine(run, "checkpoints")).FindBest();
        return search.Found is { } found
            ? (found, [.. search.Problems.Select(p => p.Sentence)])
            : throw new RunFolderException(
                $"The run in '{run}' has no checkpoint that can be "
                    + $"used{(search.Problems.Count > 0 ? ": " + search.Problems[0].Sentence : ": train it first, or further")}.",
                run,
                RunFolderException.BadUsage
            );
    }

    private static GeneratorSource FromFile(string path, string device)
    {
        var tensors = PythonCheckpoint.Load(path);
        if (
            !tensors.TryGetValue("dense_encoder.conv_1.0.weight", out var first)
            || first.Shape.Length != 4
            || !tensors.TryGetValue("TSCB_1.time_conformer.attn.fn.rel_pos_emb.weight", out var distances)
            || distances.Shape.Length != 2
        )
            throw new StateDictException(
                $"'{path}' holds no generator: it has no dense_encoder.conv_1.0.weight or no position table. Give a "
                    + $"generator.safetensors, or the state dict of a generator as it is published.",
                path
            );
        var channels = (int)first.Shape[0];
        var config = OnDevice(
            new RunConfig
            {
                Model = new ModelConfig
                {
                    Channels = channels,
                    Heads = (int)Math.Max(1, channels / Math.Max(1, distances.Shape[1])),
                    Blocks = Enumerable
                        .Range(1, 64)
                        .TakeWhile(k =>
                            tensors.ContainsKey(string.Create(CultureInfo.InvariantCulture, $"TSCB_{k}.time_conformer.post_norm.weight"))
                        )
                        .Count(),
                },
            },
            device
        );
        var networks = Made(config, out var tested);
        StateDict.Load(networks.Generator, tensors, path);
        return Ready(path, config, networks, [], tested);
    }

    private static Networks Made(RunConfig config, out TestedKernels tested)
    {
        tested = KernelSelfTest.Run(config, TestPurpose.Enhancing);
        return new Networks(WithoutDiscriminator(config), tested);
    }

    private static GeneratorSource Ready(
        string name,
        RunConfig config,
        Networks networks,
        IReadOnlyList<string> problems,
        TestedKernels tested
    )
    {
        RefuseNonFinite(networks.Generator, name);
        networks.Train(false);
        return new GeneratorSource(name, config, networks, tested.Sentence is { } sentence ? [.. problems, sentence] : problems);
    }

    // A weight that is not finite makes every sample so, which says nothing of where it is.
    private static void RefuseNonFinite(nn.Module network, string source)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var broken = network
            .state_dict()
            .Where(t => t.Value.is_floating_point())
            .Select(t => (Name: t.Key, Count: t.Value.isfinite().logical_not().sum().ToInt64(), All: t.Value.NumberOfElements))
            .Where(t => t.Count > 0)
            .ToList();
        if (broken.Count > 0)
            throw new StateDictException(
                $"'{source}' has {broken.Count} {(broken.Count == 1 ? "tensor" : "tensors")} with values that are not finite: "
                    + $"{string.Join(", ", broken.Take(5).Select(b => $"{b.Name} ({b.Count} of {b.All})"))}"
                    + $"{(broken.Count > 5 ? " and more" : "")}. Training had failed before it was saved: take an earlier checkpoint.",
                source
            );
    }

    private static RunConfig OnDevice(RunConfig config, string device) =>
        config with
        {
            Train = config.Train with { Device = device, Precision = Precision.Float32 },
        };

    private static RunConfig WithoutDiscriminator(RunConfig config) =>
        config with
        {
            Loss = config.Loss with { Weights = config.Loss.Weights with { Gan = 0 } },
        };
}
