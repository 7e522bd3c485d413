using System.Text;
using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Goldens;
using SpeechGan.Import;
using SpeechGan.Runs;

namespace SpeechGan.Tools.Fuzz;

/// <summary>One entry that is given bytes of any kind: it takes them or refuses them by the exception that its callers know; anything else
/// is a find.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Run">Takes the bytes; true where they were sound.</param>
/// <param name="Seeds">Sound inputs to begin with.</param>
internal sealed record Target(string Name, Func<byte[], bool> Run, Func<string, IEnumerable<byte[]>> Seeds)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Target> All { get; } =
    [
        new("wav", Audio, repository => Files(repository, "tests/Unit/Data/cases", "*.wav", 700)),
        new("aiff", Audio, _ => AiffSeeds.All()),
        new("safetensors", Refused<SafetensorsException>(bytes => Safetensors.Parse(bytes, "fuzz")), _ => [Weights()]),
        new("config", Refused<ConfigException>(bytes => RunConfig.Parse(Encoding.UTF8.GetString(bytes), "fuzz")), _ =>
            [Encoding.UTF8.GetBytes(new RunConfig().ToJson()), "{\"train\":{\"epochs\":3}}"u8.ToArray()]
        ),
        new("golden", Refused<GoldenException>(bytes => GoldenText.Parse(Encoding.UTF8.GetString(bytes), "fuzz")), repository =>
            Files(repository, "golden/trajectories", "gan-*.verified.txt", 6000)
        ),
        .. new[]
        {
            ("a.log", SourceKind.Cmgan),
            ("a.csv", SourceKind.Csv),
            ("a.jsonl", SourceKind.Jsonl),
            ("a.tfevents", SourceKind.TensorBoard),
            ("steps.rank0.jsonl", SourceKind.Record),
        }.Select(t => new Target(
            "import-" + t.Item2,
            Refused<ImportException>(b =>
                Importer.Read(new SourceFiles(t.Item1, [(t.Item1, t.Item1, b)], IsFolder: false), t.Item2, [], null)
            ),
            _ => ImportSeeds.Of(t.Item2)
        )),
        new("record", Record, repository => Files(repository, "tools/Fuzz/seeds", "*.jsonl", 8000)),
    ];

    private static bool Audio(byte[] bytes) => Refused<AudioFileException>(b => WavFile.Read(new MemoryStream(b), "fuzz"))(bytes);

    // A line that cannot be read is left out and named; nothing is thrown.
    private static bool Record(byte[] bytes)
    {
        var problems = new List<string>();
        var read =
            JsonLines.Read<StepTelemetry>(bytes, "fuzz", problems).Count
            + JsonLines.Read<EpochTelemetry>(bytes, "fuzz", problems).Count
            + JsonLines.Read<UtteranceEvaluation>(bytes, "fuzz", problems).Count;
        return read > 0;
    }

    private static Func<byte[], bool> Refused<T>(Action<byte[]> read)
        where T : Exception =>
        bytes =>
        {
            try
            {
                read(bytes);
                return true;
            }
            catch (T refusal)
            {
                return refusal.Message.Length > 0 ? false : throw new InvalidOperationException("It was refused without a word.", refusal);
            }
        };

    private static IEnumerable<byte[]> Files(string repository, string folder, string pattern, int most) =>
        Directory
            .GetFiles(Path.Combine(repository, folder), pattern)
            .Order(StringComparer.Ordinal)
            .Select(f => File.ReadAllBytes(f))
            .Select(b => b[..Math.Min(b.Length, most)]);

    private static byte[] Weights() =>
        Safetensors.Write(
            new Dictionary<string, TensorEntry>
            {
                ["a.weight"] = TensorEntry.Of([1f, 2, 3, 4, 5, 6], 2, 3),
                ["b"] = TensorEntry.Of([0.5f], 1),
            },
            new Dictionary<string, string> { ["format"] = "pt" }
        );
}
