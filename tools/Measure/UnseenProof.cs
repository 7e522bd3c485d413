using System.Globalization;
using System.Text;
using SpeechGan.Tests.Regression.Diagnostics.Drawn;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tools.Measure;

/// <summary>
/// The proof on runs that nobody looked at (tools/diagnosis-proof --unseen): corpora, networks, batch sizes, rates, lengths, seeds and
/// faults drawn from <see cref="DrawnRange"/>, beside the suite's own runs,
/// on which the thresholds were set.
/// </summary>
internal static class UnseenProof
{
    /// <summary>Trains and judges this process's share of a half, and writes the table of what is done.</summary>
    /// <param name="arguments">Number of runs, folder, seed of the draw, number of processes, which of these this one is, and
    /// <c>seen</c> or <c>unseen</c>.</param>
    public static int Run(string[] arguments)
    {
        var (count, root, seed, processes, mine, half) = (
            Arguments.Number(arguments, 0),
            arguments[1],
            Arguments.Number(arguments, 2),
            Arguments.Number(arguments, 3),
            Arguments.Number(arguments, 4),
            arguments[5]
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
            Console.WriteLine(
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
        return 0;
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
            text.Append(CultureInfo.InvariantCulture, $"| {half} | {d.Fault ?? "none"} | {d.Run} | " + $"{d.NamedInWords} |\n");
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
