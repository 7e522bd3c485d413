using System.Globalization;
using System.Text;
using SpeechGan.Diagnostics;
using SpeechGan.Engine;
using SpeechGan.Tests;
using SpeechGan.Tests.Regression.Diagnostics.Faults;
using SpeechGan.Workflows;

namespace SpeechGan.Tools.Measure;

/// <summary>
/// The whole proof (tools/diagnosis-proof): every fault with several seeds, pairs of faults, healthy seeds beside; written as
/// docs/diagnosis-proof.md.
/// </summary>
internal static class DiagnosisMatrix
{
    private const string Others = "## On runs that nobody looked at";

    /// <summary>Measures it and writes docs/diagnosis-proof.md.</summary>
    /// <param name="arguments">Number of seeds of each fault, and of healthy runs; then, perhaps, a part of the names of faults: these
    /// alone are measured, and nothing is written.</param>
    /// <returns>1 where the right cause is first in less than 95 %, a healthy run has a grave confirmation, one of two faults is missing,
    /// or what an invariant sees is not seen in one step.</returns>
    public static int Run(string[] arguments)
    {
        int[] counts = [Arguments.Number(arguments, 0), Arguments.Number(arguments, 1)];
        using var runs = new FaultRun();
        if (arguments.Length > 2)
        {
            bool Chosen(Fault fault) => fault.Name.Contains(arguments[2], StringComparison.Ordinal);
            bool[] right =
            [
                .. AllFaults.InOrder.Where(Chosen).SelectMany(f => Seeds(f, counts[0])).Select(v => v.IsRight),
                .. AllFaults.Pairs.Where(Chosen).SelectMany(f => Seeds(f, 1)).Select(HasBoth),
            ];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{right.Count(r => r)} of {right.Length} are right."));
            return right.All(r => r) ? 0 : 1;
        }
        List<FaultVerdict> single = [.. AllFaults.InOrder.SelectMany(f => Seeds(f, counts[0]))];
        List<FaultVerdict> pairs = [.. AllFaults.Pairs.SelectMany(f => Seeds(f, 1))];
        List<FaultVerdict> healthy = [.. Seeds(AllFaults.Healthy, counts[1])];
        List<FaultVerdict> first =
        [
            .. AllFaults
                .InOrder.Where(f => f.SeenInFirstStep)
                .SelectMany(f => Seeds(f, counts[0], "train.epochs=1", "train.stepsPerEpoch=1")),
        ];
        var text = Write(single, pairs, healthy, first);
        var note = Repository.PathOf("docs", "diagnosis-proof.md");
        // What other measurements wrote stays.
        var others =
            File.ReadAllText(note) is var old && old.IndexOf(Others, StringComparison.Ordinal) is >= 0 and var at ? "\n" + old[at..] : "";
        File.WriteAllText(note, text + others);
        Console.WriteLine(text);
        return
            single.Count(v => v.IsRight) >= Math.Ceiling(0.95 * single.Count)
            && healthy.All(v => v.Grave.Count == 0)
            && pairs.All(HasBoth)
            && first.All(v => v.IsConfirmed)
            ? 0
            : 1;

        IEnumerable<FaultVerdict> Seeds(Fault fault, int count, params string[] knobs)
        {
            for (var seed = 1; seed <= count; seed++)
            {
                var verdict = FaultVerdict.Of(runs, fault, seed, knobs);
                Console.WriteLine(verdict.InWords());
                yield return verdict;
            }
        }
    }

    // A pair's causes are the causes of both: each fault must have one of its own among the first three that are named.
    private static bool HasBoth(FaultVerdict verdict)
    {
        var named = verdict
            .Findings.Where(f => f.Outcome is FindingOutcome.Confirmed or FindingOutcome.Suspected)
            .Take(3)
            .Select(f => f.Id)
            .ToList();
        return verdict
            .Fault.Name.Split(" + ")
            .Select(n => AllFaults.InOrder.Single(f => f.Name == n))
            .All(f => f.Causes.Any(named.Contains));
    }

