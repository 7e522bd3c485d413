using System.Text.Json;
using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Comparison;

/// <summary>The steps of one side of an alignment: where each stands, and its line when it is asked for. What is held is some bytes a
/// step.</summary>
internal sealed class AlignedSteps : IDisposable
{
    private readonly Dictionary<int, List<StepPlace>> byEpoch = [];
    private readonly IReadOnlyList<StepTelemetry> steps;
    private readonly StepRows rows;
    private readonly StepLines? lines;

    public AlignedSteps(RunRecord run)
    {
        (steps, rows) = (run.Steps, run.Rows);
        lines = (steps as StoredSteps)?.OpenLines();
        var index = 0;
        foreach (var (epoch, count) in rows.Epochs)
            byEpoch[epoch] = new List<StepPlace>(count);
        foreach (var row in rows)
        {
            var places = byEpoch[row.Epoch];
            places.Add(new StepPlace(row.Step, index++, row.Line.Length, row.Line.Offset));
        }
    }

    /// <summary>Number of lines.</summary>
    public int Count => rows.Count;

    /// <summary>Epochs that have steps.</summary>
    public IEnumerable<int> Epochs => byEpoch.Keys;

    /// <summary>The steps of an epoch by their numbers, in the order in which they stand. A record that was resumed after damage may hold a
    /// step twice: the later line counts.</summary>
    public Dictionary<long, StepPlace> Of(int epoch)
    {
        var latest = new Dictionary<long, StepPlace>();
        foreach (var place in byEpoch.GetValueOrDefault(epoch) ?? [])
            latest[place.Step] = place;
        return latest;
    }

    /// <summary>How many step numbers both sides have.</summary>
    public int CommonWith(AlignedSteps other)
    {
        long[] own = Numbers(),
            others = other.Numbers();
        int i = 0,
            j = 0,
            common = 0;
        while (i < own.Length && j < others.Length)
        {
            var (x, y) = (own[i], others[j]);
            common += x == y ? 1 : 0;
            while (x <= y && i < own.Length && own[i] == x)
                i++;
            while (y <= x && j < others.Length && others[j] == y)
                j++;
        }
        return common;
    }

    /// <summary>The line of a step, valid until the next one is asked for.</summary>
    public ReadOnlySpan<byte> Line(StepPlace place) =>
        lines is null ? JsonSerializer.SerializeToUtf8Bytes(steps[place.Index], RunJson.Line) : lines.At(place);

    /// <summary>A step as an object.</summary>
    public StepTelemetry Whole(StepPlace place) =>
        lines is null ? steps[place.Index] : JsonSerializer.Deserialize<StepTelemetry>(lines.At(place), RunJson.Line)!;

    /// <summary>The properties that any line has a value of, but for <c>unavailable</c>.</summary>
    public HashSet<string> Recorded()
    {
        var recorded = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
            AddRecorded(row, recorded);
        return recorded;
    }

    /// <summary>Takes those properties out whose absence a line gives a reason for: a reason is knowledge of the field.</summary>
    public void TakeExplained(HashSet<string> absent)
    {
        foreach (var place in byEpoch.Values.SelectMany(p => p).OrderBy(p => p.Index))
        {
            if (absent.Count == 0)
                return;
            if (MayExplain(Line(place)))
                absent.ExceptWith(Whole(place).Unavailable.Keys.Select(k => k.Split('.')[0]));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => lines?.Dispose();

    private long[] Numbers()
    {
        var numbers = new long[Count];
        foreach (var place in byEpoch.Values.SelectMany(p => p))
            numbers[place.Index] = place.Step;
        Array.Sort(numbers);
        return numbers;
    }

    private static void AddRecorded(StepRow row, HashSet<string> recorded)
    {
        var (loss, norms) = (row.Loss, row.GradientNorm);
        Add("epoch", true);
        Add("step", true);
        Add("batch", row.Batch is not null);
        Add("loss", (loss.Ri ?? loss.Magnitude ?? loss.Time ?? loss.Gan ?? loss.Total) is not null);
        Add("discriminatorLoss", row.DiscriminatorLoss is not null);
        Add("gradientNorm", HasAny(norms));
        Add("sampleCount", row.SampleCount is not null);
        Add("scored", true);
        Add("masked", row.Masked.Count > 0);
        Add("discriminatorStepped", row.DiscriminatorStepped is not null);
        Add("generatorUpdate", row.GeneratorUpdate is not null);
        Add("discriminatorUpdate", row.DiscriminatorUpdate is not null);
        Add("samples", row.HasSamples);
        Add("sources", row.HasSources);

        void Add(string property, bool has)
        {
            if (has)
                recorded.Add(property);
        }
    }

    private static bool HasAny(GradientNorms? norms) =>
        norms is { } n && (n.Ri ?? n.Magnitude ?? n.Time ?? n.Gan ?? n.Generator ?? n.Discriminator) is not null;

    private static bool MayExplain(ReadOnlySpan<byte> line)
    {
        var name = "\"unavailable\":"u8;
        var at = line.IndexOf(name);
        return line.Contains((byte)'\\') || (at >= 0 ? !line[(at + name.Length)..].StartsWith("{}"u8) : line.IndexOf("unavailable"u8) >= 0);
    }
}
