namespace SpeechGan.Runs;

/// <summary>
/// The checkpoints of a run. One appears by a single rename of a folder whose files are on the disk, so that a kill at any instant
/// leaves the old or the new state; a damaged one is noticed and the one before it used. The manifests are the truth; <c>last</c>
/// and <c>best</c> are text files for people and tools (text and not links: they survive archives, copies and other systems).
/// </summary>
public sealed class CheckpointStore
{
    /// <summary>Text file that names the newest checkpoint.</summary>
    public const string LastName = "last";

    /// <summary>Text file that names the best checkpoint.</summary>
    public const string BestName = "best";

    private const string ReplacedPrefix = RunStorage.TemporaryPrefix + "replaced-";
    private const string DamagedPrefix = "damaged-";

    private readonly IRunStorage storage;
    private readonly int keep;

    /// <summary>The checkpoints of a folder; nothing is read or written yet.</summary>
    /// <param name="folder">Folder of the checkpoints.</param>
    /// <param name="keep">Newest checkpoints kept, at least 2: were the last one damaged, the one before it is there. The best ones are
    /// kept beside them.</param>
    /// <param name="storage">File events; null: the disk.</param>
    public CheckpointStore(string folder, int keep = 2, IRunStorage? storage = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 2);
        (Folder, this.keep, this.storage) = (Path.GetFullPath(folder), keep, storage ?? DiskStorage.Instance);
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Epochs between two checkpoints that are kept for good, besides the newest and the best; 0: none.</summary>
    public int KeepEveryEpochs { get; init; }

    /// <summary>Names of what is kept besides, asked for before anything is removed; null: nothing.</summary>
    public Func<IReadOnlySet<CheckpointName>>? AlsoKept { get; init; }

    /// <summary>Published checkpoints, oldest first, sound or not.</summary>
    /// <exception cref="RunFolderException">The folder cannot be read.</exception>
    public IReadOnlyList<CheckpointName> Names =>
        StorageGuard.Run("read the checkpoints in", Folder, () =>
            (IReadOnlyList<CheckpointName>)
                [
                    .. (storage.FolderExists(Folder) ? storage.List(Folder) : [])
                        .Select(CheckpointName.TryParse)
                        .OfType<CheckpointName>()
                        .Order(),
                ]
        );