    private static string Write(List<FaultVerdict> single, List<FaultVerdict> pairs, List<FaultVerdict> healthy, List<FaultVerdict> first)
    {
        var text = new StringBuilder();
        int right = single.Count(v => v.IsRight),
            seeds = single.GroupBy(v => v.Fault).Max(g => g.Count());
        text.Append("# The diagnosis, proven by fault injection\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"Made by `tools/diagnosis-proof` on {DateTime.UtcNow:yyyy-MM-dd}, SpeechGan {Versions.Program}; "
                + $"{TensorHost.Fingerprint(null).InWords()}.\n\n"
        );
        text.Append(
            "Every fault is let into a real training below the record (`tests/Regression/Diagnostics/Faults`): the small trained "
                + "network of the golden scenarios, four epochs of six batches\n"
        );
        text.Append(
            "of four cuts of half a second (ten epochs where a theory asks for more steps), the bundled corpus. The diagnosis sees the "
                + "run's record and the corpus' audit, and nothing else.\n\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"* **Right cause first: {right} of {single.Count}** ({100.0 * right / single.Count:0.#} %; {AllFaults.InOrder.Count} "
                + $"faults, {seeds} seeds each), confirmed in {single.Count(v => v.IsConfirmed)}.\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"* **Healthy seeds with a grave confirmation: {healthy.Count(v => v.Grave.Count > 0)} of {healthy.Count}**; with any "
                + $"confirmation: {healthy.Count(v => v.Confirmed.Count > 0)}.\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"* **Two faults at once, both among the first three: {pairs.Count(HasBoth)} of {pairs.Count}.**\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"* **What an invariant sees, confirmed after one step: {first.Count(v => v.IsConfirmed)} of {first.Count}.**\n\n"
        );
        text.Append("| fault | right cause | first named, by seed | also confirmed |\n| --- | --- | --- | --- |\n");
        foreach (var fault in single.GroupBy(v => v.Fault.Name))
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {fault.Key} | {fault.Count(v => v.IsRight)} of {fault.Count()} | "
                    + $"{string.Join(", ", fault.GroupBy(First).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} x{g.Count()}"))} | "
                    + $"{Others(fault)} |\n"
            );
        text.Append("\n| two faults | both in the first three | named |\n| --- | --- | --- |\n");
        foreach (var pair in pairs)
        {
            var named = pair.Findings.Where(f => f.Outcome is FindingOutcome.Confirmed or FindingOutcome.Suspected).Take(4).Select(Word);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {pair.Fault.Name} | {(HasBoth(pair) ? "yes" : "no")} | {string.Join(", ", named)} |\n"
            );
        }
        text.Append("\n| healthy, seed | confirmed | suspected |\n| --- | --- | --- |\n");
        foreach (var run in healthy)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {run.Seed} | {Or(string.Join(", ", run.Confirmed))} | "
                    + $"{Or(string.Join(", ", run.Findings.Where(f => f.Outcome == FindingOutcome.Suspected).Select(f => f.Id)))} |\n"
            );
        text.Append(
            "\n\"Suspected\" stands behind a cause whose weaker rule alone spoke. Some theories judge no run as short as these: "
                + "`docs/diagnosis.md` says after how many steps each does.\n"
        );
        return text.ToString();

        static string First(FaultVerdict v) =>
            v.Findings is [{ Outcome: FindingOutcome.Confirmed or FindingOutcome.Suspected } first, ..] ? Word(first) : "nothing";
        static string Word(Finding f) => $"`{f.Id}`{(f.Outcome == FindingOutcome.Suspected ? " (suspected)" : "")}";
        static string Others(IEnumerable<FaultVerdict> of) =>
            Or(string.Join(", ", of.SelectMany(v => v.Confirmed.Skip(1)).Distinct().Select(id => $"`{id}`")));
        static string Or(string list) => list.Length == 0 ? "nothing" : list;
    }
}
