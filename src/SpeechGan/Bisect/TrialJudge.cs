using System.Globalization;
using SpeechGan.Goldens;

namespace SpeechGan.Bisect;

/// <summary>Says of a run's trajectory whether it shows the fault.</summary>
public sealed record TrialJudge
{
    private TrialJudge(string words, FieldReading? reading, Func<Trajectory, string, TrialResult> verdict) =>
        (InWords, Reading, Verdict) = (words, reading, verdict);

    /// <summary>How it judges, in words; equal words judge equally, so that results can be kept under them.</summary>
    public string InWords { get; }

    /// <summary>The field it reads; null where it reads all.</summary>
    public FieldReading? Reading { get; }

    private Func<Trajectory, string, TrialResult> Verdict { get; }

    /// <summary>Judges.</summary>
    /// <param name="trajectory">What the run gave.</param>
    /// <param name="host">Host in words on which it ran.</param>
    /// <returns>A skip with the reason where the field is not there.</returns>
    public TrialResult Judge(Trajectory trajectory, string host)
    {
        try
        {
            return Verdict(trajectory, host);
        }
        catch (BisectException e)
        {
            return new TrialResult { Outcome = TrialOutcome.Skip, Detail = e.Message };
        }
    }

    /// <summary>Bad where a field lies beyond a bound.</summary>
    /// <param name="reading">The field.</param>
    /// <param name="below">Bad below this; null: no lower bound.</param>
    /// <param name="above">Bad above this; null: no upper bound.</param>
    public static TrialJudge Bound(FieldReading reading, double? below, double? above)
    {
        ArgumentNullException.ThrowIfNull(reading);
        string[] bounds =
        [
            .. below is { } b ? new[] { "below " + Number(b) } : [],
            .. above is { } a ? new[] { "above " + Number(a) } : [],
        ];
        return new TrialJudge(
            $"{reading.Field} ({(reading.Span == FieldSpan.Mean ? "mean over epochs" : "last epoch")}) is bad "
                + $"{string.Join(" or ", bounds)}",
            reading,
            (trajectory, _) =>
            {
                var value = reading.Value(trajectory);
                return new TrialResult
                {
                    Outcome = value < below || value > above ? TrialOutcome.Bad : TrialOutcome.Good,
                    Detail = $"{reading.Field} {Number(value)}",
                    Value = value,
                    Epochs = reading.Series(trajectory),
                };
            }
        );
    }

    /// <summary>Measures a field and calls nothing bad: for a reference that is known later.</summary>
    public static TrialJudge Measured(FieldReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        return new TrialJudge($"{reading} is measured", reading, (trajectory, _) => new TrialResult
            {
                Outcome = TrialOutcome.Good,
                Detail = $"{reading.Field} {Number(reading.Value(trajectory))}",
                Value = reading.Value(trajectory),
                Epochs = reading.Series(trajectory),
            });
    }

    /// <summary>A measured result held against the good end's: bad where it is further away in any epoch than is allowed.</summary>
    public static TrialResult Against(TrialResult reference, TrialResult measured, double allowed)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(measured);
        if (measured.Outcome != TrialOutcome.Good || reference.Epochs is not { } expected || measured.Epochs is not { } found)
            return measured;

        var (epoch, distance) = expected
            .Select(e => (e.Key, found.TryGetValue(e.Key, out var value) ? Math.Abs(value - e.Value) : double.PositiveInfinity))
            .MaxBy(d => d.Item2);
        return measured with
        {
            Outcome = distance > allowed ? TrialOutcome.Bad : TrialOutcome.Good,
            Detail =
                $"{measured.Detail}, {(double.IsFinite(distance) ? Number(distance) : "nothing")} from the good end in epoch {epoch}, "
                + $"allowed {Number(allowed)}",
        };
    }

    /// <summary>Bad where a field is further from the golden's, in any epoch, than its measured tolerance allows.</summary>
    /// <exception cref="BisectException">The golden has no such field.</exception>
    public static TrialJudge GoldenField(FieldReading reading, Golden golden)
    {
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(golden);
        var expected = reading.Series(golden.Trajectory);
        var allowed = golden.Tolerances.For(reading.Field);
        return new TrialJudge(
            $"{reading.Field} is bad beyond {Number(allowed)} from golden '{golden.Name}' ({Digest(golden)})",
            reading,
            (trajectory, _) =>
            {
                var series = reading.Series(trajectory);
                var (epoch, distance) = expected
                    .Select(e => (e.Key, series.TryGetValue(e.Key, out var found) ? Math.Abs(found - e.Value) : double.PositiveInfinity))
                    .MaxBy(d => d.Item2);
                return new TrialResult
                {
                    Outcome = distance > allowed ? TrialOutcome.Bad : TrialOutcome.Good,
                    Detail =
                        $"{reading.Field} {(double.IsFinite(distance) ? $"{Number(distance)} from the golden" : "missing")} in epoch "
                        + $"{epoch}, allowed {Number(allowed)}",
                    Value = reading.Value(trajectory),
                    Epochs = series,
                };
            }
        );
    }

    /// <summary>Bad where the run differs from its golden: to the bit on the golden's host, beyond the tolerances elsewhere.</summary>
    public static TrialJudge WholeGolden(Golden golden, string drawn = "mean.pesq_wb")
    {
        ArgumentNullException.ThrowIfNull(golden);
        return new TrialJudge(
            $"bad where it differs from golden '{golden.Name}' ({Digest(golden)})",
            new FieldReading(drawn, FieldSpan.Last),
            (trajectory, host) =>
            {
                var comparison = golden.CompareWith(trajectory, host);
                var has = trajectory.Epochs.Any(e => e.Values.ContainsKey(drawn));
                var reading = new FieldReading(drawn, FieldSpan.Last);
                return new TrialResult
                {
                    Outcome = comparison.Outcome == GoldenOutcome.Differs ? TrialOutcome.Bad : TrialOutcome.Good,
                    Detail =
                        comparison.Worst is { } worst ? worst.InWords()
                        : comparison.Outcome == GoldenOutcome.Equal ? "equal to the bit"
                        : "within tolerance",
                    Value = has ? reading.Value(trajectory) : null,
                    Epochs = has ? reading.Series(trajectory) : null,
                };
            }
        );
    }

    private static string Digest(Golden golden) => GoldenHistory.DigestOf(GoldenText.Write(golden))[..12];

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
