using System.Text.Json;
using SpeechGan.Configuration;
using SpeechGan.Runs;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Training;

/// <summary>The tiny reference configuration, its data, and a training step driven with its fixed PESQ targets.</summary>
internal sealed class TinyReference : IDisposable
{
    private static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Training", "reference", "tiny");
    public static readonly JsonElement Expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expected.json"))).RootElement;
    public static readonly double[] Targets = [0.5, 0.25];
    public static readonly HashSet<string> DeadBiases =
    [
        .. Expected.GetProperty("zero_gradient_params_g").EnumerateArray().Select(e => e.GetString()!),
    ];

    private readonly DisposeScope scope = NewDisposeScope();

    public TinyReference(Precision precision, TimeReference reference)
    {
        Config = new RunConfig
        {
            Model = new ModelConfig { Channels = 8, Dropout = 0 },
            Discriminator = new DiscriminatorConfig { Features = 4, Dropout = 0 },
            Loss = new LossConfig { TimeReference = reference },
            Train = new TrainConfig { Precision = precision },
        };
        Networks = new Networks(Config);
        StateDict.Load(Networks.Generator, Load("weights_g"), "weights_g");
        StateDict.Load(Networks.Discriminator!, Load("weights_d"), "weights_d");
        var inputs = Load("inputs");
        Clean = StateDict.ToTensor(inputs["clean"]).to(Networks.Type);
        Noisy = StateDict.ToTensor(inputs["noisy"]).to(Networks.Type);
    }

    public RunConfig Config { get; }
    public Networks Networks { get; }
    public Tensor Clean { get; }
    public Tensor Noisy { get; }

    public static IReadOnlyDictionary<string, TensorEntry> Load(string name) =>
        Safetensors.Load(Path.Combine(Folder, name + ".safetensors")).Tensors;

    /// <summary>Both halves of one step; the optimisers move only when asked.</summary>
    public (LossTerms Generator, double Discriminator) Step(bool update = true, bool[]? mask = null, MaskedTerms masked = MaskedTerms.Pesq)
    {
        using var inner = NewDisposeScope();
        var pass = new GeneratorPass(Networks, Config.Loss).Run(Clean, Noisy);
        if (update)
            Networks.GeneratorOptimizer.step();
        var (loss, _, _) = new DiscriminatorPass(Networks, Config.Metric with { MaskedTerms = masked }).Run(
            pass.CleanMagnitude,
            pass.Magnitude,
            Targets,
            mask ?? [true, true]
        );
        if (update)
            Networks.DiscriminatorOptimizer!.step();
        return (pass.Loss, loss);
    }

    public void Dispose()
    {
        scope.Dispose();
        Networks.Dispose();
    }
}
