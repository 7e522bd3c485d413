using System.IO.Compression;

namespace SpeechGan.Runs;

/// <summary>A record that was compressed or restored.</summary>
/// <param name="Name">Plain name, <c>steps.jsonl</c> for example.</param>
/// <param name="Plain">Bytes of its text.</param>
/// <param name="Compressed">Bytes of the compressed file.</param>
public sealed record CompressedRecord(string Name, long Plain, long Compressed);

/// <summary>
/// Compresses the long records of a run that is over, and restores them. The new file is written aside, held against the old one byte by
/// byte and renamed; then the old one goes. Where both are there the plain one counts, so that a kill at any instant loses nothing.
/// </summary>
public static class RecordCompression
{
    private static readonly string[] Names = [RunFolder.StepsName, RunFolder.EvaluationsName];

    /// <summary>Compresses <c>steps.jsonl</c> and <c>evaluations.jsonl</c>; what is compressed already stays.</summary>
    /// <param name="path">Run folder.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <exception cref="RunFolderException">There is no run, it is in training, or the disk fails.</exception>
    public static IReadOnlyList<CompressedRecord> Compress(string path, IRunStorage? storage = null) =>
        Held(path, storage ?? DiskStorage.Instance, "compress the record of", (disk, root) =>
            [.. Names.Select(n => Path.Combine(root, n)).Where(disk.FileExists).Select(p => Compress(disk, p))]
        );

    /// <summary>Makes plain files of compressed records again.</summary>
    /// <param name="path">Run folder.</param>
    /// <param name="storage">File events; null: the disk.</param>
    /// <exception cref="RunFolderException">There is no run, it is in training, a file is damaged, or the disk fails.</exception>
    public static IReadOnlyList<CompressedRecord> Restore(string path, IRunStorage? storage = null) =>
        Held(path, storage ?? DiskStorage.Instance, "restore the record of", Restore);

    /// <summary>The same by a process that holds the folder: a training that is resumed writes plain records.</summary>
    internal static IReadOnlyList<CompressedRecord> Restore(IRunStorage storage, string root) =>
        [
            .. Names
                .Select(n => Path.Combine(root, n))
                .Where(p => storage.FileExists(p + RecordFile.Compressed))
                .Select(p => RestoreOne(storage, p)),
        ];

    private static IReadOnlyList<CompressedRecord> Held(
        string path,
        IRunStorage storage,
        string doing,
        Func<IRunStorage, string, IReadOnlyList<CompressedRecord>> work
    )
    {
        if (string.IsNullOrWhiteSpace(path) || !storage.FileExists(Path.Combine(Path.GetFullPath(path), RunFolder.InfoName)))
            throw new RunFolderException(
                $"There is no run in '{path}': it has no {RunFolder.InfoName}. Give the folder that was --out of a training.",
                path ?? "",
                RunFolderException.BadUsage
            );

        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (RunLock.IsTaken(root))
            throw new RunFolderException(
                $"The run in '{root}' is in training: its record grows and cannot be compressed or restored. Wait for its end, or stop it, "
                    + "and run this again.",
                root,
                RunFolderException.BadUsage
            );

        using var held = RunLock.Take(root);
        return StorageGuard.Run(doing, root, () => work(storage, root));
    }

    private static CompressedRecord Compress(IRunStorage storage, string plain)
    {
        var compressed = plain + RecordFile.Compressed;
        var aside = Aside(compressed);
        storage.Write(aside, target =>
        {
            using var source = storage.OpenRead(plain);
            using var zip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true);
            source.CopyTo(zip);
        });
        if (!AreEqual(storage, plain, aside))
        {
            storage.DeleteFile(aside);
            throw new IOException("what was written does not read as what was compressed");
        }

        var told = new CompressedRecord(Path.GetFileName(plain), storage.Length(plain), storage.Length(aside));
        Exchange(storage, aside, compressed, plain);
        return told;
    }

    private static CompressedRecord RestoreOne(IRunStorage storage, string plain)
    {
        var compressed = plain + RecordFile.Compressed;
        if (!storage.FileExists(plain))
        {
            var aside = Aside(plain);
            try
            {
                storage.Write(aside, target =>
                {
                    using var zip = new GZipStream(storage.OpenRead(compressed), CompressionMode.Decompress);
                    zip.CopyTo(target);
                });
                if (!AreEqual(storage, aside, compressed))
                    throw new InvalidDataException("it reads differently each time");
            }
            catch (InvalidDataException e)
            {
                throw new RunFolderException(
                    $"'{compressed}' is damaged ({e.Message.TrimEnd('.')}) and was not restored. Take it from a backup; what stands before "
                        + "the damage is still read by speechgan diagnose and report.",
                    compressed,
                    RunFolderException.BadUsage,
                    e
                );
            }

            storage.Rename(aside, plain);
            storage.SyncFolder(Path.GetDirectoryName(plain)!);
        }

        var told = new CompressedRecord(Path.GetFileName(plain), storage.Length(plain), storage.Length(compressed));
        Remove(storage, compressed);
        return told;
    }

    // From here on both are there, until the old one is gone.
    private static void Exchange(IRunStorage storage, string aside, string to, string old)
    {
        storage.Rename(aside, to);
        storage.SyncFolder(Path.GetDirectoryName(to)!);
        Remove(storage, old);
    }

    private static void Remove(IRunStorage storage, string path)
    {
        storage.DeleteFile(path);
        storage.SyncFolder(Path.GetDirectoryName(path)!);
    }

    private static string Aside(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, RunStorage.TemporaryPrefix + Path.GetFileName(path));

    private static bool AreEqual(IRunStorage storage, string plain, string compressed)
    {
        const int size = 1 << 16;
        using var a = storage.OpenRead(plain);
        using var b = new GZipStream(storage.OpenRead(compressed), CompressionMode.Decompress);
        byte[] ofA = new byte[size],
            ofB = new byte[size];
        while (true)
        {
            int readA = a.ReadAtLeast(ofA, size, throwOnEndOfStream: false),
                readB = b.ReadAtLeast(ofB, size, throwOnEndOfStream: false);
            if (!ofA.AsSpan(0, readA).SequenceEqual(ofB.AsSpan(0, readB)))
                return false;

            if (readA < size)
                return true;
        }
    }
}
