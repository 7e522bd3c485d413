using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>Holds a trajectory against an approved one, value by value.</summary>
/// <param name="golden">The approved one.</param>
/// <param name="host">Host in words on which the other ran; null: tolerances hold wherever it ran.</param>
internal sealed class GoldenComparer(Golden golden, string? host)
{
    private const string Untold = "its record does not tell it";

    // Where an imported run ran is not known, so that nothing but its tolerances can hold.
    private readonly bool sameHost = !golden.IsImported && golden.Provenance.Host == host;
    private readonly List<Divergence> divergences = [];
    private bool equal = true;

    /// <summary>Compares.</summary>
    /// <param name="received">What a run gave.</param>
    public GoldenComparison Compare(Trajectory received)
    {
        var expectedEpochs = golden.Trajectory.Epochs.ToDictionary(e => e.Epoch);
        var receivedEpochs = GoldenFormat.Reduce(received, golden.Format).Epochs.ToDictionary(e => e.Epoch);
        foreach (var number in expectedEpochs.Keys.Union(receivedEpochs.Keys).Order())
        {
            if (expectedEpochs.TryGetValue(number, out var expected) && receivedEpochs.TryGetValue(number, out var found))
                Epoch(expected, found);
            else
                OneSided(
                    number,
                    "epoch",
                    null,
                    expected is not null,
                    $"the record ends with epoch {(expected is null ? expectedEpochs : receivedEpochs).Keys.DefaultIfEmpty().Max()}"
                );
        }
        return Comparison(expectedEpochs.Count);
    }

    private GoldenComparison Comparison(int epochs)
    {
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
                    ? $"Golden '{golden.Name}': {(equal ? "equal" : "within tolerance")} over {Counted.Of(epochs, "epoch")}, {where}."
                    : $"Golden '{golden.Name}' differs from epoch {ordered[0].Epoch} on, {where}. Worst there: {ordered[0].InWords()}. "
                        + $"{GoldenComparison.Count(ordered.Count)} in all.",
        };
    }

    private void Epoch(TrajectoryEpoch expected, TrajectoryEpoch found)
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
                OneSided(expected.Epoch, "utterance", utterance, wanted is not null, Untold);
        }
    }

    private void Values(
        TrajectoryEpoch expectedEpoch,
        TrajectoryEpoch foundEpoch,
        string? utterance,
        string prefix,
        IReadOnlyDictionary<string, double> expected,
        IReadOnlyDictionary<string, double> found
    )
    {
        foreach (var name in expected.Keys.Union(found.Keys))
        {
            var allowed = sameHost ? 0 : golden.Tolerances.For(prefix + name);
            double? wanted = expected.TryGetValue(name, out var w) ? w : null;
            double? got = found.TryGetValue(name, out var g) ? g : null;
            if (wanted is { } a && got is { } b)
                Both(expectedEpoch.Epoch, prefix + name, utterance, a, b, allowed);
            else
                Add(
                    expectedEpoch.Epoch,
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

    private void Both(int epoch, string metric, string? utterance, double wanted, double got, double allowed)
    {
        var same = BitConverter.DoubleToInt64Bits(wanted) == BitConverter.DoubleToInt64Bits(got);
        equal &= same;
        var distance = Math.Abs(wanted - got);
        if (!same && (sameHost || !(distance <= allowed)))
        {
            var severity = distance / Math.Max(allowed, Math.BitIncrement(Math.Abs(wanted)) - Math.Abs(wanted));
            Add(epoch, metric, utterance, Text(wanted), Text(got), allowed, severity);
        }
    }

    private void OneSided(int epoch, string what, string? utterance, bool isExpected, string why) =>
        Add(epoch, what, utterance, isExpected ? "present" : null, isExpected ? null : "present", 0, double.PositiveInfinity, why);

    private void Add(
        int epoch,
        string metric,
        string? utterance,
        string? wanted,
        string? got,
        double allowed,
        double severity,
        string why = Untold
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

    // A missing mean has the reason of the whole validation.
    private static string ReasonOf(TrajectoryEpoch epoch, string name)
    {
        if (epoch.Unavailable.TryGetValue(name, out var own))
            return own;
        if (epoch.Unavailable.TryGetValue(name.StartsWith("mean.", StringComparison.Ordinal) ? "validation" : "", out var whole))
            return whole;
        return Untold;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
