using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SpeechGan.Runs;

/// <summary>
/// <c>manifest.json</c>: what belongs to a checkpoint. It is written last and vouches for itself: its own SHA-256 stands in it, and
/// its bytes are the only ones that say the same, so that any changed byte is noticed.
/// </summary>
internal sealed record CheckpointManifest
{
    public const string FileName = "manifest.json";

    public required string Name { get; init; }

    /// <summary>The best checkpoint when this one was made: resuming from here must not know a later best.</summary>
    public string? Best { get; init; }

    public required IReadOnlyList<Part> Parts { get; init; }

    /// <summary>SHA-256 of this manifest's text with an empty digest.</summary>
    public string Digest { get; init; } = "";

    public static byte[] Encode(CheckpointName name, CheckpointName? best, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> parts)
    {
        var manifest = new CheckpointManifest
        {
            Name = name.ToString(),
            Best = best?.ToString(),
            Parts = [.. parts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new Part(p.Key, p.Value.Length, Hash(p.Value.Span)))],
        };
        return Text(manifest with { Digest = Hash(Text(manifest)) });
    }

    /// <summary>The manifest, or null where a byte of it is not as it was written.</summary>
    public static CheckpointManifest? Decode(byte[] bytes)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<CheckpointManifest>(bytes, RunJson.Document);
            return
                manifest is not null
                && manifest.Digest == Hash(Text(manifest with { Digest = "" }))
                && Text(manifest).AsSpan().SequenceEqual(bytes)
                ? manifest
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return null;
        }
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Text(CheckpointManifest manifest) =>
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(manifest, RunJson.Document) + "\n");

    internal sealed record Part(string Name, long Size, string Sha256);
}
