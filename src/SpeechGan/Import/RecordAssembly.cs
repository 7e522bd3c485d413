using System.Collections.Frozen;
using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>Makes steps and epochs of a foreign record's rows. What the source does not tell stays absent, with the reason.</summary>
internal sealed class RecordAssembly
{
    /// <summary>Fields of a step; all others are of an epoch.</summary>
    public static readonly FrozenSet<ForeignField> OfSteps = new[]
    {
        ForeignField.Loss,
        ForeignField.LossRi,
        ForeignField.LossMagnitude,
        ForeignField.LossTime,
        ForeignField.LossGan,
        ForeignField.DiscriminatorLoss,
        ForeignField.DiscriminatorStepped,
        ForeignField.GradientRi,
        ForeignField.GradientMagnitude,
        ForeignField.GradientTime,
        ForeignField.GradientGan,
        ForeignField.GradientGenerator,
        ForeignField.GradientDiscriminator,
        ForeignField.ShareRi,
        ForeignField.ShareMagnitude,
        ForeignField.ShareTime,
        ForeignField.ShareGan,
    }.ToFrozenSet();

    private const long LongestEpoch = 1_000_000_000;

    private readonly string notRecorded,
        writer,
        path;
    private readonly List<string> notes = [];
    private readonly int shift;
    private readonly string? split;
    private NonFiniteValue? nonFinite;

    private RecordAssembly(ForeignRecord record, IReadOnlyList<ForeignRow> rows, string path)
    {
        (writer, this.path) = ($"{char.ToUpperInvariant(record.Writer[0])}{record.Writer[1..]}", path);
        notRecorded = $"{ImportedFrom.NotRecordedBy}{record.Writer}";
        shift = rows.Any(r => r.Epoch == 0) ? 1 : 0;
        split =
            record.Fields.FirstOrDefault(f => f.Field == ForeignField.Pesq.Name)?.Source is { } source
            && source.Contains("test", StringComparison.OrdinalIgnoreCase)
                ? "test"
                : null;
    }

    /// <summary>Assembles one training of a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="run">Which training of several, from 1; null: the last.</param>
    /// <param name="path">Its path, for sentences.</param>
    /// <exception cref="ImportException">There is no such training.</exception>
    public static AssembledRecord Of(ForeignRecord record, int? run, string path)
    {
        var notes = new List<string>(record.Notes);
        var runs = RunSplitter.Split(record.Rows, notes);
        if (runs.Count == 0)
            throw new ImportException($"'{path}' holds a number neither of a step nor of an epoch. Give the record of a training.", path);

        var chosen = RunSplitter.Choose([.. runs.Select(r => r[0].Place)], run, record.Writer, path, notes);
        var assembly = new RecordAssembly(record, runs[chosen], path);
        var assembled = assembly.Assemble(runs[chosen]);
        return assembled with { Notes = [.. notes, .. assembled.Notes] };
    }

