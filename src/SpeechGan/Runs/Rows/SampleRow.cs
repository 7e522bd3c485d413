namespace SpeechGan.Runs.Rows;

/// <summary>A sample of a step, a view of few bytes with the values of <see cref="SampleScore"/>.</summary>
public readonly struct SampleRow
{
    private readonly StepBlock _block;
    private readonly NameTable _names;
    private readonly int _place;

    internal SampleRow(StepBlock block, NameTable names, int place) => (_block, _names, _place) = (block, names, place);

    /// <summary>Utterance's name.</summary>
    public string Name => _names[Cells.Name];

    /// <summary>Wide-band PESQ of (clean, enhanced); absent where it could not be scored.</summary>
    public double? Pesq => Number.From(Cells.Pesq);

    /// <summary>Code of the reason it has no score; absent where it was scored.</summary>
    public string? Masked => Cells.Masked < 0 ? null : _names[Cells.Masked];

    /// <summary>Discriminator's output for (clean, enhanced), 0 to 1; absent where it did not run.</summary>
    public double? Discriminator => Number.From(Cells.Discriminator);

    /// <summary>Discriminator's output for (clean, clean); absent where it did not run, and in older records.</summary>
    public double? DiscriminatorOfClean => Number.From(Cells.DiscriminatorOfClean);

    /// <summary>Target the discriminator was taught; absent where the sample taught it nothing, and in older records.</summary>
    public double? Target => Number.From(Cells.Target);

    /// <summary>First sample of its cut in the utterance at 16 kHz; absent in older records.</summary>
    public int? Start => Cells.Start;

    /// <summary>The sample as it was loaded; recorded for some steps, absent else.</summary>
    public SampleInput? Input => Cells.Input < 0 ? null : InputOf(_block.Inputs[Cells.Input]);

    private ref readonly SampleCells Cells => ref _block.Samples[_place];

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
