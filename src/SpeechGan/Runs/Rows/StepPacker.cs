using System.Runtime.InteropServices;

namespace SpeechGan.Runs.Rows;

/// <summary>Makes blocks of steps, from records in memory or from what <see cref="StepLine"/> reads of a line.</summary>
internal sealed class StepPacker(NameTable names, Action<StepBlock> full)
{
    // Arrays below the size from which on they would be large objects to the garbage collector.
    private const int MostSteps = 256,
        MostSamples = 1024;

    private readonly List<StepCells> steps = [];
    private readonly List<SampleCells> samples = [];
    private readonly List<InputCells> inputs = [];
    private readonly List<MaskedCells> masked = [];
    private (int Samples, int Inputs, int Masked) before;

    /// <summary>Names of the record.</summary>
    public NameTable Names => names;

    /// <summary>Samples of the step that is being made, and of those before it in the block.</summary>
    public int Samples => samples.Count;

    /// <summary>Cells of a step without any value.</summary>
    public StepCells Begin()
    {
        before = (samples.Count, inputs.Count, masked.Count);
        var cells = new StepCells { FirstSample = samples.Count, FirstMasked = masked.Count };
        ((Span<double>)cells.Numbers).Fill(Number.Absent);
        return cells;
    }

    /// <summary>Forgets what was added since <see cref="Begin"/>.</summary>
    public void TakeBack()
    {
        CollectionsMarshal.SetCount(samples, before.Samples);
        CollectionsMarshal.SetCount(inputs, before.Inputs);
        CollectionsMarshal.SetCount(masked, before.Masked);
    }

    /// <summary>Adds a sample of the step that is being made.</summary>
    public void Add(in SampleCells sample) => samples.Add(sample);

    /// <summary>Adds a loaded sample and tells its place.</summary>
    public int Add(in InputCells input)
    {
        inputs.Add(input);
        return inputs.Count - 1;
    }

    /// <summary>Adds a count of the step that is being made; those of a step come in ordinal order of their reasons.</summary>
    public void Add(in MaskedCells masked) => this.masked.Add(masked);

    /// <summary>Ends the step that is being made.</summary>
    public void End(StepCells cells)
    {
        cells.Samples = samples.Count - cells.FirstSample;
        cells.Masked = masked.Count - cells.FirstMasked;
        steps.Add(cells);
        if (steps.Count >= MostSteps || samples.Count >= MostSamples)
            Flush();
    }

    /// <summary>Hands out what is left.</summary>
    public void Flush()
    {
        if (steps.Count > 0)
        {
            full(new StepBlock([.. steps], [.. samples], [.. inputs], [.. masked]));
            steps.Clear();
            samples.Clear();
            inputs.Clear();
            masked.Clear();
        }
    }

    /// <summary>Adds a whole step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="offset">Where its line stands.</param>
    /// <param name="length">The line's length.</param>
    public void Add(StepTelemetry step, long offset = 0, int length = 0)
    {
        var cells = Begin();
        (cells.Epoch, cells.Step, cells.Batch, cells.Offset, cells.Length) = (step.Epoch, step.Step, step.Batch, offset, length);
        (cells.SampleCount, cells.Scored, cells.Stepped) = (step.SampleCount, step.Scored, step.DiscriminatorStepped);
        Span<double> numbers = cells.Numbers;
        numbers[(int)StepNumber.LossRi] = Number.Of(step.Loss.Ri);
        numbers[(int)StepNumber.LossMagnitude] = Number.Of(step.Loss.Magnitude);
        numbers[(int)StepNumber.LossTime] = Number.Of(step.Loss.Time);
        numbers[(int)StepNumber.LossGan] = Number.Of(step.Loss.Gan);
        numbers[(int)StepNumber.LossTotal] = Number.Of(step.Loss.Total);
        numbers[(int)StepNumber.DiscriminatorLoss] = Number.Of(step.DiscriminatorLoss);
        if (step.GradientNorm is { } norms)
        {
            cells.Flags |= StepFlags.GradientNorm;
            numbers[(int)StepNumber.GradientRi] = Number.Of(norms.Ri);
            numbers[(int)StepNumber.GradientMagnitude] = Number.Of(norms.Magnitude);
            numbers[(int)StepNumber.GradientTime] = Number.Of(norms.Time);
            numbers[(int)StepNumber.GradientGan] = Number.Of(norms.Gan);
            numbers[(int)StepNumber.GradientGenerator] = Number.Of(norms.Generator);
            numbers[(int)StepNumber.GradientDiscriminator] = Number.Of(norms.Discriminator);
        }

        if (step.GeneratorUpdate is { } generator)
        {
            cells.Flags |= StepFlags.GeneratorUpdate;
            numbers[(int)StepNumber.GeneratorNorm] = Number.Of(generator.Norm);
            numbers[(int)StepNumber.GeneratorRate] = Number.Of(generator.Rate);
            (cells.GeneratorParameters, cells.GeneratorStill, cells.GeneratorChanged) = (
                generator.Parameters,
                generator.Still,
                generator.ChangedBefore
            );
        }

        if (step.DiscriminatorUpdate is { } discriminator)
        {
            cells.Flags |= StepFlags.DiscriminatorUpdate;
            numbers[(int)StepNumber.DiscriminatorNorm] = Number.Of(discriminator.Norm);
            numbers[(int)StepNumber.DiscriminatorRate] = Number.Of(discriminator.Rate);
            (cells.DiscriminatorParameters, cells.DiscriminatorStill, cells.DiscriminatorChanged) = (
                discriminator.Parameters,
                discriminator.Still,
                discriminator.ChangedBefore
            );
        }

        cells.Flags |= step.Unavailable.ContainsKey(ScoresName) ? StepFlags.ScoresUnavailable : 0;
        cells.Flags |= step.Sources is { Count: > 0 } ? StepFlags.Sources : 0;
        foreach (var (reason, count) in step.Masked)
        {
            Add(new MaskedCells { Reason = names.Place(reason), Count = count });
        }

        if (step.Samples is { } samples)
        {
            cells.Flags |= StepFlags.Samples;
            foreach (var sample in samples)
                Add(CellsOf(sample));
        }

        End(cells);
    }

    /// <summary>Name under which a step says why no score was asked for.</summary>
    public const string ScoresName = "scores";

    private SampleCells CellsOf(SampleScore sample) =>
        new()
        {
            Name = names.Place(sample.Name),
            Pesq = Number.Of(sample.Pesq),
            Masked = sample.Masked is { } masked ? names.Place(masked) : -1,
            Discriminator = Number.Of(sample.Discriminator),
            DiscriminatorOfClean = Number.Of(sample.DiscriminatorOfClean),
            Target = Number.Of(sample.Target),
            Start = sample.Start,
            Input = sample.Input is { } input ? Add(CellsOf(input)) : -1,
        };

    private static InputCells CellsOf(SampleInput input) =>
        new()
        {
            CleanLevel = input.CleanLevel,
            NoisyLevel = input.NoisyLevel,
            CleanMean = input.CleanMean,
            NoisyMean = input.NoisyMean,
            CleanPeak = input.CleanPeak,
            NoisyPeak = input.NoisyPeak,
            Lag = input.Lag,
            Correlation = Number.Of(input.Correlation),
            Unshifted = Number.Of(input.Unshifted),
            RangeGained = Number.Of(input.RangeGained),
        };
}
