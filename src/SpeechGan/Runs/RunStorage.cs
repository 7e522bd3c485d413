using System.Text;

namespace SpeechGan.Runs;

/// <summary>What is built from file events: atomic files and removal of whole folders.</summary>
public static class RunStorage
{
    /// <summary>Names that begin so are leftovers of a write that did not end.</summary>
    public const string TemporaryPrefix = ".tmp-";

    /// <summary>Publishes a file: aside, flushed, renamed into place, folder flushed. Readers see the old or the new file, never a
    /// part.</summary>
    public static void Publish(this IRunStorage storage, string path, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(storage);
        var folder = Path.GetDirectoryName(path)!;
        var aside = Path.Combine(folder, TemporaryPrefix + Path.GetFileName(path));
        storage.Write(aside, bytes);
        storage.Rename(aside, path);
        storage.SyncFolder(folder);
    }

    /// <summary>Publishes UTF-8 text.</summary>
    public static void Publish(this IRunStorage storage, string path, string text) => storage.Publish(path, Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Removes a folder with all it holds. It is renamed first, so that a kill half-way leaves a leftover and not a folder that looks
    /// damaged.
    /// </summary>
    public static void RemoveFolder(this IRunStorage storage, string path)
    {
        ArgumentNullException.ThrowIfNull(storage);
        var name = Path.GetFileName(path);
        if (!name.StartsWith(TemporaryPrefix, StringComparison.Ordinal))
        {
            var aside = Path.Combine(Path.GetDirectoryName(path)!, TemporaryPrefix + "removed-" + name);
            if (storage.FolderExists(aside))
                storage.Empty(aside);

            storage.Rename(path, aside);
            path = aside;
        }

        storage.Empty(path);
    }

    private static void Empty(this IRunStorage storage, string folder)
    {
        foreach (var name in storage.List(folder))
        {
            var path = Path.Combine(folder, name);
            if (storage.FolderExists(path))
                storage.Empty(path);
            else
                storage.DeleteFile(path);
        }

        storage.DeleteFolder(folder);
    }
}