    private AssembledRecord Assemble(IReadOnlyList<ForeignRow> rows)
    {
        if (shift > 0)
            notes.Add("It counts epochs from 0; this record counts from 1: its epoch N is epoch N + 1 here.");

        var stepRows = rows.Where(r => r.Step is not null).ToList();
        var restarts = stepRows.Zip(stepRows.Skip(1)).Any(p => p.Second.Step <= p.First.Step);
        var span = restarts ? stepRows.Max(r => r.Step!.Value) + (stepRows.Any(r => r.Step == 0) ? 1 : 0) : 0;
        if (span > LongestEpoch)
            throw new ImportException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{writer} has an epoch of {span} steps; at most {LongestEpoch} were "
                        + $"expected. Correct its steps, or map another column: --map step=COLUMN."
                ),
                path
            );

        if (restarts)
            notes.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Its steps begin again in each epoch: they were numbered on with {span} an epoch, " + $"the largest that is logged."
                )
            );

        var steps = stepRows
            .Select(r => Step(r, restarts ? ((Epoch(r) - 1L) * span) + r.Step!.Value : r.Step!.Value))
            .OfType<StepTelemetry>()
            .ToList();
        var sampled =
            stepRows.Zip(stepRows.Skip(1)).Any(p => p.Second.Epoch == p.First.Epoch && p.Second.Step - p.First.Step > 1)
            || (stepRows.Count > 0 && stepRows[0].Step > 1);
        if (sampled)
            notes.Add("Only some of the steps were logged: what is counted over steps is a sample.");

        var ofEpoch = steps.ToLookup(s => s.Epoch);
        var epochs = rows.Select(Epoch)
            .Distinct()
            .Order()
            .Select(e => OfEpoch(e, [.. ofEpoch[e]], [.. rows.Where(r => Epoch(r) == e)], sampled))
            .ToList();
        return new AssembledRecord
        {
            Steps = steps,
            Epochs = epochs,
            NonFinite = nonFinite,
            EpochsFromZero = shift > 0,
            StepsAreSampled = sampled,
            Notes = notes,
        };
    }

    private int Epoch(ForeignRow row) => (row.Epoch ?? 0) + shift;

    private StepTelemetry? Step(ForeignRow row, long step)
    {
        var values = new Values(this, row, step);
        var loss = Losses(values, ForeignField.Loss);
        var norms = Norms(values);
        var discriminator = values.Take(ForeignField.DiscriminatorLoss, "discriminatorLoss");
        bool? stepped = values.Take(ForeignField.DiscriminatorStepped, "discriminatorStepped") switch
        {
            null => null,
            0 => false,
            _ => true,
        };
        if (values.Sources.Count == 0)
            return null;

        values.Missing("discriminatorStepped", stepped is not null);
        values.Missing("loss.total", loss.Total is not null);
        values.Missing("sampleCount", false);
        values.Missing("scores", false);
        if (discriminator is null)
            values.Unavailable.TryAdd("discriminatorLoss", stepped == false ? "the discriminator was not updated" : notRecorded);

        return new StepTelemetry
        {
            Epoch = Epoch(row),
            Step = step,
            Loss = loss,
            DiscriminatorLoss = stepped == false ? null : discriminator,
            DiscriminatorStepped = stepped,
            GradientNorm = norms,
            Unavailable = values.Unavailable,
            Sources = values.Sources,
        };
    }

    private EpochTelemetry OfEpoch(int number, List<StepTelemetry> steps, List<ForeignRow> rows, bool sampled)
    {
        var row = EpochRow(number, rows);
        var values = new Values(this, row, steps.Count > 0 ? steps[^1].Step : 0);
        var own = Losses(values, row.Find(ForeignField.EpochLoss) is null ? ForeignField.Loss : ForeignField.EpochLoss);
        var discriminator = values.Take(ForeignField.DiscriminatorLoss, "discriminatorLoss");
        var counted = !sampled && steps.Count > 0 && steps.All(s => s.DiscriminatorStepped is not null);
        var summary = EpochSummary.Of(number, steps);
        var rate = Rate(number, values);
        var meanOf = MeanOf(steps);
        var loss = new LossTerms
        {
            Ri = Either(own.Ri, summary.Loss.Ri, "loss.ri"),
            Magnitude = Either(own.Magnitude, summary.Loss.Magnitude, "loss.magnitude"),
            Time = Either(own.Time, summary.Loss.Time, "loss.time"),
            Gan = Either(own.Gan, summary.Loss.Gan, "loss.gan"),
            Total = Either(own.Total, summary.Loss.Total, "loss.total"),
        };
        discriminator = Either(discriminator, summary.DiscriminatorLoss, "discriminatorLoss");
        if (counted)
            rate = Either(rate, summary.TrainingRate, "trainingRate");

        var correlation = values.Take(ForeignField.DiscriminatorCorrelation, "discriminatorCorrelation");
        var error = values.Take(ForeignField.DiscriminatorError, "discriminatorError");
        var validation = Validation(values);
        foreach (
            var (name, there) in new[]
            {
                ("loss.total", loss.Total is not null),
                ("discriminatorLoss", discriminator is not null),
                ("trainingRate", rate is not null),
                ("batches", counted),
                ("discriminatorCorrelation", correlation is not null),
                ("discriminatorError", error is not null),
                ("validation", validation is not null),
            }
        )
        {
            values.Missing(name, there);
        }

        return new EpochTelemetry
        {
            Epoch = number,
            LastStep = steps.Count > 0 ? steps[^1].Step : null,
            Loss = loss,
            DiscriminatorLoss = discriminator,
            BatchesSeen = counted ? steps.Count : null,
            BatchesStepped = counted ? summary.BatchesStepped : null,
            TrainingRate = rate,
            DiscriminatorCorrelation = correlation,
            DiscriminatorError = error,
            Validation = validation,
            GeneratorLearningRate = values.Take(ForeignField.LearningRate, "generatorLearningRate"),
            DiscriminatorLearningRate = values.Take(ForeignField.DiscriminatorLearningRate, "discriminatorLearningRate"),
            Unavailable = values.Unavailable,
            Sources = values.Sources,
        };

        double? Either(double? told, double? mean, string name)
        {
            if (told is null && mean is not null)
                values.Sources[name] = meanOf;

            return told ?? mean;
        }
    }

    private ForeignRow EpochRow(int number, List<ForeignRow> rows) =>
        // A row about the whole epoch tells its mean loss itself; else it is that of the steps that were logged.
        new(
            number - shift,
            null,
            rows[0].Place,
            [
                .. rows.SelectMany(r => r.Step is null ? r.Numbers : r.Numbers.Where(n => !OfSteps.Contains(n.Field)))
                    .GroupBy(n => n.Field)
                    .Select(g => g.Last()),
            ]
        );

    private double? Rate(int epoch, Values values)
    {
        var rate = values.Take(ForeignField.DiscriminatorRate, "trainingRate");
        if (rate is < 0 or > 1)
        {
            notes.Add(
                $"The discriminator's rate of epoch {epoch} is not between 0 and 1 ({values.Sources["trainingRate"]}) and was "
                    + $"left out."
            );
            values.Sources.Remove("trainingRate");
            rate = null;
        }

        return rate;
    }

    private static string MeanOf(List<StepTelemetry> steps) =>
        steps.Count switch
        {
            0 => "",
            1 => $"{ImportedFrom.MeanOf}the one logged step, {steps[0].Sources!.Values.First()}",
            var count => string.Create(
                CultureInfo.InvariantCulture,
                $"{ImportedFrom.MeanOf}{count} logged steps, {steps[0].Sources!.Values.First()} to {steps[^1].Sources!.Values.First()}"
            ),
        };

    private ValidationSummary? Validation(Values values)
    {
        var mean = new Dictionary<string, double>();
        foreach (var (field, name) in ForeignField.Metrics)
        {
            if (values.Take(field, "validation." + name) is { } value)
                mean[name] = value;
        }

        var loss = values.Take(ForeignField.ValidationLoss, "validation.loss");
        return mean.Count == 0 && loss is null
            ? null
            : new ValidationSummary
            {
                Split = split ?? "valid",
                Mean = mean,
                Loss = loss,
            };
    }

    private static LossTerms Losses(Values values, ForeignField total) =>
        new()
        {
            Ri = values.Take(ForeignField.LossRi, "loss.ri"),
            Magnitude = values.Take(ForeignField.LossMagnitude, "loss.magnitude"),
            Time = values.Take(ForeignField.LossTime, "loss.time"),
            Gan = values.Take(ForeignField.LossGan, "loss.gan"),
            Total = values.Take(total, "loss.total"),
        };

    // Shares of the sum say the same of the balance as norms do; their source says which they are.
    private static GradientNorms? Norms(Values values)
    {
        double? Term(ForeignField norm, ForeignField share, string name) => values.Take(norm, name) ?? values.Take(share, name);
        var norms = new GradientNorms
        {
            Ri = Term(ForeignField.GradientRi, ForeignField.ShareRi, "gradientNorm.ri"),
            Magnitude = Term(ForeignField.GradientMagnitude, ForeignField.ShareMagnitude, "gradientNorm.magnitude"),
            Time = Term(ForeignField.GradientTime, ForeignField.ShareTime, "gradientNorm.time"),
            Gan = Term(ForeignField.GradientGan, ForeignField.ShareGan, "gradientNorm.gan"),
            Generator = values.Take(ForeignField.GradientGenerator, "gradientNorm.generator"),
            Discriminator = values.Take(ForeignField.GradientDiscriminator, "gradientNorm.discriminator"),
        };
        return norms == new GradientNorms() ? null : norms;
    }

    /// <summary>A row's values on their way into a record: each taken leaves its source, each that is not finite its reason.</summary>
    private sealed class Values(RecordAssembly assembly, ForeignRow row, long step)
    {
        public Dictionary<string, string> Sources { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Unavailable { get; } = new(StringComparer.Ordinal);

        public double? Take(ForeignField field, string name)
        {
            if (row.Find(field) is not { } number)
                return null;

            if (double.IsFinite(number.Value))
            {
                Sources[name] = number.Place;
                Unavailable.Remove(name);
                return number.Value;
            }

            var word =
                double.IsNaN(number.Value) ? "NaN"
                : number.Value > 0 ? "infinity"
                : "-infinity";
            Unavailable[name] = $"{field.Name} is {word} ({number.Place})";
            if (field.MustBeFinite)
                assembly.nonFinite ??= new NonFiniteValue(
                    assembly.Epoch(row),
                    step,
                    $"{char.ToUpperInvariant(field.Meaning[0])}{field.Meaning[1..]} is {word}: it is not finite ({number.Place})."
                )
                {
                    Field = name,
                };

            return null;
        }

        public void Missing(string name, bool there)
        {
            if (!there)
                Unavailable.TryAdd(name, assembly.notRecorded);
        }
    }
}
