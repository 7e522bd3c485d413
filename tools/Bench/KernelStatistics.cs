using System.Globalization;
using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Tools.Bench;

/// <summary>Compares the runs of tools/kernel-statistics in pairs, as Markdown. Usage: <c>kernel-statistics DIR SEEDS
/// [--control]</c>.</summary>
internal static class KernelStatistics
{
    // What the issue of two kernels is judged by; each is read at a run's end.
    private static readonly (string Name, Func<RunRecord, double?> Of)[] Measures =
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

    // Bonferroni: all measures of a comparison together raise a false alarm once in twenty comparisons at most.
    private const double FalseAlarm = 0.05;

    public static int Run(string[] arguments)
    {
        if (arguments is not [var folder, var count, ..] || !int.TryParse(count, out var seeds) || !Directory.Exists(folder))
        {
            Console.Error.WriteLine("kernel-statistics: give the folder that tools/kernel-statistics made, and how many seeds.");
            return 2;
        }
        var runs = Directory
            .GetDirectories(folder, "*-seed-*")
            .Where(d => File.Exists(Path.Combine(d, "run.json")))
            .Select(d => RunRecord.Load(d))
            .Where(r => r.Info.Status == RunStatus.Completed)
            .ToDictionary(r => Path.GetFileName(r.Root));
        var mine = Enumerable
            .Range(1, seeds)
            .Select(s => (Seed: s, First: runs.GetValueOrDefault($"fused-seed-{s}"), Second: runs.GetValueOrDefault($"operators-seed-{s}")))
            .ToList();
        var differs = Compare("fused kernels", "operators, same seeds", mine);
        var complete = mine.All(p => p is { First: not null, Second: not null });
        if (arguments.Contains("--control"))
        {
            var control = mine.Select(p => (p.Seed, First: runs.GetValueOrDefault($"operators-seed-{seeds + p.Seed}"), p.Second)).ToList();
            Compare("operators, other seeds", "operators (control: nothing but chance differs)", control);
            complete &= control.All(p => p.First is not null);
        }
        if (complete)
            return differs ? 1 : 0;
        Console.WriteLine("\nNot all runs are complete: start tools/kernel-statistics again with the same arguments.");
        return 3;
    }

    private static bool Compare(string first, string second, IReadOnlyList<(int Seed, RunRecord? First, RunRecord? Second)> all)
    {
        var pairs = all.Where(p => p is { First: not null, Second: not null }).ToList();
        Console.WriteLine($"\n{first} against {second}: {pairs.Count} of {all.Count} pairs are complete.\n");
        if (pairs.Count == 0)
            return false;
        Console.WriteLine($"| at the end | {first} | {second} | difference (95 % interval) | p, two-sided | verdict |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        var found = false;
        foreach (var (name, of) in Measures)
        {
            var values = pairs
                .Select(p => (A: of(p.First!), B: of(p.Second!)))
                .Where(v => v is { A: not null, B: not null })
                .Select(v => (A: v.A!.Value, B: v.B!.Value))
                .ToList();
            if (values.Count == 0)
            {
                Console.WriteLine($"| {name} | not measured | | | | |");
                continue;
            }
            double[] differences = [.. values.Select(v => v.A - v.B)];
            var estimate = Bootstrap.Estimate(differences, seed: 1);
            // The sign-flip test looks for a drop: asked both ways, the smaller answer counts twice.
            double? down = PairedDrop.Of(differences, 0).PValue,
                up = PairedDrop.Of([.. differences.Select(d => -d)], 0).PValue;
            double? p = down is { } a && up is { } b ? Math.Min(1, 2 * Math.Min(a, b)) : null;
            var alarm = p <= FalseAlarm / Measures.Length;
            found |= alarm;
            var interval = estimate.Low is { } low ? $" ({F(low, true)} to {F(estimate.High!.Value, true)})" : $" ({estimate.NoInterval})";
            Console.WriteLine(
                $"| {name} | {F(values.Average(v => v.A))} | {F(values.Average(v => v.B))} | {F(estimate.Mean, true)}{interval} | "
                    + $"{p?.ToString("G3", CultureInfo.InvariantCulture) ?? "too few pairs"} | "
                    + $"{(p is null ? "not judged" : alarm ? "DIFFERENT" : "no difference")} |"
            );
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\nDifferent is what has p <= {FalseAlarm / Measures.Length} (sign flips of the pairs' differences): where nothing "
                    + $"differs, one comparison of {Measures.Length} measures in {1 / FalseAlarm} says so."
            )
        );
        Console.WriteLine($"\n| seed | {string.Join(" | ", Measures.Select(m => m.Name))} |");
        Console.WriteLine($"| --- {string.Concat(Measures.Select(_ => "| --- "))}|");
        foreach (var (seed, a, b) in pairs)
            Console.WriteLine($"| {seed} | {string.Join(" | ", Measures.Select(m => $"{Or(m.Of(a!))} / {Or(m.Of(b!))}"))} |");
        return found;
    }

    private static double? Mean(IEnumerable<double?> values) =>
        values.ToList() is { Count: > 0 } all && all.All(v => v is not null) ? all.Average() : null;

    private static string Or(double? value) => value is { } v ? F(v) : "not measured";

    private static string F(double value, bool signed = false) =>
        (Math.Round(value, 4) + 0.0).ToString(signed ? "+0.0000;-0.0000;0.0000" : "0.0000", CultureInfo.InvariantCulture);
}
