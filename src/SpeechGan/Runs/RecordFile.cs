using System.IO.Compression;

namespace SpeechGan.Runs;

/// <summary>A file of records as it lies in a run folder: plain text, or the same text compressed (<c>steps.jsonl.gz</c>). Where both are
/// there, a compression was interrupted and the plain one counts.</summary>
internal static class RecordFile
{
    /// <summary>What a compressed record's name ends with.</summary>
    public const string Compressed = ".gz";

    /// <summary>The file that is there, of a plain path; null where there is none.</summary>
    public static string? Find(IRunStorage storage, string path)
    {
        if (storage.FileExists(path))
            return path;
        if (storage.FileExists(path + Compressed))
            return path + Compressed;
        return null;
    }

    /// <summary>Whether a file that was found is compressed.</summary>
    public static bool IsCompressed(string found) => found.EndsWith(Compressed, StringComparison.Ordinal);

    /// <summary>The text of a file that was found, from its beginning.</summary>
    public static Stream Open(IRunStorage storage, string found) =>
        IsCompressed(found) ? new GZipStream(storage.OpenRead(found), CompressionMode.Decompress) : storage.OpenRead(found);
}
