using System.Globalization;
using SpeechGan.Configuration;

namespace SpeechGan.Diagnostics.Probes;

/// <summary>One thing that a replay of a window of training does otherwise than the run did, all else equal.</summary>
/// <param name="Id">Stable id, kebab-case.</param>
/// <param name="What">What is otherwise, in words that end a sentence: <c>samples without a score masked on their own</c>.</param>
/// <param name="Knobs">The knobs that say it, <c>key=value</c>.</param>
public sealed record Ingredient(string Id, string What, IReadOnlyList<string> Knobs)
{
    /// <summary>The run as it was.</summary>
    public static Ingredient Unchanged { get; } = new("unchanged", "nothing changed", []);

    /// <summary>All that can be tried, in the order it is told.</summary>
    public static IReadOnlyList<Ingredient> All { get; } =
    [
        new("mask-samples", "samples without a score masked on their own", ["metric.onFailure=mask"]),
        new("normalise-time-reference", "the time term's clean signal on the estimate's scale", ["loss.timeReference=normalized"]),
        new("shuffle-each-epoch", "a new order in each epoch", ["data.shuffle=each-epoch"]),
        new("gan-off", "the GAN term off", ["loss.weights.gan=0"]),
        new("gan-0.05", "the GAN term at the published weight of 0.05", ["loss.weights.gan=0.05"]),
        new("gan-0.2", "the GAN term at a weight of 0.2", ["loss.weights.gan=0.2"]),
        // So small a rate leaves every weight where it is (float32 has 7 digits), and changes nothing else of the step.
        new("freeze-discriminator", "the discriminator's weights frozen", ["optimizer.discriminatorLearningRate=1e-12"]),
        new("tenth-learning-rate", "both learning rates a tenth", []),
    ];

    /// <summary>
    /// What can be tried on a run: those that would change its configuration, with their knobs; without a discriminator nothing that only
    /// it has, since a checkpoint without one has no weights to begin with.
    /// </summary>
    public static IReadOnlyList<Ingredient> For(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return
        [
            .. All.Select(i => i with { Knobs = i.Id == "tenth-learning-rate" ? Tenth(config.Optimizer) : i.Knobs })
                .Where(i => Applies(i, config)),
        ];
    }

    /// <summary>The run's configuration with this ingredient.</summary>
    public RunConfig Of(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.With(Knobs);
    }

    private static bool Applies(Ingredient ingredient, RunConfig config) =>
        (
            config.HasDiscriminator
            || !ingredient.Knobs.Any(k =>
                k.StartsWith("loss.weights.gan", StringComparison.Ordinal)
                || k.StartsWith("metric.", StringComparison.Ordinal)
                || k.StartsWith("optimizer.discriminatorLearningRate=1e-12", StringComparison.Ordinal)
            )
        )
        && config.With(ingredient.Knobs).DifferencesTo(config).Count > 0;

    private static string[] Tenth(OptimizerConfig rates) =>
        [
            string.Create(CultureInfo.InvariantCulture, $"optimizer.generatorLearningRate={rates.GeneratorLearningRate / 10:R}"),
            string.Create(CultureInfo.InvariantCulture, $"optimizer.discriminatorLearningRate={rates.DiscriminatorLearningRate / 10:R}"),
        ];
}
