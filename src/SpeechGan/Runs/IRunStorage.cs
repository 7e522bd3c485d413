namespace SpeechGan.Runs;

/// <summary>
/// The file events a run is made of. Thin on purpose: each call is one event a test can let fail, or stop dead at, so that
/// "a kill anywhere leaves the old or the new state" is proven by going through all of them.
/// </summary>
public interface IRunStorage
{
    /// <summary>Whether there is a file of this path.</summary>
    bool FileExists(string path);

    /// <summary>Whether there is a folder of this path.</summary>
    bool FolderExists(string path);

    /// <summary>Names (without path) of all files and folders in a folder, in ordinal order.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Length of a file in bytes.</summary>
    long Length(string path);

    /// <summary>All bytes of a file.</summary>
    byte[] Read(string path);

    /// <summary>A file's bytes as a stream that can seek; the file may grow meanwhile.</summary>
    Stream OpenRead(string path) => new MemoryStream(Read(path), writable: false);

    /// <summary>Creates one folder whose parent exists.</summary>
    void CreateFolder(string path);

    /// <summary>Writes a whole file and has it on the disk (fsync) before it returns. Not atomic: see <see cref="RunStorage"/>.</summary>
    void Write(string path, ReadOnlyMemory<byte> bytes);

    /// <summary>The same of bytes that are too many to be held.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fill">Writes them.</param>
    void Write(string path, Action<Stream> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        using var bytes = new MemoryStream();
        fill(bytes);
        Write(path, bytes.ToArray());
    }

    /// <summary>Adds bytes to the end of a file, created if need be, and hands them to the system: they survive the death of this
    /// process.</summary>
    void Append(string path, ReadOnlyMemory<byte> bytes);

    /// <summary>Has a file's bytes on the disk (fsync).</summary>
    void Sync(string path);

    /// <summary>Has a folder's entries on the disk (fsync), so that a rename in it survives a power cut.</summary>
    void SyncFolder(string path);

    /// <summary>Cuts a file to a length and has that on the disk.</summary>
    void Truncate(string path, long length);

    /// <summary>Renames a file or folder in one step; a file of the new name is replaced.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file.</summary>
    void DeleteFile(string path);

    /// <summary>Deletes an empty folder.</summary>
    void DeleteFolder(string path);
}
