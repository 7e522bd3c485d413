using SpeechGan.Goldens;
using SpeechGan.Runs;

namespace SpeechGan.Comparison;

/// <summary>Two runs of one seed, step by step.</summary>
public sealed record PairComparison
{
    /// <summary>Their seed (A's, where run folders of two seeds are compared); null where A was imported.</summary>
    public required long? Seed { get; init; }

    /// <summary>How they stand to each other.</summary>
    public required ComparisonOutcome Outcome { get; init; }

    /// <summary>The first value that differs, in the order of the training; null where none does.</summary>
    public FieldDifference? First { get; init; }

    /// <summary>How many values differ.</summary>
    public required int Count { get; init; }

    /// <summary>Steps that both took.</summary>
    public required int CommonSteps { get; init; }

    /// <summary>Epochs that both recorded.</summary>
    public int CommonEpochs { get; init; }

    /// <summary>Values that both hold, where one was imported; null where everything recorded counts.</summary>
    public int? Compared { get; init; }

    /// <summary>How the distance grows: of the loss, and of the first field that differs.</summary>
    public IReadOnlyList<DifferenceGrowth> Growth { get; init; } = [];

    /// <summary>Values of the trajectory beyond the spread of one seed, by epoch, the worst of an epoch first; null where no spread is
    /// known.</summary>
    public IReadOnlyList<Divergence>? Beyond { get; init; }

    /// <summary>What the reader should know, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Compares them.</summary>
    /// <param name="runA">A.</param>
    /// <param name="runB">B.</param>
    /// <param name="spread">What runs of one seed may differ by.</param>
    internal static PairComparison Of(ComparedRun runA, ComparedRun runB, SameSeedSpread spread)
    {
        if (runA.IsImported || runB.IsImported)
            return OfImported(runA, runB, spread);
        var (a, b) = (runA.Record, runB.Record);
        var complete = runA.IsOver && runB.IsOver;
        Thinned.Release(a.Rows.Count);
        var alignment = RunAlignment.Of(a, b, commonOnly: !complete);
        Thinned.Release(a.Rows.Count);
        var beyond = spread.Tolerances is { } tolerances
            ? Beyonds(Common(a, alignment.CommonEpochs, complete), Common(b, alignment.CommonEpochs, complete), tolerances)
            : null;
        string[] fields =
        [
            .. new[] { "loss.total", alignment.First is { Part: RecordPart.Step, Distance: not null } f ? f.Field : null }
                .OfType<string>()
                .Distinct(),
        ];
        return new PairComparison
        {
            Seed = runA.Seed,
            Outcome = (alignment.First, beyond, complete) switch
            {
                (null, _, true) => ComparisonOutcome.Equal,
                (null, _, false) => ComparisonOutcome.Undecided,
                (_, { Count: 0 }, true) => ComparisonOutcome.Within,
                (_, { Count: 0 }, false) => ComparisonOutcome.Undecided,
                _ => ComparisonOutcome.Different,
            },
            First = alignment.First,
            Count = alignment.Count,
            CommonSteps = alignment.CommonSteps,
            CommonEpochs = alignment.CommonEpochs,
            Growth = alignment.First is null ? [] : [.. fields.Select(x => DifferenceGrowth.Of(a, b, x)).OfType<DifferenceGrowth>()],
            Beyond = beyond,
            Notes = alignment.Notes,
        };
    }

    // What one side alone holds was not measured on the other: it decides nothing.
    private static PairComparison OfImported(ComparedRun runA, ComparedRun runB, SameSeedSpread spread)
    {
        var (a, b) = (runA.Record, runB.Record);
        var alignment = ImportedAlignment.Of(a, b);
        if (alignment.Compared == 0)
            throw new ComparisonException(
                $"'{runA.Label}' and '{runB.Label}' hold no value in common. {string.Join(" ", alignment.Notes)} Compare records of the "
                    + $"same fields and the same epochs."
            );
        var beyond = spread.Tolerances is { } tolerances ? BeyondsOfImported(a, b, tolerances) : null;
        var apart = alignment.EndsApart || !runA.IsOver || !runB.IsOver;
        string[] fields =
        [
            .. new[] { "loss.total", "validation.mean.pesq_wb", alignment.First is { Distance: not null } f ? f.Field : null }
                .OfType<string>()
                .Distinct(),
        ];
        return new PairComparison
        {
            Seed = runA.Seed,
            Outcome = (alignment.First, beyond, apart) switch
            {
                (null, _, false) => ComparisonOutcome.Equal,
                (null, _, true) or (_, { Count: 0 }, true) => ComparisonOutcome.Undecided,
                (_, { Count: 0 }, false) => ComparisonOutcome.Within,
                _ => ComparisonOutcome.Different,
            },
            First = alignment.First,
            Count = alignment.Count,
            CommonSteps = alignment.CommonSteps,
            CommonEpochs = alignment.CommonEpochs,
            Compared = alignment.Compared,
            Growth =
            [
                .. fields
                    .SelectMany(x =>
                        new[]
                        {
                            alignment.Differs(RecordPart.Step, x) ? DifferenceGrowth.Of(a, b, x) : null,
                            alignment.Differs(RecordPart.Epoch, x) ? DifferenceGrowth.OfEpochs(a, b, x) : null,
                        }
                    )
                    .OfType<DifferenceGrowth>(),
            ],
            Beyond = beyond,
            Notes = alignment.Notes,
        };
    }

    // Null where the trajectories have no value in common: then nothing can be within anything.
    private static List<Divergence>? BeyondsOfImported(RunRecord a, RunRecord b, Tolerances tolerances)
    {
        var (first, second) = (ImportedTrajectory.Of(a), ImportedTrajectory.Of(b));
        var values = second.Epochs.ToDictionary(e => e.Epoch, e => e.Values);
        if (!first.Epochs.Any(e => values.TryGetValue(e.Epoch, out var others) && e.Values.Keys.Any(others.ContainsKey)))
            return null;
        // Means of other steps are other means.
        var sameSteps = a.Rows.Select(s => s.Step).ToHashSet().SetEquals(b.Rows.Select(s => s.Step));
        return
        [
            .. Beyonds(first, second, tolerances)
                .Where(d =>
                    d is { Expected: not null, Received: not null }
                    && (
                        sameSteps
                        || d.Utterance is not null
                        || d.Metric == ImportedTrajectory.ValidationLoss
                        || d.Metric.StartsWith("mean.", StringComparison.Ordinal)
                    )
                ),
        ];
    }

    private static Trajectory Common(RunRecord run, int epochs, bool complete)
    {
        var whole = Trajectory.Of(run);
        return complete ? whole : new Trajectory { Epochs = [.. whole.Epochs.Where(e => e.Epoch <= epochs)] };
    }

    // Tolerances hold on another host than the golden's; here both sides may differ as two hosts do.
    private static IReadOnlyList<Divergence> Beyonds(Trajectory a, Trajectory b, Tolerances tolerances) =>
        new Golden
        {
            Name = "A",
            Provenance = new Provenance
            {
                Command = "",
                Version = "",
                Date = "",
                Seed = 0,
                Host = "A",
                Corpus = "",
            },
            Tolerances = tolerances,
            Trajectory = a,
        }
            .CompareWith(b, "B")
            .Divergences;
}
