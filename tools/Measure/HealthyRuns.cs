using System.Diagnostics;
using System.Globalization;
using System.Text;
using SpeechGan.Diagnostics;
using SpeechGan.Tests.Regression.Diagnostics.Drawn;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tools.Measure;

/// <summary>False alarms (tools/healthy-runs): sound runs drawn from <see cref="DrawnRange"/>, and how many of them the diagnosis suspects
/// or convicts.</summary>
internal static class HealthyRuns
{
    private const double MostConfirmed = 0.01,
        MostSuspected = 0.03;

    /// <summary>Trains and judges this process's share; the last process writes the table.</summary>
    /// <param name="arguments">Number of runs, folder, seed of the draw, number of processes, and which of these this one is.</param>
    /// <returns>0: below the limits, or not all is done yet; 1: too many.</returns>
    public static int Run(string[] arguments)
    {
        var (count, root, seed, processes, mine) = (
            Arguments.Number(arguments, 0),
            arguments[1],
            Arguments.Number(arguments, 2),
            Arguments.Number(arguments, 3),
            Arguments.Number(arguments, 4)
        );
        Directory.CreateDirectory(root);
        var corpora = new DrawnCorpora(Path.Combine(root, "corpora"));
        Directory.CreateDirectory(Path.Combine(root, "corpora"));
        using var runs = new FaultRun();
        string Journal(int process) => Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"healthy-{seed}-{process}.jsonl"));
        var done = All(root, seed);
        for (var i = mine; i < count; i += processes)
        {
            if (done.Any(d => d.Number == i))
                continue;
            var clock = Stopwatch.StartNew();
            var drawn = DrawnRange.Draw("healthy", seed, i, corpora.RealPairs);
            var corpus = corpora.Folder(drawn.Corpus);
            // A finding is looked into: the run it was found in is kept.
            var kept = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"run-{seed}-{i}"));
            if (Directory.Exists(kept))
                Directory.Delete(kept, recursive: true);
            var record = runs.Of(AllFaults.Healthy, kept, corpus, drawn.Knobs);
            var line = DrawnVerdict.Of(drawn, null, [], Verdict.Of(record).Findings, null, clock.Elapsed);
            line.Append(Journal(mine));
            if (line.Named.Count == 0)
                Directory.Delete(kept, recursive: true);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line.Seconds, 5} s  {line.Run}: {(line.Named.Count == 0 ? "nothing" : string.Join(", ", line.Named))}"
                )
            );
        }
        List<DrawnVerdict> all = [.. All(root, seed).Where(d => d.Number < count)];
        if (all.Count < count)
            return 0; // another process has the rest
        File.WriteAllText(Path.Combine(root, "healthy.md"), Write(all));
        return
            all.Count(d => d.Confirmed > 0) < Math.Ceiling(MostConfirmed * count)
            && all.Count(d => d.Named.Count > 0) < Math.Ceiling(MostSuspected * count)
            ? 0
            : 1;
    }

    private static List<DrawnVerdict> All(string root, int seed) =>
        [
            .. Directory
                .GetFiles(root, string.Create(CultureInfo.InvariantCulture, $"healthy-{seed}-*.jsonl"))
                .SelectMany(DrawnVerdict.Read)
                .DistinctBy(d => d.Number)
                .OrderBy(d => d.Number),
        ];

    private static string Write(List<DrawnVerdict> all)
    {
        var text = new StringBuilder();
        int confirmed = all.Count(d => d.Confirmed > 0),
            named = all.Count(d => d.Named.Count > 0);
        text.Append(
            CultureInfo.InvariantCulture,
            $"Of {all.Count} healthy runs {confirmed} have a confirmed finding (95 % bound: below "
                + $"{100 * RateBound.Upper95(confirmed, all.Count):0.0} %)"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $" and {named} a confirmed or suspected one (below {100 * RateBound.Upper95(named, all.Count):0.0} %); "
                + $"{all.Sum(d => d.Seconds) / 60:0} minutes of one core.\n"
        );
        if (named == 0)
            return text.ToString();
        text.Append("\n| run | found | sentence |\n| --- | --- | --- |\n");
        foreach (var d in all.Where(d => d.Named.Count > 0))
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {d.Run} | {string.Join(", ", d.Named.Select((n, i) => n + (i < d.Confirmed ? "" : " (suspected)")))} | "
                    + $"{d.Sentences[0]} |\n"
            );
        return text.ToString();
    }
}
