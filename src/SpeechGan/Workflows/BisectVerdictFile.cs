using System.Text.Json;
using SpeechGan.Goldens;

namespace SpeechGan.Workflows;

/// <summary>What `bisect commits --json` wrote, as a regression's culprit.</summary>
internal static class BisectVerdictFile
{
    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException">It is not there, no such file, or names no commit.</exception>
    public static RegressionCulprit Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads its text.</summary>
    /// <exception cref="UsageException">It is no such text, or names no commit.</exception>
    public static RegressionCulprit Parse(string text, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (
                root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("suspects", out _)
                || !root.TryGetProperty("confidence", out var confidence)
            )
                throw new UsageException(
                    $"'{path}' is not the verdict of a bisect: it has no suspects and confidence. Give what `speechgan bisect commits "
                        + $"--json` wrote."
                );
            if (
                !root.TryGetProperty("culprit", out var culprit)
                || culprit.ValueKind != JsonValueKind.String
                || culprit.GetString() is not { Length: > 0 } commit
            )
                throw new UsageException($"'{path}' names no commit: the bisect was not sure. Bisect further, then link that.");
            return new RegressionCulprit(
                commit,
                Author(root),
                Subject(root, commit),
                confidence.GetDouble(),
                Text(root, "revert") ?? "not-tried"
            );
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new UsageException(
                $"'{path}' cannot be read as the verdict of a bisect: {e.Message.Split('\n')[0].TrimEnd('.')}. Give what `speechgan "
                    + $"bisect commits --json` wrote."
            );
        }
    }

    private static string? Text(JsonElement at, string name) =>
        at.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static string? Subject(JsonElement root, string commit) =>
        root.GetProperty("suspects")
            .EnumerateArray()
            .Where(s => Text(s, "commit") == commit)
            .Select(s => Text(s, "subject"))
            .FirstOrDefault();

    // The header of the diff has the author, as git's show writes it.
    private static string? Author(JsonElement root) =>
        !root.TryGetProperty("diff", out var diff) || diff.ValueKind != JsonValueKind.Object || Text(diff, "stat") is not { } stat
            ? null
            : stat.Split('\n')
                .Select(l => l.Trim())
                .FirstOrDefault(l => l.StartsWith("Author: ", StringComparison.Ordinal))
                ?["Author: ".Length..];
}
