using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace SpeechGan.Data;

/// <summary>Two recordings that are one.</summary>
/// <param name="Content">SHA-256 of the other's samples.</param>
/// <param name="Lag">Values of the envelope by which it is later.</param>
/// <param name="Correlation">Of their samples there.</param>
internal sealed record Alike(string Content, int Lag, double Correlation);

/// <summary>A recording, what it was compared with, and what of that it is like.</summary>
/// <param name="Content">SHA-256 of its samples.</param>
/// <param name="Set">Digest of the set of recordings that it was compared with.</param>
/// <param name="Found">Those that it is like.</param>
internal sealed record ComparedRow(string Content, string Set, IReadOnlyList<Alike> Found);

/// <summary>Recordings by the SHA-256 of their samples, in order.</summary>
/// <param name="Digest">SHA-256 of them all.</param>
/// <param name="Contents">Each.</param>
internal sealed record ContentSet(string Digest, IReadOnlyList<string> Contents)
{
    private readonly Lazy<HashSet<string>> members = new(() => new HashSet<string>(Contents, StringComparer.Ordinal));

    /// <summary>The same, to be asked whether it holds one.</summary>
    [JsonIgnore]
    public HashSet<string> Members => members.Value;

    /// <summary>Of some recordings.</summary>
    public static ContentSet Of(IEnumerable<string> contents)
    {
        string[] all = [.. contents.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new ContentSet(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', all)))), all);
    }
}
