using SpeechGan.Configuration;
using SpeechGan.Goldens;

namespace SpeechGan.Bisect;

/// <summary>Which epochs' values make the one that is judged.</summary>
public enum FieldSpan
{
    /// <summary>The last epoch that has the field.</summary>
    Last,

    /// <summary>The mean over all epochs that have it: for rates and shares of a whole run.</summary>
    Mean,
}

/// <summary>Reads one field of a run's trajectory: any value a golden pins, for example <c>mean.pesq_wb</c>, <c>trainingRate</c>,
/// <c>gradientShare.gan</c>, <c>oracle.estimate-is-clean/time</c>.</summary>
/// <param name="Field">Field's name.</param>
/// <param name="Span">Which epochs count.</param>
public sealed record FieldReading(string Field, FieldSpan Span)
{
    /// <summary>A field with the span that fits it: rates and shares are taken over the whole run, what tells how a run ends at its last
    /// epoch.</summary>
    public static FieldReading Of(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return new FieldReading(
            field,
            field == "trainingRate" || field.StartsWith("gradientShare.", StringComparison.Ordinal) ? FieldSpan.Mean : FieldSpan.Last
        );
    }

    /// <summary>Names of all fields a trajectory has.</summary>
    public static IReadOnlyList<string> Names(Trajectory trajectory)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        return [.. trajectory.Epochs.SelectMany(e => e.Values.Keys).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The field's values by epoch.</summary>
    /// <exception cref="BisectException">The run has no such field, or it was not measured; the sentence has the reason or the nearest
    /// name.</exception>
    public IReadOnlyDictionary<int, double> Series(Trajectory trajectory)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        var series = trajectory.Epochs.Where(e => e.Values.ContainsKey(Field)).ToDictionary(e => e.Epoch, e => e.Values[Field]);
        if (series.Count > 0)
            return series;

        if (trajectory.Epochs.Select(e => e.Unavailable.GetValueOrDefault(Field)).FirstOrDefault(r => r is not null) is { } reason)
            throw new BisectException($"Field '{Field}' was not measured: {reason}. Judge by another field.");

        var names = Names(trajectory);
        // Dots and dashes are no separators here, as they are in the names of knobs.
        var near = Spelling.Nearest(Field.Replace('.', '_'), names.Select(n => n.Replace('.', '_')))?.Replace('_', '.');
        near = names.FirstOrDefault(n => n.Replace('_', '.') == near);
        throw new BisectException(
            $"The run's record has no field '{Field}'.{(near is null ? "" : $" Did you mean '{near}'?")} Its fields are "
                + $"{string.Join(", ", names)}."
        );
    }

    /// <summary>The value that is judged.</summary>
    /// <exception cref="BisectException">As <see cref="Series"/>.</exception>
    public double Value(Trajectory trajectory)
    {
        var series = Series(trajectory);
        return Span == FieldSpan.Mean ? series.OrderBy(s => s.Key).Sum(s => s.Value) / series.Count : series[series.Keys.Max()];
    }
}