    /// <summary>Reads and checks one checkpoint folder, wherever it lies.</summary>
    /// <exception cref="RunFolderException">It is missing or damaged.</exception>
    public static Checkpoint Read(string folder, IRunStorage? storage = null)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var (sound, damage) = CheckpointReader.Read(storage ?? DiskStorage.Instance, path);
        return sound
            ?? throw new RunFolderException(
                $"Checkpoint '{path}' cannot be used: {damage}. Use another checkpoint of the run.",
                path,
                RunFolderException.BadUsage
            );
    }

    /// <summary>
    /// Publishes a checkpoint: parts and manifest aside, each flushed, then one rename; then <c>best</c>, <c>last</c>, and the oldest are
    /// removed.
    /// </summary>
    /// <param name="name">Its place in the run.</param>
    /// <param name="parts">Bytes by file name.</param>
    /// <param name="best">The best checkpoint now, possibly this one; null where none is judged yet.</param>
    /// <exception cref="RunFolderException">It cannot be written; the checkpoints before it are intact.</exception>
    public void Save(CheckpointName name, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> parts, CheckpointName? best)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Keys.FirstOrDefault(p => p is "" or "." or ".." or CheckpointManifest.FileName || p != Path.GetFileName(p)) is { } bad)
            throw new ArgumentException($"'{bad}' cannot be the name of a checkpoint's part.", nameof(parts));

        var aside = PathOf(RunStorage.TemporaryPrefix + name);
        try
        {
            StorageGuard.Run($"save checkpoint '{name}' in", Folder, () =>
            {
                Remove(Path.GetFileName(aside));
                storage.CreateFolder(aside);
                foreach (var (part, bytes) in parts.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    storage.Write(Path.Combine(aside, part), bytes);
                }

                storage.Write(Path.Combine(aside, CheckpointManifest.FileName), CheckpointManifest.Encode(name, best, parts));
                storage.SyncFolder(aside);
                Replace(aside, name);
                storage.SyncFolder(Folder);
            });
        }
        catch (RunFolderException)
        {
            TryRemove(Path.GetFileName(aside)); // gives the space back; were this to fail too, the next CleanUp does it
            throw;
        }

        StorageGuard.Run("note the newest checkpoint in", Folder, () =>
        {
            Point(name, best);
            Prune();
        });
    }

    /// <summary>The newest sound checkpoint; damaged ones are passed over and told.</summary>
    public CheckpointSearch FindLast() => Find(Names.Reverse());

    /// <summary>The best checkpoint as the newest sound one knows it; where that is damaged, the best before it, and last the newest sound
    /// one.</summary>
    public CheckpointSearch FindBest()
    {
        var problems = new List<CheckpointProblem>();
        var wanted = new List<CheckpointName>();
        foreach (var name in Names.Reverse())
        {
            if (CheckpointReader.Read(storage, PathOf(name.ToString())).Sound is { Best: { } best } && !wanted.Contains(best))
                wanted.Add(best);
        }

        return Find(wanted.Concat(Names.Reverse().Except(wanted)));
    }

    /// <summary>
    /// Prepares the folder for a writer: leftovers of killed saves are removed, a half-done replacement is undone, <c>last</c> and
    /// <c>best</c> are set right. Call it with the run's lock held.
    /// </summary>
    /// <exception cref="RunFolderException">The folder cannot be written.</exception>
    public void CleanUp() => StorageGuard.Run("clean up", Folder, () =>
        {
            foreach (var entry in storage.FolderExists(Folder) ? storage.List(Folder) : [])
            {
                if (
                    entry.StartsWith(ReplacedPrefix, StringComparison.Ordinal)
                    && !storage.FolderExists(PathOf(entry[ReplacedPrefix.Length..]))
                )
                {
                    storage.Rename(PathOf(entry), PathOf(entry[ReplacedPrefix.Length..]));
                    storage.SyncFolder(Folder);
                }
                else if (entry.StartsWith(RunStorage.TemporaryPrefix, StringComparison.Ordinal))
                {
                    Remove(entry);
                }
            }

            if (FindLast().Found is { } last)
                Point(last.Name, last.Best);
        });

    /// <summary>
    /// Makes a checkpoint the newest: later ones, damaged or of an abandoned continuation, are renamed to <c>damaged-NAME</c> or removed,
    /// and <c>best</c> is what it was then. Call it when training resumes from it.
    /// </summary>
    /// <exception cref="RunFolderException">The folder cannot be written.</exception>
    public void ContinueFrom(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        StorageGuard.Run("set aside later checkpoints in", Folder, () =>
        {
            foreach (var later in Names.Where(n => n > checkpoint.Name))
            {
                var name = later.ToString();
                if (CheckpointReader.Read(storage, PathOf(name)).Sound is null)
                {
                    Remove(DamagedPrefix + name);
                    storage.Rename(PathOf(name), PathOf(DamagedPrefix + name)); // kept: somebody may want to look at it
                }
                else
                {
                    Remove(name);
                }
            }

            storage.SyncFolder(Folder);
            Point(checkpoint.Name, checkpoint.Best);
        });
    }

    private CheckpointSearch Find(IEnumerable<CheckpointName> candidates)
    {
        var damaged = new List<(string Name, string Damage)>();
        Checkpoint? found = null;
        foreach (var name in candidates)
        {
            (found, var damage) = CheckpointReader.Read(storage, PathOf(name.ToString()));
            if (found is not null)
                break;

            damaged.Add((name.ToString(), damage!));
        }

        var instead = found is null ? "There is no other one to use." : $"'{found.Name}' is used instead.";
        return new CheckpointSearch(
            found,
            [.. damaged.Select(d => new CheckpointProblem(d.Name, $"Checkpoint '{PathOf(d.Name)}' is damaged: {d.Damage}. {instead}"))]
        );
    }

    // A checkpoint of this name may be there when training goes on from an earlier one: it steps aside, and comes back if we die here.
    private void Replace(string aside, CheckpointName name)
    {
        var path = PathOf(name.ToString());
        var replaced = ReplacedPrefix + name;
        if (storage.FolderExists(path))
        {
            Remove(replaced);
            storage.Rename(path, PathOf(replaced));
        }

        storage.Rename(aside, path);
        Remove(replaced);
    }

    private void Point(CheckpointName last, CheckpointName? best)
    {
        if (best is not null)
            storage.Publish(PathOf(BestName), best + "\n");
        else if (storage.FileExists(PathOf(BestName)))
            storage.DeleteFile(PathOf(BestName));

        storage.Publish(PathOf(LastName), last + "\n");
    }

    // Counts sound checkpoints only: a damaged one is no reserve. The bests of all that are kept stay too, so that falling back finds its
    // best.
    private void Prune()
    {
        var kept = new HashSet<CheckpointName>();
        var sound = 0;
        foreach (var name in Names.Reverse())
        {
            if (sound < keep)
            {
                kept.Add(name);
                if (CheckpointReader.Read(storage, PathOf(name.ToString())).Sound is { } checkpoint)
                {
                    sound++;
                    if (checkpoint.Best is not null)
                        kept.Add(checkpoint.Best);
                }
            }
        }

        var needed = AlsoKept?.Invoke();
        foreach (var name in Names.Where(n => !kept.Contains(n) && !IsForGood(n) && needed?.Contains(n) != true))
            Remove(name.ToString());
    }

    private bool IsForGood(CheckpointName name) =>
        KeepEveryEpochs > 0 && name is { Step: null, Epoch: > 0 } && name.Epoch % KeepEveryEpochs == 0;

    private void Remove(string entry)
    {
        if (storage.FolderExists(PathOf(entry)))
            storage.RemoveFolder(PathOf(entry));
        else if (storage.FileExists(PathOf(entry)))
            storage.DeleteFile(PathOf(entry));
    }

    private void TryRemove(string entry)
    {
        try
        {
            Remove(entry);
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            // The first failure is the one to tell.
        }
    }

    private string PathOf(string name) => Path.Combine(Folder, name);
}
