namespace SpeechGan.Import;

/// <summary>TensorBoard's event files of one training: scalars by tag, each on its own steps, brought together by step and epoch.</summary>
internal static class EventFolder
{
    private const int Named = 12;

    /// <summary>Reads them.</summary>
    /// <param name="source">The folder or file that was given, for sentences.</param>
    /// <param name="files">Name and bytes of each file; files of one folder belong together in the order of their names.</param>
    /// <param name="asked">Texts of <c>--map</c>.</param>
    /// <param name="run">Which training of several, from 1; null: the last.</param>
    /// <exception cref="ImportException">They hold no scalar, none that is known, or no such training.</exception>
    public static ForeignRecord Read(
        string source,
        IReadOnlyList<(string Name, byte[] Bytes)> files,
        IReadOnlyList<string> asked,
        int? run = null
    )
    {
        var notes = new List<string>();
        var read = new List<(string Name, EventRecords Records)>();
        foreach (var (name, bytes) in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            var records = EventRecords.Read(name, bytes);
            read.Add((name, records));
            if (records.Problem is { } problem)
                notes.Add(problem);
        }

        var writer = $"the event files of '{source}'";
        List<EventTraining> trainings = [.. EventTrainings.Of(read, notes).Where(t => t.Series.Count > 0)];
        if (trainings.Count == 0)
            throw new ImportException(
                $"'{source}' holds no scalar{(notes.Count > 0 ? $": {notes[0]}" : " (add_scalar writes them).")} "
                    + $"Give the folder that the trainer's SummaryWriter wrote.",
                source
            );

        var series = trainings[RunSplitter.Choose([.. trainings.Select(t => t.Begins)], run, writer, source, notes)].Series;
        var first = read.Min(r => r.Records.FirstTime);
        var map = FieldMap.Of([.. series.Keys], asked, source, source, "tag");
        notes.AddRange(map.Notes);
        var unused = series.Keys.Where(t => !map.Columns.Values.Contains(t)).ToList();
        if (unused.Count > 0)
            notes.Add(
                $"Tags that match no known field were left out: "
                    + $"{string.Join(", ", unused.Take(Named))}{(unused.Count > Named ? $" and {unused.Count - Named} more" : "")}."
            );

        var (rows, said) = Rows(map, series);
        notes.Add(said);
        return new ForeignRecord
        {
            Writer = writer,
            Rows = rows,
            Fields = map.Fields,
            Notes = notes,
            Started = first is > 0 and < 1e11 ? DateTimeOffset.UnixEpoch.AddSeconds(first.Value) : null,
            EpochsGuessed = said,
        };
    }

    // Which epoch each step is of: a tag tells it, or the steps of validation are epochs, or each validation closes one.
    private static (List<ForeignRow> Rows, string Said) Rows(
        FieldMap map,
        SortedDictionary<string, SortedDictionary<long, (double Value, string Place)>> series
    )
    {
        ForeignField[] told = [.. map.Columns.Keys.Where(f => f != ForeignField.Epoch && f != ForeignField.Step)];
        SortedDictionary<long, (double Value, string Place)> Of(ForeignField f) => series[map.Columns[f]];
        var byEpoch = told.Where(f => !IsOfStep(f)).ToList();
        var bySteps = told.Where(IsOfStep).SelectMany(f => Of(f).Keys).Distinct().Order().ToList();
        var validated = byEpoch.SelectMany(f => Of(f).Keys).Distinct().Order().ToList();
        var epochTag = map.Columns.GetValueOrDefault(ForeignField.Epoch);
        if (
            epochTag is not null
            && series[epochTag].All(p => p.Value.Value is >= 0 and < 1e7 && Math.Floor(p.Value.Value) == p.Value.Value)
        )
        {
            var places = series[epochTag].Select(p => (Step: p.Key, Epoch: (int)p.Value.Value)).ToList();
            List<long> placeSteps = [.. places.Select(p => p.Step)];
            var once = places.Select(p => p.Epoch).Distinct().Count() == places.Count;
            int EpochOf(long step)
            {
                var at = FirstFrom(placeSteps, step);
                return at < places.Count ? places[at].Epoch : places[^1].Epoch + (once ? 1 : 0);
            }

            return ([.. Together(told, Of, bySteps, validated, EpochOf, EpochOf)], $"The tag '{epochTag}' tells the epoch of each step.");
        }

        if (bySteps.Count == 0 || bySteps.All(validated.Contains) || (validated.Count == 0 && bySteps.Count <= 1))
            return (
                [.. validated.Union(bySteps).Order().Select(s => new ForeignRow(Whole(s), null, $"step {s}", Numbers(told, Of, s)))],
                "All tags have the same steps: they were taken to be epochs."
            );

        if (validated.Count > 1 && validated[^1] * 5 <= bySteps[^1])
        {
            // Validation counts epochs, training counts steps.
            long perEpoch = Math.Max(1, (bySteps[^1] - bySteps[0] + 1 + validated.Count - 1) / validated.Count);
            int offset = Whole(validated[0]);
            int EpochOfStep(long s) => offset + (int)Math.Min(validated[^1] - validated[0], (s - bySteps[0]) / perEpoch);
            return (
                [.. Together(told, Of, bySteps, validated, EpochOfStep, Whole)],
                $"Validation's steps ({validated[0]} to "
                    + $"{validated[^1]}) were taken to be epochs, and the {bySteps[^1]} training steps to be shared evenly among them."
            );
        }

        var closing = validated.Count > 0 ? validated : [bySteps[^1]];
        int Closed(long step)
        {
            return FirstFrom(closing, step) + 1;
        }

        return (
            [.. Together(told, Of, bySteps, validated, Closed, Closed)],
            validated.Count > 0
                ? "No tag gives the epoch: each validation was taken as the end of an epoch."
                : "No tag gives the epoch and there is no validation: all steps were taken to be of one epoch."
        );
    }

    private static IEnumerable<ForeignRow> Together(
        ForeignField[] told,
        Func<ForeignField, SortedDictionary<long, (double Value, string Place)>> of,
        List<long> steps,
        List<long> validated,
        Func<long, int> epochOfStep,
        Func<long, int> epochOfValidation
    )
    {
        ForeignField[] stepFields = [.. told.Where(IsOfStep)],
            epochFields = [.. told.Where(f => !IsOfStep(f))];
        var rows = steps
            .Select(s => (Epoch: epochOfStep(s), Key: s, Row: new ForeignRow(epochOfStep(s), s, $"step {s}", Numbers(stepFields, of, s))))
            .Concat(
                validated.Select(s =>
                    (
                        Epoch: epochOfValidation(s),
                        Key: long.MaxValue,
                        Row: new ForeignRow(epochOfValidation(s), null, $"step {s}", Numbers(epochFields, of, s))
                    )
                )
            );
        return rows.OrderBy(r => r.Epoch).ThenBy(r => r.Key).Select(r => r.Row);
    }

    private static IReadOnlyList<ForeignNumber> Numbers(
        ForeignField[] fields,
        Func<ForeignField, SortedDictionary<long, (double Value, string Place)>> of,
        long step
    ) => [.. fields.Where(f => of(f).ContainsKey(step)).Select(f => new ForeignNumber(f, of(f)[step].Value, of(f)[step].Place))];

    // Index of the first step that is not before another; their number where there is none.
    private static int FirstFrom(List<long> ascending, long step) => ascending.BinarySearch(step) is var at && at >= 0 ? at : ~at;

    private static bool IsOfStep(ForeignField field) => RecordAssembly.OfSteps.Contains(field);

    private static int Whole(long step) => (int)Math.Clamp(step, 0, 9_999_999);
}
