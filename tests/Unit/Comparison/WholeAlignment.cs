using SpeechGan.Comparison;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Comparison;

/// <summary>
/// The alignment as it is defined: all lines of both runs held whole and every field of every pair of lines compared. The product gives the
/// same result from lines that it reads once and mostly does not parse.
/// </summary>
internal sealed class WholeAlignment
{
    private readonly RunRecord a,
        b;
    private readonly HashSet<string> unknown = new(StringComparer.Ordinal);
    private readonly List<FieldDifference> found = [];

    private WholeAlignment(RunRecord a, RunRecord b) => (this.a, this.b) = (a, b);

    /// <summary>The first value that differs, in the order of the training; null where none does.</summary>
    public FieldDifference? First { get; private init; }

    /// <summary>How many values differ.</summary>
    public int Count { get; private init; }

    /// <summary>Steps that both runs took.</summary>
    public int CommonSteps { get; private init; }

    /// <summary>Epochs that both runs completed.</summary>
    public int CommonEpochs { get; private init; }

    /// <summary>What was left out and why, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Aligns two records.</summary>
    /// <param name="a">The first.</param>
    /// <param name="b">The second.</param>
    /// <param name="commonOnly">Whether lines that one run lacks are no difference: where a run is not complete.</param>
    public static WholeAlignment Of(RunRecord a, RunRecord b, bool commonOnly) => new WholeAlignment(a, b).Compare(commonOnly);

    private WholeAlignment Compare(bool commonOnly)
    {
        var notes = new List<string>();
        NotRecorded("step", a.Steps, b.Steps, notes);
        NotRecorded("epoch", a.Epochs, b.Epochs, notes);
        Evaluations(0, commonOnly);
        ILookup<int, StepTelemetry> stepsOfA = a.Steps.ToLookup(s => s.Epoch),
            stepsOfB = b.Steps.ToLookup(s => s.Epoch);
        ILookup<int, EpochTelemetry> epochsOfA = a.Epochs.ToLookup(e => e.Epoch),
            epochsOfB = b.Epochs.ToLookup(e => e.Epoch);
        foreach (
            var epoch in stepsOfA
                .Concat(stepsOfB)
                .Select(g => g.Key)
                .Concat(epochsOfA.Concat(epochsOfB).Select(g => g.Key))
                .Distinct()
                .Order()
        )
        {
            Lines(
                [.. stepsOfA[epoch]],
                [.. stepsOfB[epoch]],
                s => s.Step,
                commonOnly,
                (s, f) => new FieldDifference(RecordPart.Step, s.Epoch, s.Step, null, f, null, null, null)
            );
            Lines(
                [.. epochsOfA[epoch]],
                [.. epochsOfB[epoch]],
                e => e.Epoch,
                commonOnly,
                (e, f) => new FieldDifference(RecordPart.Epoch, e.Epoch, null, null, f, null, null, null)
            );
            Evaluations(epoch, commonOnly);
        }
        // Checks of the harness stand beside the training: told first only where nothing of it differs.
        Lines(
            a.Oracles,
            b.Oracles,
            o => (o.Epoch, o.Name),
            commonOnly,
            (o, f) => new FieldDifference(RecordPart.Oracle, o.Epoch, null, o.Name, f, null, null, null)
        );
        return new WholeAlignment(a, b)
        {
            First = found.Count == 0 ? null : found[0],
            Count = found.Count,
            CommonSteps = a.Steps.Select(s => s.Step).Intersect(b.Steps.Select(s => s.Step)).Count(),
            CommonEpochs = a.Epochs.Select(e => e.Epoch).Intersect(b.Epochs.Select(e => e.Epoch)).Count(),
            Notes = notes,
        };
    }

    private void Evaluations(int epoch, bool commonOnly) =>
        Lines(
            [.. a.Evaluations.Where(e => e.Epoch == epoch)],
            [.. b.Evaluations.Where(e => e.Epoch == epoch)],
            e => (e.Split, e.Name),
            commonOnly,
            (e, f) => new FieldDifference(RecordPart.Utterance, e.Epoch, null, e.Name, f, null, null, null)
        );

