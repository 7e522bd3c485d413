using System.Globalization;

namespace SpeechGan.Goldens;

/// <summary>How a received trajectory stands to the approved one.</summary>
public enum GoldenOutcome
{
    /// <summary>Equal to the bit.</summary>
    Equal,

    /// <summary>Another host, every value within its tolerance.</summary>
    WithinTolerance,

    /// <summary>At least one value differs by more than is allowed, or is there on one side only.</summary>
    Differs,
}

/// <summary>One value that differs by more than is allowed.</summary>
public sealed record Divergence
{
    /// <summary>Epoch.</summary>
    public required int Epoch { get; init; }

    /// <summary>Value's name as tolerances name it: <c>mean.pesq_wb</c>, <c>utterance.pesq_wb</c>, <c>parameterDigest</c>,
    /// <c>epoch</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>Utterance; null for a value of the epoch.</summary>
    public string? Utterance { get; init; }

    /// <summary>Approved value as the golden writes it; null where the golden has none.</summary>
    public string? Expected { get; init; }

    /// <summary>Received value; null where there is none.</summary>
    public string? Received { get; init; }

    /// <summary>Why a side of an imported run has no value; null for runs of this program, and where both have one.</summary>
    public string? NotMeasured { get; init; }

    /// <summary>Allowed distance: 0 on the same host.</summary>
    public required double Allowed { get; init; }

    /// <summary>Distance over the larger of allowed distance and rounding of the value; infinite where one side has no number.</summary>
    public required double Severity { get; init; }

    /// <summary>What is said in place of a value.</summary>
    internal string Nothing => NotMeasured is { } why ? $"not measured ({why})" : "nothing";

    /// <summary>The divergence in words.</summary>
    public string InWords() =>
        $"epoch {Epoch}, {(Utterance is null ? "" : $"utterance '{Utterance}', ")}{Metric}: expected {Expected ?? Nothing}, received "
        + $"{Received ?? Nothing}, allowed distance {Allowed.ToString("R", CultureInfo.InvariantCulture)}";
}

/// <summary>The result of comparing a trajectory with its golden: a value, so that tests, reports and the command line tell the
/// same.</summary>
public sealed record GoldenComparison
{
    /// <summary>Whether it is equal, within tolerance or different.</summary>
    public required GoldenOutcome Outcome { get; init; }

    /// <summary>Whether both were made on equal hosts: then nothing but equality counts.</summary>
    public required bool SameHost { get; init; }

    /// <summary>All divergences, by epoch, the worst of an epoch first.</summary>
    public required IReadOnlyList<Divergence> Divergences { get; init; }

    /// <summary>First epoch with a divergence; null where there is none.</summary>
    public int? FirstDivergentEpoch => Divergences.Count == 0 ? null : Divergences[0].Epoch;

    /// <summary>The worst divergence of that epoch; null where there is none.</summary>
    public Divergence? Worst => Divergences.Count == 0 ? null : Divergences[0];

