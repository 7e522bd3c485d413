namespace SpeechGan.Runs;

/// <summary>Values of the generator's loss terms before weighting (as in CMGAN, arXiv 2209.11112); a term of weight 0 is absent.</summary>
public sealed record LossTerms
{
    /// <summary>Real and imaginary parts: mean squared error, summed over both.</summary>
    public double? Ri { get; init; }

    /// <summary>Compressed magnitude: mean squared error.</summary>
    public double? Magnitude { get; init; }

    /// <summary>Waveform: mean absolute difference.</summary>
    public double? Time { get; init; }

    /// <summary>Metric discriminator: mean squared distance of its judgement from 1.</summary>
    public double? Gan { get; init; }

    /// <summary>Weighted sum the generator was trained on.</summary>
    public double? Total { get; init; }
}

/// <summary>L2 norm of each weighted term's gradient at the generator's output, and of whole parameter gradients.</summary>
public sealed record GradientNorms
{
    /// <summary>RI term at the generator's output.</summary>
    public double? Ri { get; init; }

    /// <summary>Magnitude term at the generator's output.</summary>
    public double? Magnitude { get; init; }

    /// <summary>Time term at the generator's output.</summary>
    public double? Time { get; init; }

    /// <summary>GAN term at the generator's output.</summary>
    public double? Gan { get; init; }

    /// <summary>All generator parameters, before clipping.</summary>
    public double? Generator { get; init; }

    /// <summary>All discriminator parameters.</summary>
    public double? Discriminator { get; init; }
}

/// <summary>Wall times in seconds: the only part of a record that two equal runs may differ in.</summary>
public sealed record StepSeconds
{
    /// <summary>Waiting for the batch.</summary>
    public double? Data { get; init; }

    /// <summary>Generator forward and losses.</summary>
    public double? Forward { get; init; }

    /// <summary>Generator backward and update.</summary>
    public double? Backward { get; init; }

    /// <summary>Scoring the batch, on other threads while the generator's backward pass runs.</summary>
    public double? Pesq { get; init; }

    /// <summary>Discriminator forward, backward and update.</summary>
    public double? Discriminator { get; init; }

    /// <summary>Collectives with the other processes, waiting for slower ones included; contained in the other parts. Absent where the run
    /// has one process.</summary>
    public double? Collectives { get; init; }

    /// <summary>The whole step.</summary>
    public double? Total { get; init; }
}

/// <summary>One sample of a training batch: its score, or the code of the reason it has none, beside what the discriminator said of
/// it.</summary>
public sealed record SampleScore
{
    /// <summary>Utterance's name.</summary>
    public required string Name { get; init; }

    /// <summary>Wide-band PESQ of (clean, enhanced); absent where it could not be scored.</summary>
    public double? Pesq { get; init; }

    /// <summary>Code of the reason it has no score, for example <c>SILENT_DEGRADED</c>; absent where it was scored.</summary>
    public string? Masked { get; init; }

    /// <summary>Discriminator's output for (clean, enhanced), 0 to 1, before its update; absent where it did not run.</summary>
    public double? Discriminator { get; init; }

    /// <summary>Discriminator's output for (clean, clean), which it is taught to be 1, before its update; absent where it did not run, and
    /// in records before it was measured.</summary>
    public double? DiscriminatorOfClean { get; init; }

    /// <summary>Target the discriminator was taught for (clean, enhanced); absent where the sample taught it nothing, and in older
    /// records.</summary>
    public double? Target { get; init; }

    /// <summary>First sample of its cut in the utterance at 16 kHz, so that it can be scored again; absent in older records.</summary>
    public int? Start { get; init; }

    /// <summary>The sample as it was loaded; recorded for the first steps of a run and for some of the later ones, absent else.</summary>
    public SampleInput? Input { get; init; }
}

/// <summary>A line of <c>steps.jsonl</c>: one training step.</summary>
public sealed record StepTelemetry
{
    /// <summary>Epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Step of the run, from 1, never restarting.</summary>
    public required long Step { get; init; }

    /// <summary>The batch's place in its epoch, from 0; absent in older records.</summary>
    public int? Batch { get; init; }

    /// <summary>Generator's loss terms.</summary>
    public required LossTerms Loss { get; init; }

    /// <summary>Discriminator's loss; absent with a reason where it did not step (never 0: fault F9).</summary>
    public double? DiscriminatorLoss { get; init; }

    /// <summary>Gradient norms; absent where they were not measured.</summary>
    public GradientNorms? GradientNorm { get; init; }

    /// <summary>Samples in the batch; absent where an imported record does not tell it.</summary>
    public int? SampleCount { get; init; }

    /// <summary>Samples with a score.</summary>
    public int Scored { get; init; }

    /// <summary>Samples without a score, counted by the reason's code. Scored + masked = samples.</summary>
    public IReadOnlyDictionary<string, int> Masked
    {
        get;
        init => field = Absence.Ordered(value);
    } = Absence.Ordered<int>([]);

    /// <summary>Whether the discriminator was updated; absent where an imported record does not tell it.</summary>
    public bool? DiscriminatorStepped { get; init; }

    /// <summary>What the step did to the generator's parameters; absent in older records.</summary>
    public WeightUpdate? GeneratorUpdate { get; init; }

    /// <summary>What the step did to the discriminator's parameters, also where it did not step; absent without a discriminator and in
    /// older records.</summary>
    public WeightUpdate? DiscriminatorUpdate { get; init; }

    /// <summary>The samples in the batch's order; absent where they were not recorded.</summary>
    public IReadOnlyList<SampleScore>? Samples { get; init; }

    /// <summary>Bytes of the tensors that were summed over the processes, as each holds them; absent where the run has one
    /// process.</summary>
    public long? ReducedBytes { get; init; }

    /// <summary>Reasons of absent values by name, for example <c>discriminatorLoss</c>.</summary>
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
    public StepSeconds? Seconds { get; init; }
}
