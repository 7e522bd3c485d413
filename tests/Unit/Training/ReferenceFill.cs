using System.Text;
using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Training;

/// <summary>
/// Weights and inputs of the full-size reference case by formula (reference/README.md): a counter-based generator keyed by the
/// tensor's name, so that two megabytes of weights need no file.
/// </summary>
internal static class ReferenceFill
{
    private static readonly string Folder = Path.Combine(TestContext.CurrentContext.TestDirectory, "Training", "reference", "default");
    public static readonly JsonElement Manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "manifest.json"))).RootElement;
    public static readonly JsonElement Expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "expected.json"))).RootElement;

    /// <summary>64-bit FNV-1a of the name.</summary>
    public static ulong Hash(string name)
    {
        var h = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(name))
            h = (h ^ b) * 1099511628211UL;
        return h;
    }

    /// <summary>Value <paramref name="i"/> of the named sequence, in [-1, 1).</summary>
    public static double U(ulong hash, long i)
    {
        var z = hash + ((ulong)(i + 1) * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        return ((z >> 40) - (double)(1 << 23)) / (1 << 23);
    }

    /// <summary>Every tensor of model `g` or `d`, in the manifest's order.</summary>
    public static IReadOnlyDictionary<string, TensorEntry> Weights(string model)
    {
        var entries = new Dictionary<string, TensorEntry>();
        foreach (var t in Manifest.GetProperty(model).GetProperty("tensors").EnumerateArray())
        {
            var key = t.GetProperty("key").GetString()!;
            var shape = t.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64()).ToArray();
            entries[key] =
                t.GetProperty("dtype").GetString() == "I64"
                    ? new TensorEntry(TensorType.I64, shape, BitConverter.GetBytes((long)t.GetProperty("offset").GetDouble()))
                    : new TensorEntry(TensorType.F32, shape, Bytes(Values(model, key, t, shape.Aggregate(1L, (a, b) => a * b))));
        }
        return entries;
    }

    /// <summary>Clean and noisy clips, `[batch, samples]` row-major.</summary>
    public static (float[] Clean, float[] Noisy) Inputs(int batch, int samples)
    {
        float[] clean = new float[batch * samples],
            noisy = new float[batch * samples];
        for (var b = 0; b < batch; b++)
        {
            ulong cleanHash = Hash($"input.clean.{b}"),
                noiseHash = Hash($"input.noise.{b}");
            var p = 100 + (37 * b);
            for (var n = 0; n < samples; n++)
            {
                var triangle = ((double)Math.Abs((2 * (n % p)) - p) / p * 2) - 1;
                var envelope = Math.Abs((n % 4000) - 2000) / 2000.0;
                var c = (0.2 * envelope * triangle) + (0.01 * U(cleanHash, n));
                clean[(b * samples) + n] = (float)c;
                noisy[(b * samples) + n] = (float)(c + (0.05 * U(noiseHash, n)));
            }
        }
        return (clean, noisy);
    }

    private static float[] Values(string model, string key, JsonElement t, long count)
    {
        var hash = Hash($"{model}.{key}");
        double Number(string name) => t.TryGetProperty(name, out var v) ? v.GetDouble() : 0;
        double offset = Number("offset"),
            scale = Number("scale");
        var values = new float[count];
        switch (t.GetProperty("fill").GetString())
        {
            case "affine":
                for (var i = 0; i < count; i++)
                    values[i] = (float)(offset + (scale * U(hash, i)));
                break;
            case "const":
                Array.Fill(values, (float)offset);
                break;
            case "unit":
                double sum = 0;
                for (var i = 0; i < count; i++)
                    sum += U(hash, i) * U(hash, i);
                for (var i = 0; i < count; i++)
                    values[i] = (float)(U(hash, i) / Math.Sqrt(sum));
                break;
            case var other:
                throw new InvalidDataException($"The manifest's fill '{other}' of {key} is unknown.");
        }
        return values;
    }

    private static byte[] Bytes(float[] values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        Buffer.BlockCopy(values, 0, bytes, 0, bytes.Length);
        return bytes;
    }
}
