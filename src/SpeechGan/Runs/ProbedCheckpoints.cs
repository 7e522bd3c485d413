using System.Text.Json;

namespace SpeechGan.Runs;

/// <summary>The checkpoints that a run's probe journal replayed from: a probe that goes on needs them.</summary>
internal static class ProbedCheckpoints
{
    private const string JournalName = "probes.jsonl";
    private const string Field = "checkpoint";

    /// <summary>Their names; lines that cannot be read name none.</summary>
    public static IReadOnlySet<CheckpointName> Of(IRunStorage storage, string root)
    {
        var names = new HashSet<CheckpointName>();
        var path = Path.Combine(root, JournalName);
        if (!storage.FileExists(path))
            return names;

        using var lines = new LineStream(storage.OpenRead(path));
        while (lines.TryNext(out var line, out _))
        {
            if (Named(line) is { } name)
                names.Add(name);
        }

        return names;
    }

    private static CheckpointName? Named(ReadOnlySpan<byte> line)
    {
        try
        {
            using var replay = JsonDocument.Parse(line.ToArray());
            return
                replay.RootElement.ValueKind == JsonValueKind.Object
                && replay.RootElement.TryGetProperty(Field, out var name)
                && name.ValueKind == JsonValueKind.String
                ? CheckpointName.TryParse(name.GetString()!)
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
