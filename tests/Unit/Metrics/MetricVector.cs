using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SpeechGan.Tests.Unit.Metrics;

/// <summary>A pair of signals with the values that every metric should give (`vectors/README.md`).</summary>
public sealed record MetricVector(
    string Name,
    string Ref,
    string Deg,
    int Rate,
    JsonElement? Nb,
    JsonElement? Wb,
    int? Tile,
    Injection? Inject,
    double? Ssnr,
    double? Wss,
    double? Llr,
    double? Csig,
    double? Cbak,
    double? Covl,
    double? Stoi,
    double? Sisdr,
    [property: JsonPropertyName("sisdr_zm")] double? SisdrZeroMean
)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static string Folder { get; } = Path.Combine(TestContext.CurrentContext.TestDirectory, "Metrics", "vectors");

    public static IReadOnlyList<MetricVector> All { get; } =
        JsonSerializer.Deserialize<List<MetricVector>>(File.ReadAllText(Path.Combine(Folder, "scores.json")), Web)!;

    public static MetricVector Named(string name) => All.Single(v => v.Name == name);

    public float[] Clean() => Signal(Ref, "ref");

    public float[] Enhanced() => Signal(Deg, "deg");

    public static short[] ReadWav(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int at = 12;
        while (System.Text.Encoding.ASCII.GetString(bytes, at, 4) != "data")
            at += 8 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
        int count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4)) / 2;
        var samples = new short[count];
        for (int i = 0; i < count; i++)
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at + 8 + 2 * i));
        return samples;
    }

    public static float[] ReadFloats(string path) => [.. ReadWav(path).Select(s => s / 32768f)];

    public override string ToString() => Name;

    private float[] Signal(string file, string which)
    {
        float[] once = ReadFloats(Path.Combine(Folder, file));
        var samples = new float[once.Length * (Tile ?? 1)];
        for (int i = 0; i < samples.Length; i += once.Length)
            once.CopyTo(samples, i);
        if (Inject is { } x && x.Signal == which)
            samples[x.Index] = x.Value == "NaN" ? float.NaN : float.PositiveInfinity;
        return samples;
    }
}

/// <summary>A sample to be replaced.</summary>
public sealed record Injection(string Signal, int Index, string Value);
