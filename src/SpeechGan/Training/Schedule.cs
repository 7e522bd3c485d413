using SpeechGan.Configuration;
using TorchSharp.Modules;

namespace SpeechGan.Training;

/// <summary>
/// The learning rates as a function of the epoch (StepLR): every `optimizer.decayEpochs` epochs both are multiplied by
/// `optimizer.decayFactor`. It has no state, so that resuming cannot change it.
/// </summary>
public static class Schedule
{
    /// <summary>The rate of an epoch.</summary>
    /// <param name="initial">The rate of the first epoch.</param>
    /// <param name="epoch">Epoch, from 1.</param>
    /// <param name="optimizer">Period and factor.</param>
    public static double Rate(double initial, int epoch, OptimizerConfig optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        var rate = initial;
        for (var decay = 0; decay < (epoch - 1) / optimizer.DecayEpochs; decay++)
            rate *= optimizer.DecayFactor;
        return rate;
    }

    /// <summary>Sets the rates of both optimisers, which are functions of the epoch.</summary>
    internal static void Apply(Networks networks, OptimizerConfig optimizer, int epoch)
    {
        Apply(networks.GeneratorOptimizer, Rate(optimizer.GeneratorLearningRate, epoch, optimizer));
        if (networks.DiscriminatorOptimizer is { } discriminator)
            Apply(discriminator, Rate(optimizer.DiscriminatorLearningRate, epoch, optimizer));
    }

    /// <summary>Sets an optimiser's rate.</summary>
    internal static void Apply(OptimizerHelper optimizer, double rate)
    {
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate = rate;
    }
}
