using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>A training among event files.</summary>
/// <param name="Begins">Where it begins: file and step.</param>
/// <param name="Series">Value and place of each tag's steps.</param>
internal sealed record EventTraining(string Begins, SortedDictionary<string, SortedDictionary<long, (double Value, string Place)>> Series);

/// <summary>
/// Tells the trainings in a folder of event files apart, as <see cref="RunSplitter"/> does for logs: folders that hold the same tags are
/// trainings of their own, and where the steps of all tags begin again from their beginning, another training begins. Where they go back
/// to a later step, the same training was begun again, and what stood behind is void.
/// </summary>
internal sealed class EventTrainings
{
    // Writers of one training put its parts into folders of these names (Keras, and many loops).
    private static readonly HashSet<string> Parts = ["train", "training", "valid", "val", "validation", "eval", "dev", "test"];

    private readonly List<string> notes;
    private readonly List<EventTraining> found = [];

    private EventTrainings(List<string> notes) => this.notes = notes;

    /// <summary>The trainings, in the order of the times at which their folders begin, then of their steps.</summary>
    /// <param name="files">Name and records of each file.</param>
    /// <param name="notes">Told what was replaced.</param>
    public static IReadOnlyList<EventTraining> Of(IReadOnlyList<(string Name, EventRecords Records)> files, List<string> notes)
    {
        var trainings = new EventTrainings(notes);
        foreach (var group in Groups([.. files.Select(f => new Source(f.Name, Folder(f.Name), f.Records))]))
            trainings.Add(group);

        return trainings.found;
    }

    private static IEnumerable<List<Source>> Groups(IReadOnlyList<Source> files)
    {
        var common = Common([.. files.Select(f => f.Folder)]);
        Source[] inside = [.. files.Select(f => f with { Folder = f.Folder[common.Length..].TrimStart('/') })];
        var roots = inside
            .GroupBy(RootOf)
            .Select(g =>
                (Root: g.Key, Files: (List<Source>)[.. g.Select(f => f with { Folder = f.Folder[g.Key.Length..].TrimStart('/') })])
            )
            .OrderBy(g => g.Files.Min(f => f.Records.FirstTime) ?? 0)
            .ThenBy(g => g.Root, StringComparer.Ordinal)
            .ToList();
        var tags = roots.ToDictionary(g => g.Root, g => g.Files.SelectMany(f => f.Tags).ToHashSet(StringComparer.Ordinal));
        var trainings = roots.Where(g => roots.Any(o => o.Root != g.Root && tags[o.Root].Overlaps(tags[g.Root]))).ToList();
        if (trainings.Count == 0)
        {
            // Folders without a common tag are one writer's: the folder is a part of the tag.
            return
            [
                [.. inside],
            ];
        }

        // A folder of other tags (add_hparams makes them) belongs to the training it lies in, or is one by itself.
        foreach (var other in roots.Except(trainings).ToList())
        {
            var home = trainings.Where(t => IsIn(other.Root, t.Root)).MaxBy(t => t.Root.Length);
            if (home.Files is null)
                trainings.Add(other);
            else
                home.Files.AddRange(
                    inside.Where(f => RootOf(f) == other.Root).Select(f => f with { Folder = f.Folder[home.Root.Length..].TrimStart('/') })
                );
        }

        return trainings.Select(t => t.Files);
    }

    private static bool IsIn(string folder, string above) => above.Length == 0 || folder.StartsWith(above + "/", StringComparison.Ordinal);

    private void Add(List<Source> files)
    {
        var current = new Training();
        foreach (var file in files.OrderBy(f => f.Records.FirstTime ?? 0).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            long replaced = 0;
            foreach (var segment in file.Segments())
            {
                if (current.IsBegunAgainBy(segment))
                {
                    found.Add(current.Told());
                    current = new Training();
                }

                replaced += current.Take(segment);
            }

            if (replaced > 0)
                notes.Add(
                    $"'{file.Name}' begins again at a step that was there already: "
                        + $"{Counted.Of(replaced, "older value was", "older values were")} replaced."
                );
        }

        found.Add(current.Told());
    }

    // The folder of the training that a file belongs to.
    private static string RootOf(Source file)
    {
        var folder = file.Folder;
        // add_scalars('Loss', {'train': ...}) writes the tag Loss into the folder Loss_train.
        string[] bare = [.. file.Records.Values.Select(v => v.Tag).Distinct().Take(2)];
        if (
            bare is [var only]
            && folder[(folder.LastIndexOf('/') + 1)..].StartsWith(only.Replace('/', '_') + "_", StringComparison.Ordinal)
        )
            return Above(folder);

        while (Parts.Contains(folder[(folder.LastIndexOf('/') + 1)..].ToLowerInvariant()))
            folder = Above(folder);

        return folder;
    }

    private static string Above(string folder) => folder.LastIndexOf('/') is var at and >= 0 ? folder[..at] : "";

    private static string Folder(string name) => Path.GetDirectoryName(name)?.Replace(Path.DirectorySeparatorChar, '/') ?? "";

