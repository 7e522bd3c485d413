using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Probes;

/// <summary>What a replayed window of training came to: a line of <c>probes.jsonl</c>.</summary>
public sealed record Replay
{
    /// <summary>What makes it this replay and no other: checkpoint, configuration, window, host. A line with the same key need not be
    /// trained again.</summary>
    public required string Key { get; init; }

    /// <summary>Name of the checkpoint it began with, which the run keeps; absent in older journals.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The ingredient's id; <c>unchanged</c> for the run as it was, <c>before</c> for the checkpoint itself.</summary>
    public required string Ingredient { get; init; }

    /// <summary>Seed of order, cuts and dropout.</summary>
    public required long Seed { get; init; }

    /// <summary>Wide-band PESQ by utterance at the end of the window, centre cuts, evaluation mode; utterances without a score are not
    /// named.</summary>
    public required IReadOnlyDictionary<string, double> Pesq
    {
        get;
        init => field = Absence.Ordered(value);
    }

    /// <summary>SI-SDR by utterance, dB.</summary>
    public required IReadOnlyDictionary<string, double> SiSdr
    {
        get;
        init => field = Absence.Ordered(value);
    }

    /// <summary>Batches on which the discriminator stepped over batches seen; absent without a discriminator, and for the checkpoint
    /// itself.</summary>
    public double? TrainingRate { get; init; }

    /// <summary>Mean of RI and magnitude terms under the run's weights in the window's last epoch: the part of the loss that no ingredient
    /// defines anew. For the checkpoint itself that of the epoch it was made in.</summary>
    public double? Loss { get; init; }

    /// <summary>Batches on which the discriminator would have stepped under each failure policy, over batches seen, by the scores of this
    /// window's samples; empty where they were not recorded.</summary>
    public IReadOnlyDictionary<string, double> RateByPolicy
    {
        get;
        init => field = Absence.Ordered(value);
    } = Absence.Ordered<double>([]);

    /// <summary>Seconds it took.</summary>
    public double? Seconds { get; init; }

    /// <summary>Id of the replay that evaluates the checkpoint itself.</summary>
    public const string Before = "before";

    /// <summary>Makes it of a replay's record.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="ingredient">Id of what was changed.</param>
    /// <param name="run">The replay's record: its steps, and the validation of its last epoch.</param>
    /// <param name="weights">The probed run's weights, for the loss.</param>
    public static Replay Of(string key, string ingredient, RunRecord run, Configuration.LossWeights weights)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(weights);
        var last = run.Epochs.Count == 0 ? null : run.Epochs[^1];
        var scores = run.Evaluations.Where(e => e.Split == RecordName.Valid && e.Epoch > 0 && e.Epoch == last?.Epoch).ToList();
        return new Replay
        {
            Key = key,
            Ingredient = ingredient,
            Seed = run.Info.Seed ?? throw new InvalidOperationException("A replay is a run of this program, which has a seed."),
            Pesq = Values(scores, RecordName.Pesq),
            SiSdr = Values(scores, RecordName.SiSdr),
            TrainingRate =
                run.Config is { HasDiscriminator: false } || run.Steps.Count == 0
                    ? null
                    : (double)run.Steps.Count(s => s.DiscriminatorStepped == true) / run.Steps.Count,
            Loss = last is null ? null : LossOf(last.Loss, weights),
            RateByPolicy = ByPolicy(run.Steps),
        };
    }

    /// <summary>RI and magnitude under the run's weights; null where a term has none.</summary>
    public static double? LossOf(LossTerms loss, Configuration.LossWeights weights)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(weights);
        return loss is { Ri: { } ri, Magnitude: { } magnitude } ? (weights.Ri * ri) + (weights.Magnitude * magnitude) : null;
    }

    /// <summary>Values of a metric by utterance.</summary>
    public static IReadOnlyDictionary<string, double> Values(IEnumerable<UtteranceEvaluation> evaluations, string metric) =>
        Absence.Ordered(
            evaluations.Where(e => e.Metrics.ContainsKey(metric)).Select(e => new KeyValuePair<string, double>(e.Name, e.Metrics[metric]))
        );

    // A batch whose samples all have a score steps under every policy; one with some under all but drop-batch; one with none under no
    // policy.
    private static IReadOnlyDictionary<string, double> ByPolicy(IReadOnlyList<StepTelemetry> steps)
    {
        var recorded = steps.Where(s => s.Samples is { Count: > 0 }).ToList();
        if (recorded.Count == 0 || recorded.Count < steps.Count)
            return Absence.Ordered<double>([]);

        double some = recorded.Count(s => s.Samples!.Any(x => x.Pesq is not null)),
            all = recorded.Count(s => s.Samples!.All(x => x.Pesq is not null));
        return Absence.Ordered<double>([
            new("mask", some / recorded.Count),
            new("batch-mean", some / recorded.Count),
            new("drop-batch", all / recorded.Count),
        ]);
    }
}
