using SpeechGan.Diagnostics;
using SpeechGan.Dsp;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tests.Regression.Diagnostics.Drawn;

/// <summary>A drawn run with or without a drawn fault in it, trained, diagnosed, and asked when the cause was first seen.</summary>
internal static class DrawnFault
{
    /// <summary>The fault of a run: every second run is sound; the others go through all faults in an order of the draw, and begin
    /// again.</summary>
    /// <param name="seed">Seed of the draw.</param>
    /// <param name="number">Number of the run.</param>
    public static Fault Draw(long seed, int number)
    {
        if (number % 2 == 1)
            return AllFaults.Healthy;
        var faults = AllFaults.InOrder;
        var order = CounterRandom.Permutation(faults.Count, seed, CounterRandom.Stream("unseen/fault"), number / 2 / faults.Count);
        return faults[order[number / 2 % faults.Count]];
    }

    /// <summary>Trains and diagnoses.</summary>
    /// <param name="runs">Trains.</param>
    /// <param name="fault">What is let in.</param>
    /// <param name="drawn">The run.</param>
    /// <param name="corpora">Corpora.</param>
    /// <param name="folder">Folder for the run and for its corpus, where the fault changes it; not there yet.</param>
    public static DrawnVerdict Of(FaultRun runs, Fault fault, DrawnRun drawn, DrawnCorpora corpora, string folder)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Directory.CreateDirectory(folder);
        var corpus = Prepared(corpora, drawn.Corpus, fault, Path.Combine(folder, "corpus"));
        var record = runs.Of(fault, Path.Combine(folder, "run"), corpus, drawn.Knobs);
        var verdict = Verdict.Of(record);
        return DrawnVerdict.Of(
            drawn,
            fault.Causes.Length == 0 ? null : fault.Name,
            fault.Causes,
            verdict.Findings,
            FirstSeen(record, fault.Causes),
            clock.Elapsed
        );
    }

    /// <summary>The last step that the record held when a right cause was first named: 0 before the first step; null: never.</summary>
    internal static long? FirstSeen(RunRecord record, IReadOnlyList<string> causes)
    {
        if (causes.Count == 0)
            return null;
        foreach (var epoch in record.Steps.Select(s => s.Epoch).Distinct().Order().Prepend(0))
        {
            var part = record with
            {
                Info = epoch == 0 ? record.Info with { NonFinite = null, Resumptions = [] } : record.Info,
                Steps = [.. record.Steps.Where(s => s.Epoch <= epoch)],
                Epochs = [.. record.Epochs.Where(e => e.Epoch <= epoch)],
                Evaluations = [.. record.Evaluations.Where(e => e.Epoch <= epoch && (e.Split != "test" || e.Epoch == 0))],
            };
            if (
                Verdict
                    .Of(part)
                    .Findings.Any(f => f.Outcome is FindingOutcome.Confirmed or FindingOutcome.Suspected && causes.Contains(f.Id))
            )
                return part.Steps.Count == 0 ? 0 : part.Steps[^1].Step;
        }
        return Verdict
            .Of(record)
            .Findings.Any(f => f.Outcome is FindingOutcome.Confirmed or FindingOutcome.Suspected && causes.Contains(f.Id))
            ? record.Steps[^1].Step
            : null;
    }

    // A fault of the corpus has a copy of its own; one that mixes in silence finds the bundled corpus' where its own has none.
    private static string Prepared(DrawnCorpora corpora, string name, Fault fault, string own)
    {
        var corpus = corpora.Folder(name);
        var silent =
            fault.Knobs.Any(k => k.StartsWith("data.mixIn=", StringComparison.Ordinal))
            && !Directory.Exists(Path.Combine(corpus, "silent"));
        if (fault.Corpus is null && !silent)
            return corpus;
        Copy(corpus, own);
        if (silent)
            Copy(Path.Combine(corpora.Folder("1"), "silent"), Path.Combine(own, "silent"));
        fault.Corpus?.Invoke(own);
        return own;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*.wav", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
