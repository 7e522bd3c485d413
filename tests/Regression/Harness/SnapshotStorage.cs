using SpeechGan.Runs;

namespace SpeechGan.Tests.Regression.Harness;

/// <summary>
/// Runs to the end, and keeps a copy of the run folder as a kill at each of its file events would leave it: without the event, and, where
/// it writes, with the given shares of the bytes. One run gives them all.
/// </summary>
internal sealed class SnapshotStorage(IRunStorage inner, string run, string copies, Func<string, IReadOnlyList<double>> shares)
    : IRunStorage
{
    /// <summary>The copies: what the event was, and the folder.</summary>
    public List<(string What, string Folder)> Taken { get; } = [];

    /// <summary>All events.</summary>
    public List<string> Log { get; } = [];

    public bool FileExists(string path) => inner.FileExists(path);

    public bool FolderExists(string path) => inner.FolderExists(path);

    public IReadOnlyList<string> List(string folder) => inner.List(folder);

    public long Length(string path) => inner.Length(path);

    public byte[] Read(string path) => inner.Read(path);

    public void CreateFolder(string path) => Event("create " + path, () => inner.CreateFolder(path));

    public void Write(string path, ReadOnlyMemory<byte> bytes) =>
        Writing("write " + path, path, bytes, inner.Write, () => inner.Write(path, bytes));

    public void Append(string path, ReadOnlyMemory<byte> bytes) =>
        Writing("append " + path, path, bytes, inner.Append, () => inner.Append(path, bytes));

    // What a kill leaves is in the system's hands already: before and after a flush the folder is the same.
    public void Sync(string path) => Log.Add("sync " + path);

    public void SyncFolder(string path) => Log.Add("sync folder " + path);

    public void Truncate(string path, long length) => Event("truncate " + path, () => inner.Truncate(path, length));

    public void Rename(string from, string to) => Event($"rename {from} to {to}", () => inner.Rename(from, to));

    public void DeleteFile(string path) => Event("delete " + path, () => inner.DeleteFile(path));

    public void DeleteFolder(string path) => Event("delete folder " + path, () => inner.DeleteFolder(path));

    private void Event(string what, Action happen)
    {
        Log.Add(what);
        Copy($"event {Log.Count} ({what})");
        happen();
    }

    private void Writing(string what, string path, ReadOnlyMemory<byte> bytes, Action<string, ReadOnlyMemory<byte>> write, Action happen)
    {
        Log.Add(what);
        foreach (var share in shares(what))
        {
            var copy = Copy($"event {Log.Count} ({what}), {100 * share} % written");
            if (share > 0)
                write(Path.Combine(copy, Path.GetRelativePath(run, path)), bytes[..(int)(bytes.Length * share)]);
        }
        happen();
    }

    private string Copy(string what)
    {
        var copy = Path.Combine(copies, $"kill-{Taken.Count + 1:D4}");
        if (Directory.Exists(run))
            Folders.Copy(run, copy);
        Taken.Add((what, copy));
        return copy;
    }
}
