using System.Globalization;
using SpeechGan.Statistics;

namespace SpeechGan.Tools.Bench;

/// <summary>Compares the runs of tools/kernel-statistics in pairs, as Markdown. Usage: <c>kernel-statistics DIR SEEDS
/// [--control] [--values FILE]</c>.</summary>
internal static class KernelStatistics
{
    // Bonferroni: all measures of a comparison together raise a false alarm once in twenty comparisons at most.
    private const double FalseAlarm = 0.05;

    public static int Run(string[] arguments)
    {
        if (arguments is not [var folder, var count, .. var options] || !int.TryParse(count, out var seeds) || !Directory.Exists(folder))
        {
            Console.Error.WriteLine("kernel-statistics: give the folder that tools/kernel-statistics made, and how many seeds.");
            return 2;
        }
        var file = Array.IndexOf(options, "--values") is var at and >= 0 && at + 1 < options.Length ? options[at + 1] : null;
        KernelValues values;
        try
        {
            values = KernelValues.Of(folder, file);
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine("kernel-statistics: " + e.Message);
            return 2;
        }
        if (file is not null)
            values.Save(file);
        var mine = Enumerable.Range(1, seeds).Select(s => new Pair(s, values.Find("fused", s), values.Find("operators", s))).ToList();
        var differs = Compare("fused kernels", "operators, same seeds", mine);
        var complete = mine.All(p => p.IsComplete);
        if (options.Contains("--control"))
        {
            var control = mine.Select(p => p with { First = values.Find("operators", seeds + p.Seed) }).ToList();
            Compare("operators, other seeds", "operators (control: nothing but chance differs)", control);
            complete &= control.All(p => p.IsComplete);
        }
        if (complete)
            return differs ? 1 : 0;
        Console.WriteLine("\nNot all runs are complete: start tools/kernel-statistics again with the same arguments.");
        return 3;
    }

    private static bool Compare(string first, string second, IReadOnlyList<Pair> all)
    {
        var pairs = all.Where(p => p.IsComplete).ToList();
        Console.WriteLine($"\n{first} against {second}: {pairs.Count} of {all.Count} pairs are complete.\n");
        if (pairs.Count == 0)
            return false;
        Console.WriteLine($"| at the end | {first} | {second} | difference (95 % interval) | p, two-sided | verdict |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        var found = false;
        foreach (var (i, name) in KernelValues.Names.Index())
        {
            var values = pairs
                .Select(p => (A: p.First![i], B: p.Second![i]))
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
            var alarm = p <= FalseAlarm / KernelValues.Names.Count;
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
                $"\nDifferent is what has p <= {FalseAlarm / KernelValues.Names.Count} (sign flips of the pairs' differences): where "
                    + $"nothing differs, one comparison of {KernelValues.Names.Count} measures in {1 / FalseAlarm} says so."
            )
        );
        Console.WriteLine($"\n| seed | {string.Join(" | ", KernelValues.Names)} |");
        Console.WriteLine($"| --- {string.Concat(KernelValues.Names.Select(_ => "| --- "))}|");
        foreach (var (seed, a, b) in pairs)
            Console.WriteLine($"| {seed} | {string.Join(" | ", a!.Zip(b!, (x, y) => $"{Or(x)} / {Or(y)}"))} |");
        return found;
    }

    private static string Or(double? value) => value is { } v ? F(v) : "not measured";

    private static string F(double value, bool signed = false) =>
        (Math.Round(value, 4) + 0.0).ToString(signed ? "+0.0000;-0.0000;0.0000" : "0.0000", CultureInfo.InvariantCulture);

    private sealed record Pair(int Seed, double?[]? First, double?[]? Second)
    {
        public bool IsComplete => First is not null && Second is not null;
    }
}
