namespace SpeechGan.Runs;

/// <summary>Wall times of an epoch in seconds.</summary>
public sealed record EpochSeconds
{
    /// <summary>Training steps.</summary>
    public double? Training { get; init; }

    /// <summary>Validation.</summary>
    public double? Evaluation { get; init; }

    /// <summary>Saving.</summary>
    public double? Checkpoint { get; init; }
}

/// <summary>The reconstruction loss of one batch in the generator's two modes: with the batch's own statistics and dropout, as it was
/// trained on, and with running statistics, as it is used.</summary>
public sealed record ModeLoss
{
    /// <summary>Weighted reconstruction terms (RI, magnitude, time) of the epoch's last step.</summary>
    public required double Training { get; init; }

    /// <summary>The same terms of the same batch in evaluation mode, right after that step.</summary>
    public required double Evaluation { get; init; }
}

/// <summary>Validation of an epoch in brief; <c>evaluations.jsonl</c> has the utterances.</summary>
public sealed record ValidationSummary
{
    /// <summary>Split that was evaluated: <c>valid</c> or <c>test</c>.</summary>
    public required string Split { get; init; }

    /// <summary>Utterances evaluated; absent where an imported record does not tell it.</summary>
    public int? Utterances { get; init; }

    /// <summary>Mean of each metric over the utterances that have it.</summary>
    public required IReadOnlyDictionary<string, double> Mean
    {
        get;
        init => field = Absence.Ordered(value);
    }

    /// <summary>Utterances without a value, by metric; metrics that all utterances have are not named.</summary>
    public IReadOnlyDictionary<string, int> Missing
    {
        get;
        init => field = Absence.Ordered(value);
    } = Absence.Ordered<int>([]);

    /// <summary>Whether any part of the generator stood in training mode while it was evaluated; absent in older records.</summary>
    public bool? TrainingMode { get; init; }

    /// <summary>Whether parameters or buffers changed while the networks were evaluated; absent in older records.</summary>
    public bool? StateChanged { get; init; }

    /// <summary>Generator's validation loss, weighted by utterances; absent where it was not computed.</summary>
    public double? Loss { get; init; }
}

/// <summary>A line of <c>epochs.jsonl</c>: one epoch. <see cref="EpochSummary.Of"/> makes it from the epoch's steps.</summary>
public sealed record EpochTelemetry
{
    /// <summary>Epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Last step of the epoch, counted over the run; this and the counts below are absent where an imported record has no steps,
    /// or only some.</summary>
    public long? LastStep { get; init; }

    /// <summary>Means of the loss terms, weighted by samples.</summary>
    public required LossTerms Loss { get; init; }

    /// <summary>Mean discriminator loss over the batches on which it stepped; absent with a reason where there is none.</summary>
    public double? DiscriminatorLoss { get; init; }

    /// <summary>Batches seen.</summary>
    public int? BatchesSeen { get; init; }

    /// <summary>Batches that the epoch was to have; absent in older records.</summary>
    public int? BatchesPlanned { get; init; }

    /// <summary>Batches on which the discriminator stepped.</summary>
    public int? BatchesStepped { get; init; }

    /// <summary>Samples seen.</summary>
    public int? SamplesSeen { get; init; }

    /// <summary>Samples with a score.</summary>
    public int? SamplesScored { get; init; }

    /// <summary>Samples without a score, counted by the reason's code.</summary>
    public IReadOnlyDictionary<string, int> Masked
    {
        get;
        init => field = Absence.Ordered(value);
    } = Absence.Ordered<int>([]);

    /// <summary>Batches stepped over batches seen, 0 to 1; absent with a reason where no batch was seen or no discriminator takes
    /// part.</summary>
    public double? TrainingRate { get; init; }

    /// <summary>Correlation of the discriminator's outputs with their PESQ targets on enhanced samples; absent with a reason below two
    /// samples.</summary>
    public double? DiscriminatorCorrelation { get; init; }

    /// <summary>Mean absolute error of the discriminator on enhanced samples, in PESQ points; absent with a reason below two
    /// samples.</summary>
    public double? DiscriminatorError { get; init; }

    /// <summary>Generator's learning rate in this epoch.</summary>
    public double? GeneratorLearningRate { get; init; }

    /// <summary>Discriminator's learning rate in this epoch.</summary>
    public double? DiscriminatorLearningRate { get; init; }

    /// <summary>Validation; absent with a reason where the epoch was not evaluated.</summary>
    public ValidationSummary? Validation { get; init; }

    /// <summary>The best epoch so far, as the trainer keeps it; absent where none was judged, and in older records.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>Mean validation PESQ of the best epoch so far, as the trainer keeps it.</summary>
    public double? BestPesq { get; init; }

    /// <summary>Loss of the last batch in training and in evaluation mode; absent where the epoch was not validated, and in older
    /// records.</summary>
    public ModeLoss? ModeLoss { get; init; }

    /// <summary>SHA-256 over all parameters and buffers after the epoch, hexadecimal; absent where it was not computed.</summary>
    public string? ParameterDigest { get; init; }

    /// <summary>Reasons of absent values by name.</summary>
    public IReadOnlyDictionary<string, string> Unavailable
    {
        get;
        init => field = Absence.Ordered(value);
    } = Absence.None;

    /// <summary>Where each imported value stands in the foreign record (file and line, or event file and tag), by name; absent in a run of
    /// this program.</summary>
    public IReadOnlyDictionary<string, string>? Sources
    {
        get;
        init => field = value is null ? null : Absence.Ordered(value);
    }

    /// <summary>Wall times; left out of every comparison of two runs.</summary>
    public EpochSeconds? Seconds { get; init; }
}
