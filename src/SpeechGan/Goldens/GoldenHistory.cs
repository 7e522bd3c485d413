using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>
/// The approvals of one golden as a chain: each line holds the digest of the line before and of the file it replaced, so that a line that
/// was changed, taken out or put in is seen, and so is a golden that was not approved.
/// </summary>
/// <param name="Approvals">In order; may be empty.</param>
/// <param name="Interrupted">The last approval did not come to its end: the history names a file that did not take its place yet.</param>
public sealed record GoldenHistory(IReadOnlyList<GoldenApproval> Approvals, bool Interrupted)
{
    /// <summary>No approval.</summary>
    public static GoldenHistory None { get; } = new([], false);

    /// <summary>The approvals that took effect.</summary>
    public IReadOnlyList<GoldenApproval> Effective => Interrupted ? [.. Approvals.SkipLast(1)] : Approvals;

    /// <summary>Reads a chain and holds it against the approved file.</summary>
    /// <param name="text">Contents of the history file.</param>
    /// <param name="source">Its path, for the sentences.</param>
    /// <param name="verified">SHA-256 of the approved file; null where there is none.</param>
    /// <exception cref="GoldenException">A line is damaged, the chain is broken, or the approved file is not the one last
    /// approved.</exception>
    public static GoldenHistory Parse(string text, string source, string? verified)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
            return None;

        if (!text.EndsWith('\n'))
            throw new GoldenException(
                $"{source}: the file does not end with a line feed; it was cut off. Restore it from version control."
            );

        var approvals = new List<GoldenApproval>();
        string? previous = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            var approval = Read(line, approvals.Count + 1, source);
            var before = approvals.LastOrDefault();
            if (
                approval.Number != approvals.Count + 1
                || approval.Previous != previous
                || (before is not null && approval.Replaced != before.Digest)
                || (before is null && approval.Anchor is null)
            )
                throw new GoldenException(
                    $"{source}, line {approvals.Count + 1}: the chain of approvals is broken: a line before it was changed, taken out "
                        + $"or put in. Restore the file from version control."
                );

            approvals.Add(approval);
            previous = DigestOf(line + "\n");
        }

        var last = approvals[^1];
        if (last.Digest == verified)
            return new GoldenHistory(approvals, false);
        if (last.Replaced == verified)
            return new GoldenHistory(approvals, true);
        throw new GoldenException(
            verified is null
                ? $"{source}: the golden of this history is missing. Restore it from version control, or remove this file too."
                : $"{source}: the golden beside it is not the one that was last approved ({last.When:yyyy-MM-dd} by {last.By}): it "
                    + $"was changed by hand. Restore both files from version control, and approve the change with `speechgan "
                    + $"golden approve`."
        );
    }

    /// <summary>The golden that drift is measured from; null where nothing was approved.</summary>
    /// <param name="tolerances">The set of a digest.</param>
    public Golden? Anchor(Func<string, Tolerances>? tolerances = null) =>
        Effective.LastOrDefault(a => a.Anchor is not null)?.Anchor is { } text
            ? GoldenText.Parse(text, "the history's anchor", tolerances)
            : null;

    /// <summary>SHA-256 of a text's UTF-8 bytes, hexadecimal.</summary>
    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The text with one more approval; one that was interrupted is dropped.</summary>
    internal string With(ApprovalRequest request, string received, string? replaced, string? anchor, bool drifted)
    {
        var kept = string.Concat(Effective.Select(a => a.Line()));
        return kept
            + new GoldenApproval
            {
                Number = Effective.Count + 1,
                When = request.When,
                By = request.By.Trim(),
                Reason = request.Reason.ReplaceLineEndings(" ").Trim(),
                Digest = DigestOf(received),
                Replaced = replaced,
                AcceptedDrift = drifted,
                Anchor = anchor,
                Previous = Effective.Count == 0 ? null : DigestOf(Effective[^1].Line()),
            }.Line();
    }

    private static GoldenApproval Read(string line, int number, string source)
    {
        try
        {
            var approval = JsonSerializer.Deserialize<GoldenApproval>(line, RunJson.Line)
                ?? throw new JsonException("null is not an approval record");
            // Only the text we write is a link of the chain: what is written otherwise has another digest than its neighbour says.
            return approval.Line() == line + "\n" ? approval : throw new JsonException("it is not written as an approval is");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new GoldenException(
                $"{source}, line {number}: this is not an approval record ({e.Message.Split('\n')[0].Trim()}). Restore the file from "
                    + $"version "
                    + $"control.",
                e
            );
        }
    }
}
