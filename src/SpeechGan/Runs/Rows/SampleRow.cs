namespace SpeechGan.Runs.Rows;

/// <summary>A sample of a step, a view of few bytes with the values of <see cref="SampleScore"/>.</summary>
public readonly struct SampleRow
{
    private readonly StepBlock block;
    private readonly NameTable names;
    private readonly int place;

    internal SampleRow(StepBlock block, NameTable names, int place) => (this.block, this.names, this.place) = (block, names, place);

    /// <summary>Utterance's name.</summary>
    public string Name => names[Cells.Name];

    /// <summary>Wide-band PESQ of (clean, enhanced); absent where it could not be scored.</summary>
    public double? Pesq => Number.From(Cells.Pesq);

    /// <summary>Code of the reason it has no score; absent where it was scored.</summary>
    public string? Masked => Cells.Masked < 0 ? null : names[Cells.Masked];

    /// <summary>Discriminator's output for (clean, enhanced), 0 to 1; absent where it did not run.</summary>
    public double? Discriminator => Number.From(Cells.Discriminator);

    /// <summary>Discriminator's output for (clean, clean); absent where it did not run, and in older records.</summary>
    public double? DiscriminatorOfClean => Number.From(Cells.DiscriminatorOfClean);

    /// <summary>Target the discriminator was taught; absent where the sample taught it nothing, and in older records.</summary>
    public double? Target => Number.From(Cells.Target);

    /// <summary>First sample of its cut in the utterance at 16 kHz; absent in older records.</summary>
    public int? Start => Cells.Start;

    /// <summary>The sample as it was loaded; recorded for some steps, absent else.</summary>
    public SampleInput? Input => Cells.Input < 0 ? null : InputOf(block.Inputs[Cells.Input]);

    private ref readonly SampleCells Cells => ref block.Samples[place];

    private static SampleInput InputOf(in InputCells cells) =>
        new()
        {
            CleanLevel = cells.CleanLevel,
            NoisyLevel = cells.NoisyLevel,
            CleanMean = cells.CleanMean,
            NoisyMean = cells.NoisyMean,
            CleanPeak = cells.CleanPeak,
            NoisyPeak = cells.NoisyPeak,
            Lag = cells.Lag,
            Correlation = Number.From(cells.Correlation),
            Unshifted = Number.From(cells.Unshifted),
            RangeGained = Number.From(cells.RangeGained),
        };
}
