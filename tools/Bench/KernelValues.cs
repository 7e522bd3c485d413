using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Tools.Bench;

/// <summary>What the runs of tools/kernel-statistics ended with: from run folders, and from a file that outlives them.</summary>
internal sealed class KernelValues
{
    // What the issue of two kernels is judged by; each is read at a run's end.
    private static readonly (string Name, Func<RunRecord, double?> Of)[] Read =
    [
        ("D's loss", r => r.Epochs[^1].DiscriminatorLoss),
        ("D's correlation with PESQ", r => r.Epochs[^1].DiscriminatorCorrelation),
        ("G's loss", r => r.Epochs[^1].Loss.Total),
        ("valid PESQ", r => r.Epochs[^1].Validation?.Mean.TryGetValue("pesq_wb", out var pesq) == true ? pesq : null),
        ("test PESQ", r =>
            Mean(
                r.Evaluations.Where(e => e.Split == "test" && e.Epoch > 0)
                    .Select(e => e.Metrics.TryGetValue("pesq_wb", out var pesq) ? pesq : (double?)null)
            )
        ),
    ];

    private readonly SortedDictionary<(string Kernels, int Seed), double?[]> runs = [];

    /// <summary>Names of the measures, in the order of their values.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Read.Select(r => r.Name)];

    private static string Head => $"kernels,seed,{string.Join(',', Names)}";

    /// <summary>Reads what is known.</summary>
    /// <param name="folder">Run folders named KERNELS-seed-S; those that are not complete are left out.</param>
    /// <param name="file">What is known of runs whose folders may be gone; null or not there: nothing.</param>
    /// <exception cref="FormatException">The file is not one of these.</exception>
    public static KernelValues Of(string folder, string? file)
    {
        var values = new KernelValues();
        if (file is not null && File.Exists(file))
            values.Add(File.ReadAllLines(file), file);
        foreach (var run in Directory.GetDirectories(folder, "*-seed-*").Where(d => File.Exists(Path.Combine(d, "run.json"))))
        {
            var record = RunRecord.Load(run);
            if (record.Info.Status == RunStatus.Completed && Path.GetFileName(run).Split("-seed-") is [var kernels, var seed])
                values.runs[(kernels, int.Parse(seed, CultureInfo.InvariantCulture))] = [.. Read.Select(r => r.Of(record))];
        }
        return values;
    }

    /// <summary>Values of a run in the order of <see cref="Names"/>; null where it is not known.</summary>
    public double?[]? Find(string kernels, int seed) => runs.GetValueOrDefault((kernels, seed));

    /// <summary>Writes all aside and renames.</summary>
    public void Save(string file)
    {
        var aside = file + ".tmp";
        File.WriteAllLines(
            aside,
            [
                Head,
                .. runs.Select(r =>
                    $"{r.Key.Kernels},{r.Key.Seed},{string.Join(',', r.Value.Select(v => v?.ToString("R", CultureInfo.InvariantCulture)))}"
                ),
            ]
        );
        File.Move(aside, file, overwrite: true);
    }

    private void Add(string[] lines, string file)
    {
        if (lines is not [var head, ..] || head != Head)
            throw new FormatException(
                $"{file} is not a file of these values: it begins with \"{lines.FirstOrDefault()}\" where \"{Head}\" is expected."
            );
        foreach (var (number, line) in lines.Index().Skip(1))
        {
            var words = line.Split(',');
            if (words.Length != 2 + Read.Length || !int.TryParse(words[1], out var seed))
                throw new FormatException($"{file}, line {number + 1}: {words.Length} fields where {2 + Read.Length} are expected.");
            runs[(words[0], seed)] =
            [
                .. words[2..].Select(w => w.Length == 0 ? (double?)null : double.Parse(w, CultureInfo.InvariantCulture)),
            ];
        }
    }

    private static double? Mean(IEnumerable<double?> values) =>
        values.ToList() is { Count: > 0 } all && all.All(v => v is not null) ? all.Average() : null;
}
