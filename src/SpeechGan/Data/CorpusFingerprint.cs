using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SpeechGan.Data;

/// <summary>What tells, without reading a sample, whether a corpus is the one that was audited: name, size and time of its audio
/// files.</summary>
public static class CorpusFingerprint
{
    /// <summary>SHA-256 of the files' names below the root, their sizes and the times they were last written; null where a folder cannot be
    /// listed.</summary>
    /// <param name="root">The corpus' folder.</param>
    public static string? Of(string root)
    {
        ArgumentNullException.ThrowIfNull(root);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var files = new DirectoryInfo(root)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(f => AudioFile.Extensions.Contains(f.Extension, StringComparer.OrdinalIgnoreCase))
                .Select(f =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Path.GetRelativePath(root, f.FullName)}\n{f.Length}\n{f.LastWriteTimeUtc.Ticks}\n"
                    )
                )
                .Order(StringComparer.Ordinal);
            foreach (var file in files)
                hash.AppendData(Encoding.UTF8.GetBytes(file));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
