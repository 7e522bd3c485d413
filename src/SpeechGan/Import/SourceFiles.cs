using System.Security.Cryptography;
using SpeechGan.Runs;

namespace SpeechGan.Import;

/// <summary>The files of a source: one that was named, or those of a folder that belong to a record.</summary>
/// <param name="Source">As it was given, for sentences.</param>
/// <param name="Files">Name relative to the source, full path and bytes.</param>
/// <param name="IsFolder">Whether a folder was given.</param>
internal sealed record SourceFiles(string Source, IReadOnlyList<(string Name, string Path, byte[] Bytes)> Files, bool IsFolder)
{
    private const long Largest = 1L << 30;
    private const int MostFiles = 10_000;

    /// <summary>What was read, for the record.</summary>
    public IReadOnlyList<ImportedFile> Read =>
        [.. Files.Select(f => new ImportedFile(f.Name, f.Bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(f.Bytes))))];

    /// <summary>Opens a source.</summary>
    /// <exception cref="ImportException">It is not there, cannot be read, or is a folder without such files.</exception>
    public static SourceFiles Open(string source)
    {
        try
        {
            if (File.Exists(source))
                return new SourceFiles(source, [(Path.GetFileName(source), source, Bytes(source))], IsFolder: false);

            if (!Directory.Exists(source))
                throw new ImportException(
                    $"There is no file or folder '{source}'. Give a log, a table, event files, or the folder that record.py wrote.",
                    source
                );

            var files = Directory
                .EnumerateFiles(source, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4 })
                .Where(f => EventFileNames(f) || RecorderFolder.IsName(Path.GetFileName(f)))
                .Take(MostFiles)
                .Order(StringComparer.Ordinal)
                .ToList();
            if (files.Count > 0)
                return new SourceFiles(source, [.. files.Select(f => (Path.GetRelativePath(source, f), f, Bytes(f)))], IsFolder: true);
            throw new ImportException(
                RunFolder.HoldsRun(source)
                    ? $"The folder '{source}' is a run of this program already and needs no import. Run speechgan diagnose {source}."
                    : $"The folder '{source}' holds neither event files (events.out.tfevents...) nor files of "
                        + "record.py (steps.rank0.jsonl). Give the log or the table itself.",
                source
            );
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            throw new ImportException($"'{source}' cannot be read: {e.Message.TrimEnd('.')}. Check its rights and the disk.", source, e);
        }
    }

    /// <summary>Whether a file is called as TensorBoard's are.</summary>
    public static bool EventFileNames(string path) => Path.GetFileName(path).Contains("tfevents", StringComparison.Ordinal);

    private static byte[] Bytes(string path) =>
        new FileInfo(path).Length is var length && length > Largest
            ? throw new ImportException(
                $"'{path}' has {length} bytes; a record of at most {Largest} was expected. Give the log of one training.",
                path
            )
            : File.ReadAllBytes(path);
}
