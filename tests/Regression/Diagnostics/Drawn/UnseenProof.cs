using System.Globalization;
using System.Text;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tests.Regression.Diagnostics.Drawn;

/// <summary>
/// The proof on runs that nobody looked at (tools/diagnosis-proof --unseen): corpora, networks, batch sizes, rates, lengths, seeds and
/// faults drawn from <see cref="DrawnRange"/>, beside the suite's own runs,
/// on which the thresholds were set. SPEECHGAN_UNSEEN has number of runs, folder, seed of the draw, number of processes, which of these
/// this one is, and <c>seen</c> or <c>unseen</c>.
/// </summary>
public sealed class UnseenProof
{
    [Test]
    public void Both_halves_are_measured()
    {
        if (Environment.GetEnvironmentVariable("SPEECHGAN_UNSEEN") is not { Length: > 0 } asked)
        {
            Assert.Ignore("a measurement, not a test: run tools/diagnosis-proof --unseen N");
            return;
        }
        var words = asked.Split(' ');
        var (count, root, seed, processes, mine, half) = (
            Number(words[0]),
            words[1],
            Number(words[2]),
            Number(words[3]),
            Number(words[4]),
            words[5]
        );
        Directory.CreateDirectory(Path.Combine(root, "corpora"));
        var corpora = new DrawnCorpora(Path.Combine(root, "corpora"));
        using var runs = new FaultRun();
        var done = Read(root, half, seed);
        for (var i = mine; i < count; i += processes)
        {
            if (done.Any(d => d.Number == i))
                continue;
            var fault = DrawnFault.Draw(seed, i);
            // The suite's own runs differ by their seed alone.
            var drawn =
                half == "seen"
                    ? new DrawnRun(i, "1", [.. FaultRun.Small, DrawnRun.Trained, $"seed={1 + (i / 2)}"])
                    : DrawnRange.Draw("unseen", seed, i, corpora.RealPairs);
            var folder = Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{half}-{seed}-{i}"));
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
            var line = DrawnFault.Of(runs, fault, drawn, corpora, folder);
            line.Append(Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{half}-{seed}-{mine}.jsonl")));
            if (fault.Causes.Length == 0 ? line.Named.Count == 0 : line.IsFirst)
                Directory.Delete(folder, recursive: true);
            TestContext.Progress.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line.Seconds, 5} s  {fault.Name}; {line.Run}: {(line.Named.Count == 0 ? "nothing" : string.Join(", ", line.Named))}"
                )
            );
        }
        File.WriteAllText(
            Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"halves-{seed}.md")),
            Write(Read(root, "seen", seed), Read(root, "unseen", seed))
        );

        static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
    }

    [Test]
    public void A_fault_is_drawn_for_every_second_run_and_each_comes_once_before_one_comes_twice()
    {
        List<Fault> drawn = [.. Enumerable.Range(0, 2 * AllFaults.InOrder.Count).Select(i => DrawnFault.Draw(7, i))];
        drawn.Where((_, i) => i % 2 == 1).Should().OnlyContain(f => f.Causes.Length == 0);
        drawn.Where((_, i) => i % 2 == 0).Select(f => f.Name).Should().BeEquivalentTo(AllFaults.InOrder.Select(f => f.Name));
        drawn
            .Select(f => f.Name)
            .Should()
            .NotEqual(Enumerable.Range(0, drawn.Count).Select(i => DrawnFault.Draw(8, i).Name), "another seed draws another order");
    }

    private static List<DrawnVerdict> Read(string root, string half, int seed) =>
        [
            .. Directory
                .GetFiles(root, string.Create(CultureInfo.InvariantCulture, $"{half}-{seed}-*.jsonl"))
                .SelectMany(DrawnVerdict.Read)
                .DistinctBy(d => d.Number)
                .OrderBy(d => d.Number),
        ];

    private static string Write(List<DrawnVerdict> seen, List<DrawnVerdict> unseen)
    {
        var text = new StringBuilder("| | seen | unseen |\n| --- | --- | --- |\n");
        Row("faulty runs", h => $"{Faulty(h).Count}");
        Row("sound runs", h => $"{Sound(h).Count}");
        Row("right cause first", h => Share(Faulty(h), d => d.IsFirst));
        Row("right cause named at all", h => Share(Faulty(h), d => d.IsNamed));
        Row("something named (detected)", h => Share(Faulty(h), d => d.Named.Count > 0));
        Row("sound runs left alone", h => Share(Sound(h), d => d.Named.Count == 0));
        Row("balanced accuracy (of detection)", h =>
            Faulty(h).Count == 0 || Sound(h).Count == 0
                ? "not measured"
                : Say($"{(Of(Faulty(h), d => d.Named.Count > 0) + Of(Sound(h), d => d.Named.Count == 0)) / 2:0.000}")
        );
        Row("first seen: before the first step / in the first epoch / later / never", h =>
        {
            var when = Faulty(h).Select(d => d.FirstSeen).ToList();
            return $"{when.Count(w => w == 0)} / {when.Count(w => w is > 0 and <= 12)} / {when.Count(w => w > 12)} / "
                + $"{when.Count(w => w is null)}";
        });
        text.Append(
            "\nWhat was not named first, and what was named in sound runs:\n\n| half | fault | run | named |\n| --- | --- | --- | --- |\n"
        );
        foreach (
            var (half, d) in seen.Select(d => ("seen", d))
                .Concat(unseen.Select(d => ("unseen", d)))
                .Where(x => x.d.Fault is null ? x.d.Named.Count > 0 : !x.d.IsFirst)
        )
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {half} | {d.Fault ?? "none"} | {d.Run} | "
                    + $"{(d.Named.Count == 0 ? "nothing" : string.Join(", ", d.Named.Select((n, i) => n + (i < d.Confirmed ? "" : " (suspected)"))))} |\n"
            );
        return text.ToString();

        void Row(string name, Func<List<DrawnVerdict>, string> of) =>
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {of(seen)} | {of(unseen)} |\n");
        static List<DrawnVerdict> Faulty(List<DrawnVerdict> half) => [.. half.Where(d => d.Fault is not null)];
        static List<DrawnVerdict> Sound(List<DrawnVerdict> half) => [.. half.Where(d => d.Fault is null)];
        static double Of(List<DrawnVerdict> of, Func<DrawnVerdict, bool> what) => (double)of.Count(what) / of.Count;
        static string Share(List<DrawnVerdict> of, Func<DrawnVerdict, bool> what) =>
            of.Count == 0 ? "not measured" : Say($"{of.Count(what)} of {of.Count} ({100 * Of(of, what):0.0} %)");
        static string Say(string t) => t;
    }
}
