using System.Runtime.InteropServices;

namespace SpeechGan.Runs;

/// <summary>File events on the disk.</summary>
public sealed partial class DiskStorage : IRunStorage
{
    /// <summary>The disk; it holds no state.</summary>
    public static DiskStorage Instance { get; } = new();

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool FolderExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public long Length(string path) => new FileInfo(path).Length;

    /// <inheritdoc/>
    public byte[] Read(string path) => File.ReadAllBytes(path);

    /// <inheritdoc/>
    public Stream OpenRead(string path) =>
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <inheritdoc/>
    public void CreateFolder(string path)
    {
        // Directory.CreateDirectory would make all parents too, also those of a mistyped path.
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is not null && !Directory.Exists(parent))
            throw new DirectoryNotFoundException($"There is no folder '{parent}'.");

        Directory.CreateDirectory(path);
    }

    /// <inheritdoc/>
    public void Write(string path, ReadOnlyMemory<byte> bytes)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.Write(bytes.Span);
        stream.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Write(string path, Action<Stream> fill)
    {
        ArgumentNullException.ThrowIfNull(fill);
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        fill(stream);
        stream.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Append(string path, ReadOnlyMemory<byte> bytes)
    {
        using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.Write(bytes.Span);
    }

    /// <inheritdoc/>
    public void Sync(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        stream.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void SyncFolder(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;

        var handle = Open(path, OpenReadOnly);
        if (handle < 0)
            throw new IOException(
                $"Cannot open the folder '{path}' to flush it: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}."
            );

        var result = FSync(handle);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (result != 0 && error != InvalidArgument)
            throw new IOException($"Cannot flush the folder '{path}': {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    /// <inheritdoc/>
    public void Truncate(string path, long length)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.SetLength(length);
        stream.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to, overwrite: true);
    }

    /// <inheritdoc/>
    public void DeleteFile(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void DeleteFolder(string path) => Directory.Delete(path, recursive: false);

    private const int OpenReadOnly = 0;
    private const int InvalidArgument = 22; // some file systems cannot flush folders and say so

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