    /// <summary>The result in a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Compares a trajectory with an approved one.</summary>
    /// <param name="golden">The approved one.</param>
    /// <param name="received">What a run gave.</param>
    /// <param name="host">Host in words on which it ran; null: tolerances hold wherever it ran.</param>
    internal static GoldenComparison Of(Golden golden, Trajectory received, string? host)
    {
        // Where an imported run ran is not known, so that nothing but its tolerances can hold.
        var sameHost = !golden.IsImported && golden.Provenance.Host == host;
        var divergences = new List<Divergence>();
        var equal = true;
        var expectedEpochs = golden.Trajectory.Epochs.ToDictionary(e => e.Epoch);
        var receivedEpochs = GoldenFormat.Reduce(received, golden.Format).Epochs.ToDictionary(e => e.Epoch);
        foreach (var number in expectedEpochs.Keys.Union(receivedEpochs.Keys).Order())
        {
            if (expectedEpochs.TryGetValue(number, out var expected) && receivedEpochs.TryGetValue(number, out var found))
                Epoch(expected, found);
            else
                Add(
                    number,
                    "epoch",
                    null,
                    expected is null ? null : "present",
                    expected is null ? "present" : null,
                    0,
                    double.PositiveInfinity,
                    $"the record ends with epoch {(expected is null ? expectedEpochs : receivedEpochs).Keys.DefaultIfEmpty().Max()}"
                );
        }

        var ordered = divergences
            .OrderBy(d => d.Epoch)
            .ThenByDescending(d => d.Severity)
            .ThenBy(d => d.Utterance, StringComparer.Ordinal)
            .ThenBy(d => d.Metric, StringComparer.Ordinal)
            .ToList();
        var where =
            golden.IsImported ? "as an imported run, for which its tolerances hold"
            : sameHost ? "on the same host, where every bit must be equal"
            : "on another host than the golden's, where its tolerances hold";
        return new GoldenComparison
        {
            Outcome =
                ordered.Count > 0 ? GoldenOutcome.Differs
                : equal ? GoldenOutcome.Equal
                : GoldenOutcome.WithinTolerance,
            SameHost = sameHost,
            Divergences = ordered,
            Sentence =
                ordered.Count == 0
                    ? $"Golden '{golden.Name}': {(equal ? "equal" : "within tolerance")} over "
                        + $"{Runs.Counted.Of(expectedEpochs.Count, "epoch")}, {where}."
                    : $"Golden '{golden.Name}' differs from epoch {ordered[0].Epoch} on, {where}. Worst there: {ordered[0].InWords()}. "
                        + $"{Count(ordered.Count)} in all.",
        };

        void Epoch(TrajectoryEpoch expected, TrajectoryEpoch found)
        {
            if (expected.ParameterDigest != found.ParameterDigest)
            {
                equal = false;
                // across hosts digests cannot be equal, only be there
                if (sameHost || expected.ParameterDigest is null || found.ParameterDigest is null)
                    Add(expected.Epoch, "parameterDigest", null, expected.ParameterDigest, found.ParameterDigest, 0, double.Epsilon);
            }

            foreach (var name in expected.Outcomes.Keys.Union(found.Outcomes.Keys))
            {
                var (wanted, got) = (expected.Outcomes.GetValueOrDefault(name), found.Outcomes.GetValueOrDefault(name));
                if (wanted != got)
                    Add(expected.Epoch, name, null, wanted, got, 0, double.PositiveInfinity);
            }

            Values(expected, found, null, "", expected.Values, found.Values);
            foreach (var utterance in expected.Utterances.Keys.Union(found.Utterances.Keys))
            {
                if (expected.Utterances.TryGetValue(utterance, out var wanted) && found.Utterances.TryGetValue(utterance, out var got))
                    Values(expected, found, utterance, "utterance.", wanted, got);
                else
                    Add(
                        expected.Epoch,
                        "utterance",
                        utterance,
                        wanted is null ? null : "present",
                        wanted is null ? "present" : null,
                        0,
                        double.PositiveInfinity
                    );
            }
        }

        void Values(
            TrajectoryEpoch expectedEpoch,
            TrajectoryEpoch foundEpoch,
            string? utterance,
            string prefix,
            IReadOnlyDictionary<string, double> expected,
            IReadOnlyDictionary<string, double> found
        )
        {
            var epoch = expectedEpoch.Epoch;
            foreach (var name in expected.Keys.Union(found.Keys))
            {
                var allowed = sameHost ? 0 : golden.Tolerances.For(prefix + name);
                double? wanted = expected.TryGetValue(name, out var w) ? w : null;
                double? got = found.TryGetValue(name, out var g) ? g : null;
                if (wanted is { } a && got is { } b)
                {
                    var same = BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);
                    equal &= same;
                    var distance = Math.Abs(a - b);
                    if (!same && (sameHost || !(distance <= allowed)))
                        Add(
                            epoch,
                            prefix + name,
                            utterance,
                            Text(a),
                            Text(b),
                            allowed,
                            distance / Math.Max(allowed, Math.BitIncrement(Math.Abs(a)) - Math.Abs(a))
                        );
                }
                else
                {
                    Add(
                        epoch,
                        prefix + name,
                        utterance,
                        wanted is { } x ? Text(x) : null,
                        got is { } y ? Text(y) : null,
                        allowed,
                        double.PositiveInfinity,
                        ReasonOf(wanted is null ? expectedEpoch : foundEpoch, name)
                    );
                }
            }
        }

        void Add(
            int epoch,
            string metric,
            string? utterance,
            string? wanted,
            string? got,
            double allowed,
            double severity,
            string why = "its record does not tell it"
        )
        {
            equal = false;
            divergences.Add(
                new Divergence
                {
                    Epoch = epoch,
                    Metric = metric,
                    Utterance = utterance,
                    Expected = wanted,
                    Received = got,
                    Allowed = allowed,
                    Severity = severity,
                    NotMeasured = golden.IsImported && (wanted is null || got is null) ? why : null,
                }
            );
        }
    }

    // A missing mean has the reason of the whole validation.
    private static string ReasonOf(TrajectoryEpoch epoch, string name)
    {
        if (epoch.Unavailable.TryGetValue(name, out var own))
            return own;
        if (epoch.Unavailable.TryGetValue(name.StartsWith("mean.", StringComparison.Ordinal) ? "validation" : "", out var whole))
            return whole;
        return "its record does not tell it";
    }

    /// <summary>How many values differ, in words.</summary>
    internal static string Count(int values) => values == 1 ? "1 value differs" : $"{values} values differ";

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