    private void Lines<T, TKey>(
        IReadOnlyList<T> ofA,
        IReadOnlyList<T> ofB,
        Func<T, TKey> key,
        bool commonOnly,
        Func<T, string, FieldDifference> at
    )
        where TKey : notnull
    {
        // A record that was resumed after damage may hold a line twice: the later one counts.
        Dictionary<TKey, T> first = Latest(ofA, key),
            second = Latest(ofB, key);
        foreach (var k in first.Keys.Concat(second.Keys.Where(k => !first.ContainsKey(k))))
        {
            var (inA, inB) = (first.TryGetValue(k, out var x), second.TryGetValue(k, out var y));
            if (inA && inB)
                Fields(x!, y!, f => at(x!, f));
            else if (!commonOnly)
                found.Add(inA ? at(x!, "") with { A = "present" } : at(y!, "") with { B = "present" });
        }
    }

    private void Fields<T>(T x, T y, Func<string, FieldDifference> at)
    {
        Dictionary<string, RecordedField> first = RecordedField.Of(x).ToDictionary(f => f.Path, StringComparer.Ordinal),
            second = RecordedField.Of(y).ToDictionary(f => f.Path, StringComparer.Ordinal);
        var paths = first.Keys.Concat(second.Keys.Where(p => !first.ContainsKey(p)));
        if (typeof(T) == typeof(StepTelemetry))
            paths = paths.OrderBy(StepOrder.Of);
        foreach (var path in paths)
        {
            RecordedField? p = first.TryGetValue(path, out var fp) ? fp : null,
                q = second.TryGetValue(path, out var fq) ? fq : null;
            // "0.0" and "-0" of other writers are told as they stand: the texts are what the records hold.
            if (p?.Text == q?.Text || unknown.Contains(typeof(T).Name + "." + (p ?? q)!.Value.Root))
                continue;
            found.Add(
                at(path) with
                {
                    A = p?.Text,
                    B = q?.Text,
                    Distance = p?.Number is { } m && q?.Number is { } n ? Math.Abs(m - n) : null,
                }
            );
        }
    }

    // A property that no line of one run has, and for which it gives no reason either, was not recorded by its program.
    private void NotRecorded<T>(string kind, IReadOnlyList<T> ofA, IReadOnlyList<T> ofB, List<string> notes)
    {
        if (ofA.Count == 0 || ofB.Count == 0)
            return;
        var (first, second) = (Known(ofA), Known(ofB));
        foreach (var (has, lacks, name) in new[] { (first.Recorded, second, "B"), (second.Recorded, first, "A") })
        {
            string[] absent =
            [
                .. has.Where(p => !lacks.Recorded.Contains(p) && !lacks.Explained.Contains(p)).Order(StringComparer.Ordinal),
            ];
            foreach (var property in absent)
                unknown.Add(typeof(T).Name + "." + property);
            if (absent.Length > 0)
                notes.Add(
                    $"No {kind} of {name} records {string.Join(", ", absent)}: left out of the comparison (its program or its "
                        + $"configuration has none)."
                );
        }
    }

    // The properties of the lines, and those whose absence is explained: a reason is knowledge of the field.
    private static (HashSet<string> Recorded, HashSet<string> Explained) Known<T>(IReadOnlyList<T> lines)
    {
        HashSet<string> recorded = new(StringComparer.Ordinal),
            explained = new(StringComparer.Ordinal) { "unavailable", "masked" };
        foreach (var field in lines.SelectMany(RecordedField.Of))
        {
            recorded.Add(field.Root);
            if (field.Root == "unavailable")
                explained.Add(field.Path.Split('.')[1]);
        }
        return (recorded, explained);
    }

    private static Dictionary<TKey, T> Latest<T, TKey>(IReadOnlyList<T> lines, Func<T, TKey> key)
        where TKey : notnull
    {
        var latest = new Dictionary<TKey, T>();
        foreach (var line in lines)
            latest[key(line)] = line;
        return latest;
    }
}