    // The folders that all files lie in tell nothing.
    private static string Common(string[] folders)
    {
        var common = folders[0];
        while (!folders.All(f => f == common || f.StartsWith(common.Length == 0 ? "" : common + "/", StringComparison.Ordinal)))
            common = Above(common);

        return common;
    }

    /// <summary>A file, with the folder that becomes a part of its tags.</summary>
    private sealed record Source(string Name, string Folder, EventRecords Records)
    {
        public IEnumerable<string> Tags => Records.Values.Select(v => TagOf(v.Tag));

        // Parts in which each tag's steps only go forwards; the first begins with the file.
        public IEnumerable<Segment> Segments()
        {
            var starts = Records.Starts.ToLookup(s => s.Before, s => s.Step);
            var segment = new Segment(Name, IsFile: true, VoidFrom: null);
            for (var i = 0; i <= Records.Values.Count; i++)
            {
                foreach (var start in starts[i])
                {
                    yield return segment;
                    segment = new Segment(Name, IsFile: false, VoidFrom: start);
                }

                if (i == Records.Values.Count)
                    break;

                var (step, tag, value) = Records.Values[i];
                if (segment.Last.TryGetValue(TagOf(tag), out var last) && step < last)
                {
                    yield return segment;
                    segment = new Segment(Name, IsFile: false, VoidFrom: null);
                }

                segment.Add(TagOf(tag), step, value, string.Create(CultureInfo.InvariantCulture, $"{Name} tag {tag}, step {step}"));
            }

            yield return segment;
        }

        private string TagOf(string tag) => Folder.Length == 0 ? tag : $"{Folder}/{tag}";
    }

    /// <summary>Values in which no tag goes back.</summary>
    /// <param name="File">File.</param>
    /// <param name="IsFile">Whether a file begins here.</param>
    /// <param name="VoidFrom">Step from which a session start makes void what stood before; null where there is none.</param>
    private sealed record Segment(string File, bool IsFile, long? VoidFrom)
    {
        public List<(string Tag, long Step, double Value, string Place)> Values { get; } = [];

        public Dictionary<string, long> First { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, long> Last { get; } = new(StringComparer.Ordinal);

        public void Add(string tag, long step, double value, string place)
        {
            Values.Add((tag, step, value, place));
            First.TryAdd(tag, step);
            Last[tag] = step;
        }
    }

    /// <summary>A training that is being read.</summary>
    private sealed class Training
    {
        private readonly SortedDictionary<string, SortedDictionary<long, (double Value, string Place)>> series = new(
            StringComparer.Ordinal
        );

        // Tags that count anew in each epoch, and so are no sign of another training.
        private readonly HashSet<string> renewed = new(StringComparer.Ordinal);
        private string begins = "";

        public bool IsBegunAgainBy(Segment segment)
        {
            var signs = series.Where(s => s.Value.Count > 0 && !renewed.Contains(s.Key)).ToList();
            var most = signs.Count == 0 ? 0 : signs.Max(s => s.Value.Count);
            // A training logs its most frequent tag from its beginning on: a late value of another one is none.
            return signs.Any(s => s.Value.Count == most && segment.First.ContainsKey(s.Key))
                && signs.All(s => !segment.First.TryGetValue(s.Key, out var first) || first <= s.Value.Keys.First());
        }

        /// <summary>Takes a segment in, and tells how many values it replaced.</summary>
        public long Take(Segment segment)
        {
            long replaced = 0;
            if (begins.Length == 0 && segment.Values.Count > 0)
                begins = string.Create(CultureInfo.InvariantCulture, $"{segment.File} step {segment.Values.Min(v => v.Step)}");

            if (segment.VoidFrom is { } start)
            {
                // TensorBoard, too, drops what was written from this step on.
                replaced += series.Values.Sum(s => Void(s, start));
            }

            foreach (var (tag, first) in segment.First.Where(f => Has(f.Key)))
            {
                if (first <= series[tag].Keys.First())
                    renewed.Add(tag);

                replaced += segment.IsFile ? Void(series[tag], first) : 0;
            }

            foreach (var (tag, step, value, place) in segment.Values)
            {
                if (!series.TryGetValue(tag, out var own))
                    series[tag] = own = [];

                replaced += own.ContainsKey(step) ? 1 : 0;
                own[step] = (value, place);
            }

            return replaced;
        }

        public EventTraining Told()
        {
            // A session start may have made void all that a tag had.
            foreach (var empty in series.Where(s => s.Value.Count == 0).Select(s => s.Key).ToList())
                series.Remove(empty);

            return new EventTraining(begins, series);
        }

        private bool Has(string tag) => series.TryGetValue(tag, out var own) && own.Count > 0;

        private static long Void(SortedDictionary<long, (double Value, string Place)> own, long from)
        {
            var steps = own.Keys.Reverse().TakeWhile(s => s >= from).ToList();
            steps.ForEach(s => own.Remove(s));
            return steps.Count;
        }
    }
}
