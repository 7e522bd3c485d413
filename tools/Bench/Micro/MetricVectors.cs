using System.Text.Json;
using SpeechGan.Data;

namespace SpeechGan.Tools.Bench.Micro;

/// <summary>A clean signal and a version of it at 16 kHz.</summary>
internal sealed record VectorPair(float[] Clean, float[] Enhanced);

/// <summary>The pairs of the metrics' tests, or those of the folder that SPEECHGAN_VECTORS names.</summary>
internal static class MetricVectors
{
    public const int Rate = 16000;

    /// <summary>Those that have a wide-band score: an error would be cheap.</summary>
    public static IReadOnlyList<VectorPair> Load()
    {
        var folder = Environment.GetEnvironmentVariable("SPEECHGAN_VECTORS") is { Length: > 0 } given
            ? given
            : "tests/Unit/Metrics/vectors";
        var scores = Path.Combine(folder, "scores.json");
        if (!File.Exists(scores))
            throw new FileNotFoundException(
                $"{scores} does not exist. Run this from the repository's root, or set SPEECHGAN_VECTORS to a folder of metric vectors."
            );
        using var document = JsonDocument.Parse(File.ReadAllText(scores));
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Where(e => e.TryGetProperty("wb", out var wb) && wb.ValueKind == JsonValueKind.Number)
                .Select(e =>
                {
                    var id = e.TryGetProperty("id", out var i) ? i.GetString() : null;
                    return new VectorPair(
                        Read(e.TryGetProperty("ref", out var r) ? r.GetString()! : id + "_ref.wav"),
                        Read(e.TryGetProperty("deg", out var d) ? d.GetString()! : id + "_deg.wav")
                    );
                }),
        ];

        float[] Read(string name) => AudioFile.Read(Path.Combine(folder, name)).Mono(ChannelPolicy.Refuse);
    }
}
