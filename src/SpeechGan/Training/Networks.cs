using SpeechGan.Configuration;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>Both networks of a run with their optimisers, on one device and in one number type.</summary>
public sealed class Networks : IDisposable
{
    private readonly Parameter[] discriminatorParameters;

    /// <summary>Makes both with initial values drawn from the run's seed.</summary>
    /// <param name="config">The run's configuration.</param>
    /// <param name="tested">Kernels that a self-test found right; null: the configured ones, untested.</param>
    public Networks(RunConfig config, TestedKernels? tested = null)
    {
        Device = device(config.Train.Device);
        Type = config.Train.Precision == Precision.Float64 ? float64 : float32;
        manual_seed(config.Seed);
        var kernels = tested?.Kernels ?? NetworkKernels.For(config.Train.Kernels);
        Generator = new Models.Generator(config.Model.Channels, config.Model.Heads, config.Model.Blocks, config.Model.Dropout, kernels);
        Place(Generator);
        GeneratorOptimizer = Optimizer(Generator.parameters(), config.Optimizer.GeneratorLearningRate, config.Optimizer);
        if (config.HasDiscriminator)
        {
            Discriminator = new MetricDiscriminator(config.Discriminator.Features, config.Discriminator.Dropout, kernels);
            Place(Discriminator);
            DiscriminatorOptimizer = Optimizer(Discriminator.parameters(), config.Optimizer.DiscriminatorLearningRate, config.Optimizer);
        }
        discriminatorParameters = Discriminator is null ? [] : [.. Discriminator.parameters()];
        Spectrum = new Spectrum(Type, Device);
    }

    /// <summary>Where tensors live.</summary>
    public Device Device { get; }

    /// <summary>Float32 or float64.</summary>
    public ScalarType Type { get; }

    /// <summary>The front end.</summary>
    public Spectrum Spectrum { get; }

    /// <summary>The enhancing network.</summary>
    public Models.Generator Generator { get; }

    /// <summary>The PESQ-predicting network; null where the GAN term has no weight.</summary>
    public MetricDiscriminator? Discriminator { get; }

    /// <summary>The generator's optimiser.</summary>
    public AdamW GeneratorOptimizer { get; }

    /// <summary>The discriminator's optimiser; null where there is no discriminator.</summary>
    public AdamW? DiscriminatorOptimizer { get; }

    /// <summary>
    /// Switches the discriminator's parameters out of (or into) the graph: frozen in the generator's pass, the result is the
    /// same and the backward pass costs less.
    /// </summary>
    internal void FreezeDiscriminator(bool frozen)
    {
        foreach (var p in discriminatorParameters)
            p.requires_grad = !frozen;
    }

    /// <summary>Has the generator's BatchNorm statistics over the batches of all processes.</summary>
    /// <param name="sum">The sum of a tensor over all processes, part of the graph.</param>
    internal void SynchroniseBatchNorm(Func<Tensor, Tensor> sum)
    {
        foreach (var module in Generator.modules().OfType<ConvolutionModule>())
            module.Synchronise(sum);
    }

    /// <summary>Training or evaluation mode of both.</summary>
    internal void Train(bool on)
    {
        Generator.train(on);
        Discriminator?.train(on);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Spectrum.Dispose();
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer?.Dispose();
        Generator.Dispose();
        Discriminator?.Dispose();
    }

    /// <summary>Moves a network to its device and number type, and out of the caller's dispose scope: it lives until it is
    /// disposed.</summary>
    private void Place(nn.Module network)
    {
        network.to(Device, Type);
        foreach (var tensor in network.state_dict().Values)
            tensor.DetachFromDisposeScope();
    }

    // weight_decay is passed because TorchSharp's default is 0 where PyTorch's is 0.01.
    private static AdamW Optimizer(IEnumerable<Parameter> parameters, double rate, OptimizerConfig c) =>
        optim.AdamW(parameters, lr: rate, beta1: c.Beta1, beta2: c.Beta2, eps: c.Eps, weight_decay: c.WeightDecay);
}
