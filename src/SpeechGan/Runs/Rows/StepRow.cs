namespace SpeechGan.Runs.Rows;

/// <summary>What one step did to a network's weights, as <see cref="WeightUpdate"/> has it, without the digest.</summary>
/// <param name="Norm">L2 norm of the change; absent where a parameter is not finite.</param>
/// <param name="Rate">Learning rate that the optimiser held.</param>
/// <param name="Parameters">Elements of all parameters.</param>
/// <param name="Still">Tensors that did not move although they have a gradient.</param>
/// <param name="ChangedBefore">Whether the parameters changed between the step before and this one.</param>
public readonly record struct UpdateRow(double? Norm, double? Rate, long Parameters, int Still, bool? ChangedBefore)
{
    /// <summary>The update over the rate times the root of the number of parameters, as <see cref="WeightUpdate.Relative"/>.</summary>
    public double? Relative => WeightUpdate.RelativeOf(Norm, Rate, Parameters);
}

/// <summary>
/// A step of a record, a view of few bytes: its parts are made where they are asked for and have the values of
/// <see cref="StepTelemetry"/>. Reasons, digests, wall times and sources are read from the line itself (<see cref="RunRecord.Steps"/>).
/// </summary>
public readonly struct StepRow
{
    private readonly StepBlock block;
    private readonly NameTable names;
    private readonly int place;

    internal StepRow(StepBlock block, NameTable names, int place) => (this.block, this.names, this.place) = (block, names, place);

    /// <summary>Epoch, from 1.</summary>
    public int Epoch => Cells.Epoch;

    /// <summary>Step of the run, from 1.</summary>
    public long Step => Cells.Step;

    /// <summary>The batch's place in its epoch, from 0; absent in older records.</summary>
    public int? Batch => Cells.Batch;

    /// <summary>Generator's loss terms.</summary>
    public LossTerms Loss =>
        new()
        {
            Ri = Value(StepNumber.LossRi),
            Magnitude = Value(StepNumber.LossMagnitude),
            Time = Value(StepNumber.LossTime),
            Gan = Value(StepNumber.LossGan),
            Total = Value(StepNumber.LossTotal),
        };

    /// <summary>Weighted sum the generator was trained on.</summary>
    public double? TotalLoss => Value(StepNumber.LossTotal);

    /// <summary>Discriminator's loss; absent where it did not step.</summary>
    public double? DiscriminatorLoss => Value(StepNumber.DiscriminatorLoss);

    /// <summary>Gradient norms; absent where they were not measured.</summary>
    public GradientNorms? GradientNorm =>
        !Cells.Flags.HasFlag(StepFlags.GradientNorm)
            ? null
            : new GradientNorms
            {
                Ri = Value(StepNumber.GradientRi),
                Magnitude = Value(StepNumber.GradientMagnitude),
                Time = Value(StepNumber.GradientTime),
                Gan = Value(StepNumber.GradientGan),
                Generator = Value(StepNumber.GradientGenerator),
                Discriminator = Value(StepNumber.GradientDiscriminator),
            };

    /// <summary>Samples in the batch; absent where an imported record does not tell it.</summary>
    public int? SampleCount => Cells.SampleCount;

    /// <summary>Samples with a score.</summary>
    public int Scored => Cells.Scored;

    /// <summary>Samples without a score, counted by the reason's code, in ordinal order.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Masked
    {
        get
        {
            if (Cells.Masked == 0)
                return [];

            var masked = new KeyValuePair<string, int>[Cells.Masked];
            for (var i = 0; i < masked.Length; i++)
            {
                ref readonly var cells = ref block.Masked[Cells.FirstMasked + i];
                masked[i] = new(names[cells.Reason], cells.Count);
            }

            return masked;
        }
    }

    /// <summary>Whether the record says why no score was asked for.</summary>
    public bool ScoresUnavailable => Cells.Flags.HasFlag(StepFlags.ScoresUnavailable);

    /// <summary>Whether the discriminator was updated; absent where an imported record does not tell it.</summary>
    public bool? DiscriminatorStepped => Cells.Stepped;

    /// <summary>What the step did to the generator's parameters; absent in older records.</summary>
    public UpdateRow? GeneratorUpdate =>
        !Cells.Flags.HasFlag(StepFlags.GeneratorUpdate)
            ? null
            : new UpdateRow(
                Value(StepNumber.GeneratorNorm),
                Value(StepNumber.GeneratorRate),
                Cells.GeneratorParameters,
                Cells.GeneratorStill,
                Cells.GeneratorChanged
            );

    /// <summary>What the step did to the discriminator's parameters; absent without a discriminator and in older records.</summary>
    public UpdateRow? DiscriminatorUpdate =>
        !Cells.Flags.HasFlag(StepFlags.DiscriminatorUpdate)
            ? null
            : new UpdateRow(
                Value(StepNumber.DiscriminatorNorm),
                Value(StepNumber.DiscriminatorRate),
                Cells.DiscriminatorParameters,
                Cells.DiscriminatorStill,
                Cells.DiscriminatorChanged
            );

    /// <summary>The samples in the batch's order; absent where they were not recorded.</summary>
    public IReadOnlyList<SampleRow>? Samples
    {
        get
        {
            if (!Cells.Flags.HasFlag(StepFlags.Samples))
                return null;

            var samples = new SampleRow[Cells.Samples];
            for (var i = 0; i < samples.Length; i++)
                samples[i] = new SampleRow(block, names, Cells.FirstSample + i);

            return samples;
        }
    }

    /// <summary>Whether any sample of its batch is recorded.</summary>
    internal bool HasSamples => Cells.Samples > 0;

    /// <summary>Whether it says where its values stand in a foreign record.</summary>
    internal bool HasSources => Cells.Flags.HasFlag(StepFlags.Sources);

    /// <summary>Where its line stands in the record's text.</summary>
    internal (long Offset, int Length) Line => (Cells.Offset, Cells.Length);

    private ref readonly StepCells Cells => ref block.Steps[place];

    private double? Value(StepNumber number) => Number.From(Cells.Numbers[(int)number]);
}
