using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Probes;

/// <summary><c>RUN/probes.jsonl</c>: what was replayed already, a line a replay, so that a probe that was stopped goes on where it
/// was.</summary>
public sealed class ProbeJournal
{
    /// <summary>Name of the file in a run folder.</summary>
    public const string FileName = "probes.jsonl";

    private readonly IRunStorage storage;
    private readonly string path;
    private readonly Dictionary<string, Replay> known;

    /// <summary>Opens it; a torn last line of a process that was killed is taken off.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <exception cref="RunFolderException">It cannot be read or written.</exception>
    public ProbeJournal(string runFolder, IRunStorage? storage = null)
    {
        ArgumentNullException.ThrowIfNull(runFolder);
        this.storage = storage ?? DiskStorage.Instance;
        path = Path.Combine(Path.GetFullPath(runFolder), FileName);
        known = StorageGuard.Run("read", path, () =>
        {
            var problems = new List<string>();
            var read = JsonLines.Read<Replay>(this.storage, path, problems);
            if (
                this.storage.FileExists(path)
                && JsonLines.WholeLength(this.storage, path) is var whole
                && whole < this.storage.Length(path)
            )
                this.storage.Truncate(path, whole);

            Problems = problems;
            return read.GroupBy(r => r.Key).ToDictionary(g => g.Key, g => g.Last());
        });
    }

    /// <summary>Lines that could not be read; their replays are trained again.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>A replay that is done.</summary>
    public Replay? Find(string key) => known.GetValueOrDefault(key);

    /// <summary>Adds one, on the disk before this returns.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Add(Replay replay)
    {
        ArgumentNullException.ThrowIfNull(replay);
        known[replay.Key] = replay;
        StorageGuard.Run("write", path, () =>
        {
            storage.Append(path, JsonLines.Encode([replay]));
            storage.Sync(path);
        });
    }
}
