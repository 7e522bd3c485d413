using System.Diagnostics;
using System.Globalization;
using System.Text;
using SpeechGan.Diagnostics;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tests.Regression.Diagnostics.Drawn;

/// <summary>
/// False alarms (tools/healthy-runs): sound runs drawn from <see cref="DrawnRange"/>, and how many of them the diagnosis suspects or
/// convicts. SPEECHGAN_HEALTHY has number of runs, folder, seed of the draw, number of processes, and which of these this one is: <c>100
/// /runs/healthy 1 2 0</c>.
/// </summary>
public sealed class HealthyRuns
{
    private const double MostConfirmed = 0.01,
        MostSuspected = 0.03;

    [Test]
    public void Healthy_runs_are_left_alone()
    {
        if (Environment.GetEnvironmentVariable("SPEECHGAN_HEALTHY") is not { Length: > 0 } asked)
        {
            Assert.Ignore("a measurement, not a test: run tools/healthy-runs");
            return;
        }
        var words = asked.Split(' ');
        var (count, root, seed, processes, mine) = (Number(words[0]), words[1], Number(words[2]), Number(words[3]), Number(words[4]));
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
            TestContext.Progress.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line.Seconds, 5} s  {line.Run}: {(line.Named.Count == 0 ? "nothing" : string.Join(", ", line.Named))}"
                )
            );
        }
        List<DrawnVerdict> all = [.. All(root, seed).Where(d => d.Number < count)];
        if (all.Count < count)
            return; // another process has the rest
        var text = Write(all);
        File.WriteAllText(Path.Combine(root, "healthy.md"), text);
        TestContext.Progress.WriteLine(text);
        all.Count(d => d.Confirmed > 0).Should().BeLessThan((int)Math.Ceiling(MostConfirmed * count));
        all.Count(d => d.Named.Count > 0).Should().BeLessThan((int)Math.Ceiling(MostSuspected * count));

        static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
    }

    [TestCase(0, 300, 0.0099)]
    [TestCase(3, 300, 0.0256)]
    [TestCase(5, 10, 0.7776)]
    public void The_upper_bound_is_the_tabled_one(int count, int of, double upper) =>
        RateBound.Upper95(count, of).Should().BeApproximately(upper, 1e-4);

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
