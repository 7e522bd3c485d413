using SpeechGan.Runs;

namespace SpeechGan.Comparison;

/// <summary>
/// Two records of which another trainer wrote one at least, held against each other by what both hold. What one side alone holds was not
/// measured on the other: it is told, and is neither equal nor different. Where a number came from (file and line) and why one is absent
/// is no part of the comparison.
/// </summary>
internal sealed class ImportedAlignment
{
    private const int Named = 8;

    // Words about the record and not the training: a column named test_pesq makes the split.
    private static readonly HashSet<string> LeftOut = ["sources", "unavailable", "lastStep", "epoch", "step"];
    private const string Split = "validation.split";

    private readonly RunRecord a,
        b;
    private readonly bool narrow;
    private readonly List<FieldDifference> found = [],
        single = [];
    private readonly List<string> notes = [];

    private ImportedAlignment(RunRecord a, RunRecord b)
    {
        (this.a, this.b) = (a, b);
        narrow = new[] { a, b }.Any(r => r.Info.Import?.Kind == ImportedFrom.EventFiles);
    }

    /// <summary>The first number that both hold and that differs, in the order of the training; null where none does.</summary>
    public FieldDifference? First => found.Count == 0 ? null : found[0];

    /// <summary>How many differ.</summary>
    public int Count => found.Count;

    /// <summary>Whether a field differs anywhere in the lines of a kind.</summary>
    public bool Differs(RecordPart part, string field) => found.Any(f => f.Part == part && f.Field == field);

    /// <summary>How many values both hold.</summary>
    public int Compared { get; private set; }

    /// <summary>Steps that both recorded.</summary>
    public int CommonSteps { get; private set; }

    /// <summary>Epochs that both recorded.</summary>
    public int CommonEpochs { get; private set; }

    /// <summary>Whether one side goes on where the other ends.</summary>
    public bool EndsApart { get; private set; }

    /// <summary>What one side alone holds, and what was left out, a sentence each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Aligns them.</summary>
    public static ImportedAlignment Of(RunRecord a, RunRecord b)
    {
        var alignment = new ImportedAlignment(a, b);
        alignment.Compare();
        return alignment;
    }

    private void Compare()
    {
        var steps = new Kind<StepTelemetry, long>(
            "step",
            a.Steps,
            b.Steps,
            s => s.Step,
            s => s.Epoch,
            s => new FieldDifference(RecordPart.Step, s.Epoch, s.Step, null, "", null, null, null)
        );
        var epochs = new Kind<EpochTelemetry, int>(
            "epoch",
            a.Epochs,
            b.Epochs,
            e => e.Epoch,
            e => e.Epoch,
            e => new FieldDifference(RecordPart.Epoch, e.Epoch, null, null, "", null, null, null)
        );
        var utterances = new Kind<UtteranceEvaluation, (int, string, string)>(
            "utterance",
            a.Evaluations,
            b.Evaluations,
            e => (e.Epoch, e.Split, e.Name),
            e => e.Epoch,
            e => new FieldDifference(RecordPart.Utterance, e.Epoch, null, e.Name, "", null, null, null)
        );
        foreach (var epoch in steps.Epochs.Concat(epochs.Epochs).Concat(utterances.Epochs).Distinct().Order())
        {
            var sameSteps = steps.KeysOf(epoch, ofA: true).SetEquals(steps.KeysOf(epoch, ofA: false));
            Lines(steps, epoch, (_, _, _) => false);
            Lines(epochs, epoch, (x, y, path) => !sameSteps && (IsMeanOfSteps(x, path) || IsMeanOfSteps(y, path)));
            Lines(utterances, epoch, (_, _, _) => false);
        }

        (CommonSteps, CommonEpochs) = (steps.Common, epochs.Common);
        EndsApart = epochs.EndsApart || (a.Epochs.Count == 0 && b.Epochs.Count == 0 && steps.EndsApart);
        notes.AddRange(steps.Notes.Concat(epochs.Notes).Concat(utterances.Notes));
        if (single.Count > 0)
            notes.Add(
                $"Values that one side alone holds at a place: {single.Count} (first: {single[0].InWords()}). They were not compared."
            );
        var splits = new[] { a, b }.Select(r => r.Epochs.FirstOrDefault(e => e.Validation is not null)?.Validation?.Split).ToArray();
        if (splits is [{ } ofA, { } ofB] && ofA != ofB)
            notes.Add(
                $"The scores of A are called those of {ofA}, those of B of {ofB}: whether the same files were scored is not recorded."
            );
        if (narrow)
            notes.Add("Event files keep numbers in 32 bits: all numbers were compared so.");
    }

    private void Lines<T, TKey>(Kind<T, TKey> kind, int epoch, Func<T, T, string, bool> isLeftOut)
        where TKey : notnull
    {
        foreach (var (x, y) in kind.Pairs(epoch))
        {
            Dictionary<string, RecordedField> first = FieldsOf(x),
                second = FieldsOf(y);
            var paths = first.Keys.Concat(second.Keys.Where(p => !first.ContainsKey(p)));
            if (typeof(T) == typeof(StepTelemetry))
                paths = paths.OrderBy(StepOrder.Of);
            foreach (var path in paths.Where(p => !isLeftOut(x, y, p)))
            {
                RecordedField? p = first.TryGetValue(path, out var fp) ? fp : null,
                    q = second.TryGetValue(path, out var fq) ? fq : null;
                var difference = kind.At(x) with
                {
                    Field = path,
                    A = p?.Text,
                    B = q?.Text,
                    Distance = p?.Number is { } m && q?.Number is { } n ? Math.Abs(m - n) : null,
                };
                if (p is not null && q is not null)
                {
                    Compared++;
                    if (!Same(p.Value, q.Value))
                        found.Add(difference);
                }
                else if (kind.KnowBoth(path))
                    single.Add(difference);
            }
        }
    }

