using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace SpeechGan.Data;

/// <summary>
/// What audits of a corpus have measured, a line a pair, in a file that may be lost at any time: an audit that was stopped goes on from it,
/// and the next one reads the files alone whose size or time has changed. Lines are appended as pairs are done; a torn or foreign line is
/// passed over. Safe for several threads.
/// </summary>
public sealed class AuditMemory : IDisposable
{
    /// <summary>Raised when a measure changes: lines of another version are measured anew.</summary>
    internal const int Version = 1;

    private const int RewriteBeyond = 2; // lines for each that is still of use

    private readonly string path;
    private readonly ConcurrentDictionary<string, AuditedPair> pairs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ComparedRow> rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ContentSet> sets = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private FileStream? file;

    private AuditMemory(string path) => this.path = path;

    /// <summary>Why nothing is kept, in a sentence; null where it is.</summary>
    public string? Problem { get; private set; }

    /// <summary>Pairs that were taken from it instead of being read.</summary>
    public int Taken => taken;

    private int taken,
        lines;

    /// <summary>Opens the memory of a corpus, which is made where there is none. It never fails: an audit without it is slower.</summary>
    /// <param name="folder">Where memories are kept, a file a corpus.</param>
    /// <param name="root">The corpus' folder.</param>
    /// <param name="fresh">Whether to forget what is known of it.</param>
    public static AuditMemory Open(string folder, string root, bool fresh = false)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(root);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)),
            name = ContentSet.Of([full]).Digest[..16];
        var memory = new AuditMemory(Path.Combine(folder, $"{Path.GetFileName(full)}-{name}.jsonl"));
        memory.Try(() =>
        {
            Directory.CreateDirectory(folder);
            if (fresh)
                File.Delete(memory.path);
            memory.Read();
            memory.Begin();
        });
        return memory;
    }

    /// <summary>Ends it; what was measured stays.</summary>
    public void Dispose() => Try(() => file?.Dispose());

    /// <summary>The pair as it was measured, where neither of its files has changed.</summary>
    internal PairAudit? Find(string split, string name, FileState clean, FileState noisy)
    {
        if (!pairs.TryGetValue(Key(split, name), out var found) || found.Clean != clean || found.Noisy != noisy)
            return null;
        Interlocked.Increment(ref taken);
        return found.Pair;
    }

    /// <summary>Keeps a pair.</summary>
    internal void Keep(PairAudit pair, FileState clean, FileState noisy)
    {
        var line = new AuditedPair(clean, noisy, pair);
        pairs[Key(pair.Split, pair.Name)] = line;
        Append(new MemoryLine(Version) { Pair = line });
    }

    /// <summary>What a recording was compared with, and what it is like; null where that is not known.</summary>
    internal (HashSet<string> With, IReadOnlyList<Alike> Found)? Compared(string content)
    {
        lock (gate)
            return rows.TryGetValue(content, out var row) && sets.TryGetValue(row.Set, out var set) ? (set.Members, row.Found) : null;
    }

    /// <summary>Keeps what a recording was compared with.</summary>
    internal void Keep(string content, ContentSet with, IReadOnlyList<Alike> found)
    {
        bool isNew;
        lock (gate)
            isNew = sets.TryAdd(with.Digest, with);
        if (isNew)
            Append(new MemoryLine(Version) { Set = with });
        var row = new ComparedRow(content, with.Digest, found);
        if (rows.TryGetValue(content, out var before) && before.Set == row.Set)
            return;
        rows[content] = row;
        Append(new MemoryLine(Version) { Row = row });
    }

    private static string Key(string split, string name) => $"{split}/{name}";

    private void Read()
    {
        if (!File.Exists(path))
            return;
        foreach (string text in File.ReadLines(path, Encoding.UTF8))
        {
            lines++;
            MemoryLine? line;
            try
            {
                line = JsonSerializer.Deserialize<MemoryLine>(text);
            }
            catch (JsonException)
            {
                continue; // torn by a kill, or not ours
            }
            if (line?.Version != Version)
                continue;
            if (line.Pair is { } pair)
                pairs[Key(pair.Pair.Split, pair.Pair.Name)] = pair;
            if (line.Set is { } set)
                sets[set.Digest] = set;
            if (line.Row is { } row)
                rows[row.Content] = row;
        }
    }

    // What was overtaken by later lines goes when it is the larger part.
    private void Begin()
    {
        if (lines > RewriteBeyond * (pairs.Count + rows.Count + sets.Count) + 16)
        {
            string aside = $"{path}.{Environment.ProcessId}.tmp";
            file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete);
            foreach (var pair in pairs.Values)
                Append(new MemoryLine(Version) { Pair = pair });
            foreach (var set in sets.Values)
                Append(new MemoryLine(Version) { Set = set });
            foreach (var row in rows.Values)
                Append(new MemoryLine(Version) { Row = row });
            file.Dispose();
            File.Move(aside, path, overwrite: true);
        }
        file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (file.Length > 0)
            file.Write("\n"u8); // behind a torn line; an empty one is passed over
    }

    private void Append(MemoryLine line)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line), (byte)'\n'];
        Try(() =>
        {
            lock (gate)
                file?.Write(bytes);
        });
    }

    private void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Problem ??= $"What the audit measures is not kept in '{path}': {error.Message}";
            file = null;
        }
    }
}

/// <summary>What tells, without reading it, that a file is as it was.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Written">When it was last written, ticks of UTC.</param>
internal sealed record FileState(string Path, long Bytes, long Written)
{
    /// <summary>Of a file; a missing one has no size.</summary>
    public static FileState Of(string path) =>
        new FileInfo(path) is { Exists: true } file ? new(path, file.Length, file.LastWriteTimeUtc.Ticks) : new(path, -1, 0);
}

/// <summary>A pair, and the files that it was measured of.</summary>
internal sealed record AuditedPair(FileState Clean, FileState Noisy, PairAudit Pair);

/// <summary>A line of the memory: one of these.</summary>
internal sealed record MemoryLine(int Version)
{
    public AuditedPair? Pair { get; init; }
    public ContentSet? Set { get; init; }
    public ComparedRow? Row { get; init; }
}
