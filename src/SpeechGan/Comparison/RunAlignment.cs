using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Comparison;

/// <summary>
/// Two records held against each other line by line in the order of the training: noisy sides, the steps, the line and the evaluations of
/// each epoch; then the checks.
/// Everything recorded counts but wall times; a property that the older program of one run never recorded is left out and named.
/// </summary>
internal sealed class RunAlignment
{
    private readonly RunRecord a,
        b;
    private readonly HashSet<string> unknownOfSteps = new(StringComparer.Ordinal),
        unknownOfEpochs = new(StringComparer.Ordinal);
    private readonly List<string> notes = [];

    private RunAlignment(RunRecord a, RunRecord b) => (this.a, this.b) = (a, b);

    /// <summary>The first value that differs, in the order of the training; null where none does.</summary>
    public FieldDifference? First { get; private set; }

    /// <summary>How many values differ.</summary>
    public int Count { get; private set; }

    /// <summary>Steps that both runs took.</summary>
    public int CommonSteps { get; private set; }

    /// <summary>Epochs that both runs completed.</summary>
    public int CommonEpochs { get; private set; }

    /// <summary>What was left out and why, a sentence each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Aligns two records.</summary>
    /// <param name="a">The first.</param>
    /// <param name="b">The second.</param>
    /// <param name="commonOnly">Whether lines that one run lacks are no difference: where a run is not complete.</param>
    public static RunAlignment Of(RunRecord a, RunRecord b, bool commonOnly) => new RunAlignment(a, b).Compare(commonOnly);

    private RunAlignment Compare(bool commonOnly)
    {
        using AlignedSteps stepsOfA = new(a),
            stepsOfB = new(b);
        NotRecorded(stepsOfA, stepsOfB);
        NotRecorded(a.Epochs, b.Epochs);
        Evaluations(0, commonOnly);
        ILookup<int, EpochTelemetry> epochsOfA = a.Epochs.ToLookup(e => e.Epoch),
            epochsOfB = b.Epochs.ToLookup(e => e.Epoch);
        foreach (
            var epoch in stepsOfA.Epochs.Concat(stepsOfB.Epochs).Concat(epochsOfA.Concat(epochsOfB).Select(g => g.Key)).Distinct().Order()
        )
        {
            Steps(stepsOfA, stepsOfB, epoch, commonOnly);
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
        CommonSteps = stepsOfA.CommonWith(stepsOfB);
        CommonEpochs = a.Epochs.Select(e => e.Epoch).Intersect(b.Epochs.Select(e => e.Epoch)).Count();
        return this;
    }

    // Most lines are alike, or of one form: neither is taken apart. The first difference is told in full.
    private void Steps(AlignedSteps ofA, AlignedSteps ofB, int epoch, bool commonOnly)
    {
        Dictionary<long, StepPlace> first = ofA.Of(epoch),
            second = ofB.Of(epoch);
        foreach (var (step, place) in first)
            if (!second.TryGetValue(step, out var other))
                Alone(At(step, ""), inA: true, commonOnly);
            else if (ofA.Line(place) is var x && ofB.Line(other) is var y && !StepLinePair.AreSame(x, y))
                if (StepLinePair.TryCount(x, y, unknownOfSteps, out var differ) && (First is not null || differ == 0))
                    Count += differ;
                else
                    Fields(ofA.Whole(place), ofB.Whole(other), unknownOfSteps, f => At(step, f));
        foreach (var step in second.Keys.Where(k => !first.ContainsKey(k)))
            Alone(At(step, ""), inA: false, commonOnly);

        FieldDifference At(long step, string field) => new(RecordPart.Step, epoch, step, null, field, null, null, null);
    }

    private void Evaluations(int epoch, bool commonOnly) =>
        Lines(
            [.. a.EvaluationsOf(epoch)],
            [.. b.EvaluationsOf(epoch)],
            e => (e.Split, e.Name),
            commonOnly,
            (e, f) => new FieldDifference(RecordPart.Utterance, e.Epoch, null, e.Name, f, null, null, null),
            EvaluationPair.Differences
        );

    private void Lines<T, TKey>(
        IReadOnlyList<T> ofA,
        IReadOnlyList<T> ofB,
        Func<T, TKey> key,
        bool commonOnly,
        Func<T, string, FieldDifference> at,
        Func<T, T, int?>? quick = null
    )
        where TKey : notnull
    {
        // A record that was resumed after damage may hold a line twice: the later one counts.
        Dictionary<TKey, T> first = Latest(ofA, key),
            second = Latest(ofB, key);
        foreach (var k in first.Keys.Concat(second.Keys.Where(k => !first.ContainsKey(k))))
        {
            var (inA, inB) = (first.TryGetValue(k, out var x), second.TryGetValue(k, out var y));
            if (!inA || !inB)
                Alone(inA ? at(x!, "") : at(y!, ""), inA, commonOnly);
            else if (quick?.Invoke(x!, y!) is { } differ && (First is not null || differ == 0))
                Count += differ;
            else
                Fields(x!, y!, typeof(T) == typeof(EpochTelemetry) ? unknownOfEpochs : [], f => at(x!, f));
        }
    }

    private void Alone(FieldDifference line, bool inA, bool commonOnly)
    {
        if (!commonOnly)
            Add(inA ? line with { A = "present" } : line with { B = "present" });
    }

    private void Add(FieldDifference difference)
    {
        First ??= difference;
        Count++;
    }

    private void Fields<T>(T x, T y, HashSet<string> unknown, Func<string, FieldDifference> at)
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
            if (p?.Text == q?.Text || unknown.Contains((p ?? q)!.Value.Root))
                continue;
            Add(at(path) with { A = p?.Text, B = q?.Text, Distance = p?.Number is { } m && q?.Number is { } n ? Math.Abs(m - n) : null });
        }
    }

    // A property that no line of one run has, and for which it gives no reason either, was not recorded by its program.
    private void NotRecorded(AlignedSteps ofA, AlignedSteps ofB)
    {
        if (ofA.Count == 0 || ofB.Count == 0)
            return;
        HashSet<string> first = ofA.Recorded(),
            second = ofB.Recorded();
        foreach (var (has, lacks, side, name) in new[] { (first, second, ofB, "B"), (second, first, ofA, "A") })
        {
            HashSet<string> absent = [.. has.Where(p => p != "masked" && !lacks.Contains(p))];
            side.TakeExplained(absent);
            LeaveOut("step", name, absent, unknownOfSteps);
        }
    }

    private void NotRecorded(IReadOnlyList<EpochTelemetry> ofA, IReadOnlyList<EpochTelemetry> ofB)
    {
        if (ofA.Count == 0 || ofB.Count == 0)
            return;
        var (first, second) = (Known(ofA), Known(ofB));
        foreach (var (has, lacks, name) in new[] { (first.Recorded, second, "B"), (second.Recorded, first, "A") })
            LeaveOut("epoch", name, has.Where(p => !lacks.Recorded.Contains(p) && !lacks.Explained.Contains(p)), unknownOfEpochs);
    }

    private void LeaveOut(string kind, string name, IEnumerable<string> properties, HashSet<string> unknown)
    {
        string[] absent = [.. properties.Order(StringComparer.Ordinal)];
        unknown.UnionWith(absent);
        if (absent.Length > 0)
            notes.Add(
                $"No {kind} of {name} records {string.Join(", ", absent)}: left out of the comparison (its program or its "
                    + $"configuration has none)."
            );
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
