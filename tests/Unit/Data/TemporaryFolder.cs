using SpeechGan.Dsp;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("speechgan-data-").FullName;

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    public string Write(string name, byte[] bytes)
    {
        string path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a clip of 16-bit noise that depends on its path and nothing else.</summary>
    public string WriteClip(string name, int samples, int rate = 16_000, int channels = 1) =>
        Write(
            name,
            new WavBytes
            {
                Rate = (uint)rate,
                Channels = channels,
                Data = WavBytes.Shorts(Shorts(name, samples * channels)),
            }.ToArray()
        );

    public void WritePair(string part, string name, int samples)
    {
        WriteClip($"{part}/clean/{name}.wav", samples);
        WriteClip($"{part}/noisy/{name}.wav", samples);
    }

    public static float[] Noise(string name, int samples) => [.. Shorts(name, samples).Select(s => s / 32768f)];

    private static short[] Shorts(string name, int samples)
    {
        ulong stream = CounterRandom.Stream(name);
        return [.. Enumerable.Range(0, samples).Select(i => (short)((int)(CounterRandom.Bits(1, stream, 0, i) >> 49) - 16384))];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
