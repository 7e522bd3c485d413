using System.Globalization;
using System.Text.Json;
using SpeechGan.Runs;
using SpeechGan.Statistics;

namespace SpeechGan.Tools.Bench;

/// <summary>Puts the runs of tools/case-study side by side, as Markdown: courses, scores, what the diagnosis said, and differences in
/// pairs.</summary>
internal static class CaseStudy
{
    private static readonly (string Arm, string Against, string What)[] Comparisons =
    [
        ("upstream", "sound", "the published trainer's faults"),
        ("silence-dropped", "silence-masked", "a quarter silent: batches dropped instead of samples masked"),
        ("gan-0", "sound", "the GAN term off"),
        ("gan-0.2", "sound", "the GAN term at 0.2 instead of 0.05"),
    ];

    /// <summary>Runs it.</summary>
    /// <param name="arguments">The folder of the runs.</param>
    public static int Run(string[] arguments)
    {
        if (arguments is not [var folder] || !Directory.Exists(folder))
        {
            Console.Error.WriteLine("case-study: give the folder that tools/case-study made.");
            return 2;
        }
        Trial[] trials =
        [
            .. Directory
                .GetDirectories(folder, "*-seed-*")
                .Order(StringComparer.Ordinal)
                .Where(d => File.Exists(Path.Combine(d, "run.json")))
                .Select(Trial.Read),
        ];
        Console.WriteLine(
            "| way | seed | loss, first to last epoch | valid PESQ: first, best (epoch), last | training rate | GAN share | test PESQ, "
                + "best / last | real PESQ, best / last | the diagnosis |"
        );
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var t in trials)
            Console.WriteLine(t.Row());
        foreach (var set in new[] { "test", "real" })
        {
            if (!trials.Any(t => t.Scores.ContainsKey($"{set}-last")))
                continue;
            Console.WriteLine(
                $"\nLast epoch, {(set == "test" ? "bundled test part" : "real recordings")}, in pairs (an utterance is the mean of its "
                    + $"seeds); noisy: mean PESQ {F(trials.First(t => t.Scores.ContainsKey($"{set}-last")).Noisy[$"{set}-last"], "F3")}:\n"
            );
            Console.WriteLine("| what differs | PESQ, mean (95 % interval) | by seed | SI-SDR, dB (95 % interval) | by seed |");
            Console.WriteLine("| --- | --- | --- | --- | --- |");
            foreach (var (arm, against, what) in Comparisons)
                Console.WriteLine(
                    $"| {what} (`{arm}` against `{against}`) | {Difference(arm, against, "pesq_wb")} | "
                        + $"{Difference(arm, against, "si_sdr")} |"
                );

            string Difference(string arm, string against, string metric)
            {
                var seeds = trials
                    .Where(t => t.Arm == arm && t.Scores.ContainsKey($"{set}-last"))
                    .Select(t => (With: t, Without: trials.FirstOrDefault(o => o.Arm == against && o.Seed == t.Seed)))
                    .Where(p => p.Without?.Scores.ContainsKey($"{set}-last") == true)
                    .ToList();
                if (seeds.Count == 0)
                    return "not measured | ";
                var names = seeds[0]
                    .With.Scores[$"{set}-last"]
                    .Keys.Where(n => seeds.All(s => s.With.Of(set, n, metric) is not null && s.Without!.Of(set, n, metric) is not null))
                    .ToList();
                double[] changes =
                [
                    .. names.Select(n => seeds.Average(s => s.With.Of(set, n, metric)!.Value - s.Without!.Of(set, n, metric)!.Value)),
                ];
                var estimate = Bootstrap.Estimate(changes, 1);
                return $"{F(estimate.Mean, "+0.000;-0.000")}"
                    + $"{(estimate.Low is { } low ? $" ({F(low, "+0.000;-0.000")} to {F(estimate.High!.Value, "+0.000;-0.000")})" : "")} | "
                    + string.Join(
                        ", ",
                        seeds.Select(s =>
                            F(names.Average(n => s.With.Of(set, n, metric)!.Value - s.Without!.Of(set, n, metric)!.Value), "+0.00;-0.00")
                        )
                    );
            }
        }
        return 0;
    }

    // Rounded first: what is nearly zero would else be written with both signs.
    private static string F(double value, string format) => (Math.Round(value, 3) + 0.0).ToString(format, CultureInfo.InvariantCulture);

    /// <summary>One run with its evaluations.</summary>
    private sealed record Trial(
        string Arm,
        long Seed,
        RunRecord Run,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>> Scores,
        IReadOnlyDictionary<string, double> Noisy,
        string Diagnosis
    )
    {
        public double? Of(string set, string name, string metric) =>
            Scores[$"{set}-last"].TryGetValue(name, out var values) && values.TryGetValue(metric, out var value) ? value : null;

        public static Trial Read(string folder)
        {
            var name = Path.GetFileName(folder);
            var run = RunRecord.Load(folder);
            var scores = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>>();
            var noisy = new Dictionary<string, double>();
            foreach (var which in new[] { "test-best", "test-last", "real-best", "real-last" })
            {
                if (!File.Exists($"{folder}.{which}.json"))
                    continue;
                using var json = JsonDocument.Parse(File.ReadAllText($"{folder}.{which}.json"));
                scores[which] = json
                    .RootElement.GetProperty("utterances")
                    .EnumerateArray()
                    .ToDictionary(
                        u => u.GetProperty("name").GetString()!,
                        u =>
                            (IReadOnlyDictionary<string, double>)
                                u.GetProperty("metrics").EnumerateObject().ToDictionary(m => m.Name, m => m.Value.GetDouble())
                    );
                noisy[which] = json.RootElement.GetProperty("noisyMean").GetProperty("mean").GetProperty("noisy_pesq_wb").GetDouble();
            }
            var diagnosis = "not diagnosed";
            if (File.Exists($"{folder}.verdict.json") && new FileInfo($"{folder}.verdict.json").Length > 0)
            {
                using var json = JsonDocument.Parse(File.ReadAllText($"{folder}.verdict.json"));
                string Named(string outcome) =>
                    string.Join(
                        ", ",
                        json.RootElement.GetProperty("findings")
                            .EnumerateArray()
                            .Where(f => f.GetProperty("outcome").GetString() == outcome)
                            .Select(f => $"`{f.GetProperty("id").GetString()}`")
                    );
                diagnosis =
                    $"{(Named("confirmed") is { Length: > 0 } confirmed ? confirmed : "nothing confirmed")}"
                    + $"{(Named("suspected") is { Length: > 0 } suspected ? $"; suspected {suspected}" : "")}";
            }
            return new Trial(
                name[..name.LastIndexOf("-seed-", StringComparison.Ordinal)],
                run.Info.Seed!.Value,
                run,
                scores,
                noisy,
                diagnosis
            );
        }

        public string Row()
        {
            var valid = Run
                .Epochs.Where(e => e.Validation?.Mean.ContainsKey("pesq_wb") == true)
                .Select(e => (e.Epoch, Pesq: e.Validation!.Mean["pesq_wb"]))
                .ToList();
            var best = valid.Count == 0 ? default : valid.MaxBy(v => v.Pesq);
            var half = Run.Steps.Skip(Run.Steps.Count / 2).Select(s => s.GradientNorm).Where(g => g?.Gan is not null).ToList();
            var share =
                half.Count == 0
                    ? "no GAN term"
                    : F(100 * half.Average(g => g!.Gan!.Value / (g.Gan.Value + (g.Ri ?? 0) + (g.Magnitude ?? 0) + (g.Time ?? 0))), "F0")
                        + " %";
            int seen = Run.Epochs.Sum(e => e.BatchesSeen ?? 0),
                stepped = Run.Epochs.Sum(e => e.BatchesStepped ?? 0);
            return $"| {Arm} | {Seed} | {F(Run.Epochs[0].Loss.Total ?? double.NaN, "F3")} to "
                + $"{F(Run.Epochs[^1].Loss.Total ?? double.NaN, "F3")} | "
                + (
                    valid.Count == 0
                        ? "not validated"
                        : $"{F(valid[0].Pesq, "F2")}, {F(best.Pesq, "F2")} ({best.Epoch}), {F(valid[^1].Pesq, "F2")}"
                )
                + $" | {(Run.Config is { HasDiscriminator: false } ? "no discriminator" : $"{stepped} of {seen}")} | {share} | "
                + $"{Mean("test")} | {Mean("real")} | {Diagnosis} |";
        }

        private string Mean(string set) =>
            Scores.TryGetValue($"{set}-best", out var best) && Scores.TryGetValue($"{set}-last", out var last)
                ? $"{F(best.Values.Average(v => v["pesq_wb"]), "F2")} / {F(last.Values.Average(v => v["pesq_wb"]), "F2")}"
                : "not scored";
    }
}