    private bool Same(RecordedField p, RecordedField q) =>
        p.Text == q.Text || (narrow && p.Number is { } m && q.Number is { } n && (float)m == (float)n);

    private static Dictionary<string, RecordedField> FieldsOf<T>(T line) =>
        RecordedField.Of(line).Where(f => !LeftOut.Contains(f.Root) && f.Path != Split).ToDictionary(f => f.Path, StringComparer.Ordinal);

    // The import made it of the steps that were logged; a run of this program of all of its steps.
    private static bool IsMeanOfSteps(EpochTelemetry epoch, string path) =>
        epoch.Sources is { } sources
            ? sources.TryGetValue(path, out var source) && source.StartsWith(ImportedFrom.MeanOf, StringComparison.Ordinal)
            : !path.StartsWith("validation.", StringComparison.Ordinal);

    /// <summary>The lines of one kind on both sides.</summary>
    private sealed class Kind<T, TKey>
        where TKey : notnull
    {
        private readonly string name;
        private readonly IReadOnlyList<T> ofA,
            ofB;
        private readonly Func<T, TKey> key;
        private readonly Func<T, int> epochOf;
        private readonly ILookup<int, T> linesOfA,
            linesOfB;
        private readonly HashSet<string> knownToA,
            knownToB;

        public Kind(
            string name,
            IReadOnlyList<T> ofA,
            IReadOnlyList<T> ofB,
            Func<T, TKey> key,
            Func<T, int> epochOf,
            Func<T, FieldDifference> at
        )
        {
            (this.name, this.key, this.epochOf, At) = (name, key, epochOf, at);
            // A record that was begun again may hold a line twice: the later one counts.
            (this.ofA, this.ofB) = (Latest(ofA), Latest(ofB));
            (linesOfA, linesOfB) = (this.ofA.ToLookup(epochOf), this.ofB.ToLookup(epochOf));
            (knownToA, knownToB) = (Known(this.ofA), Known(this.ofB));
        }

        public Func<T, FieldDifference> At { get; }

        public IEnumerable<int> Epochs => ofA.Concat(ofB).Select(epochOf).Distinct();

        public int Common => ofA.Select(key).Intersect(ofB.Select(key)).Count();

        public bool EndsApart => ofA.Count > 0 && ofB.Count > 0 && ofA.Max(epochOf) != ofB.Max(epochOf);

        public IEnumerable<string> Notes =>
            (ofA.Count, ofB.Count) switch
            {
                (0, 0) => [],
                (0, _) => [$"A records no {name}: not measured there."],
                (_, 0) => [$"B records no {name}: not measured there."],
                _ => Unknown("B", knownToA, knownToB)
                    .Concat(Unknown("A", knownToB, knownToA))
                    .Concat(Alone("A", ofA, ofB))
                    .Concat(Alone("B", ofB, ofA)),
            };

        public HashSet<TKey> KeysOf(int epoch, bool ofA) => [.. (ofA ? linesOfA : linesOfB)[epoch].Select(key)];

        public IEnumerable<(T X, T Y)> Pairs(int epoch)
        {
            var second = linesOfB[epoch].ToDictionary(key);
            foreach (var x in linesOfA[epoch])
                if (second.TryGetValue(key(x), out var y))
                    yield return (x, y);
        }

        public bool KnowBoth(string path) => knownToA.Contains(General(path)) && knownToB.Contains(General(path));

        private IReadOnlyList<T> Latest(IReadOnlyList<T> lines) => [.. lines.GroupBy(key).Select(g => g.Last())];

        private static HashSet<string> Known(IReadOnlyList<T> lines) => [.. lines.SelectMany(FieldsOf).Select(f => General(f.Key))];

        private IEnumerable<string> Unknown(string side, HashSet<string> known, HashSet<string> other)
        {
            string[] absent = [.. known.Except(other).Order(StringComparer.Ordinal)];
            if (absent.Length > 0)
                yield return $"No {name} of {side} records {string.Join(", ", absent.Take(Named))}"
                    + $"{(absent.Length > Named ? $" and {absent.Length - Named} more" : "")}: not measured there, and not compared.";
        }

        private IEnumerable<string> Alone(string side, IReadOnlyList<T> own, IReadOnlyList<T> others)
        {
            var keys = others.Select(key).ToHashSet();
            T[] alone = [.. own.Where(l => !keys.Contains(key(l)))];
            if (alone.Length > 0)
                yield return $"{side} alone has {Counted.Of(alone.Length, name)} (first: {At(alone[0]).Place}; last: "
                    + $"{At(alone[^1]).Place}).";
        }

        private static string General(string path)
        {
            var open = path.IndexOf('[', StringComparison.Ordinal);
            return open < 0 ? path : path[..open] + "[]" + path[(path.IndexOf(']', StringComparison.Ordinal) + 1)..];
        }
    }
}
