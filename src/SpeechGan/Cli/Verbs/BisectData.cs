using SpeechGan.Bisect;
using SpeechGan.Cli.Views;
using SpeechGan.Data;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`bisect data`: what of the data carries a change, and what starves the discriminator.</summary>
internal static class BisectData
{
    private const string Split = RecordName.Valid;

    public static int Run(
        string run,
        string? against,
        IReadOnlyList<int> epochs,
        string metric,
        string? data,
        bool json,
        CancellationToken stop
    )
    {
        if (against is not null && epochs.Count > 0)
            throw new UsageException("--against compares two runs and --epochs two epochs of one: give one of them.");
        if (epochs.Count == 2 && epochs[0] == epochs[1])
            throw new UsageException($"--epochs names epoch {epochs[0]} twice: nothing can have changed. Give two epochs.");
        var record = RunRecord.Load(run);
        var other = against is null ? record : RunRecord.Load(against);
        var (from, to) = Epochs(record, other, run, against, epochs, metric);
        var before = Side(record, from, against is null ? $"epoch {from}" : $"{Path.GetFileName(record.Root)}, epoch {from}");
        var after = Side(other, to, against is null ? $"epoch {to}" : $"{Path.GetFileName(other.Root)}, epoch {to}");
        var utterances = data is null ? [] : Utterances(data, record);
        var starving = DataBisect.Starving(other.Steps);
        DataBisectResult result;
        try
        {
            result = DataBisect.Compare(before, after, metric, Levels(utterances.Values));
        }
        catch (BisectException) when (!json)
        {
            // Scores that cannot be compared hide nothing of what starves the discriminator.
            DataBisectView.PrintStarving(starving, other);
            throw;
        }
        var unknown = data is null ? "no corpus was given (--data DIR)" : null;
        Utterance[] most = [.. result.Utterances.Take(3).Where(u => utterances.ContainsKey(u.Name)).Select(u => utterances[u.Name])];
        var (places, noPlaces) = unknown is null ? ChangedPlaces.Of(record, from, other, to, most, stop) : ([], unknown);
        var view = new DataBisectView(result, unknown, places, noPlaces, starving, other);
        if (json)
            Console.WriteLine(view.Json());
        else
            view.Print();
        return ExitCode.Good;
    }

    // Two epochs of one run, the last of two runs, or the best and the last of one.
    private static (int From, int To) Epochs(
        RunRecord record,
        RunRecord other,
        string run,
        string? against,
        IReadOnlyList<int> epochs,
        string metric
    )
    {
        int[] evaluated = Evaluated(record);
        if (epochs.Count == 2)
            return (epochs[0], epochs[1]);
        if (against is not null)
            return (Last(evaluated, run), Last(Evaluated(other), against));
        var (best, last) = (Best(record, evaluated, run, metric), Last(evaluated, run));
        return best != last
            ? (best, last)
            : throw new UsageException(
                $"The last evaluation of '{run}' is its best one (epoch {last}): nothing fell. Give two epochs with --epochs A B, or "
                    + $"another run with --against."
            );
    }

    private static Dictionary<string, Utterance> Utterances(string data, RunRecord record) =>
        CorpusOfRun
            .Open(data, record.Config ?? new RunConfig { Seed = record.Info.Seed ?? new RunConfig().Seed })
            .Valid.ToDictionary(u => u.Name);

    // Noise levels by utterance; null where none is known.
    private static Dictionary<string, double>? Levels(IEnumerable<Utterance> utterances)
    {
        var levels = new Dictionary<string, double>();
        foreach (var utterance in utterances)
        {
            var (clean, noisy) = utterance.LoadPair();
            if (SegmentChange.NoiseLevel(clean, noisy) is { } level)
                levels[utterance.Name] = level;
        }
        return levels.Count > 0 ? levels : null;
    }

    private static int[] Evaluated(RunRecord record) =>
        [.. record.Evaluations.Where(e => e.Split == Split && e.Epoch > 0).Select(e => e.Epoch).Distinct().Order()];

    private static int Last(int[] evaluated, string run) =>
        evaluated.Length > 0
            ? evaluated[^1]
            : throw new UsageException($"The run in '{run}' has no evaluation of {Split}: train it further.");

    private static int Best(RunRecord record, int[] evaluated, string run, string metric)
    {
        Last(evaluated, run);
        return evaluated.MaxBy(e =>
            record
                .Evaluations.Where(u => u.Epoch == e && u.Split == Split && u.Metrics.ContainsKey(metric))
                .Select(u => u.Metrics[metric])
                .DefaultIfEmpty(double.NegativeInfinity)
                .Average()
        );
    }

    private static EvaluationSide Side(RunRecord record, int epoch, string name)
    {
        var evaluated = Evaluated(record);
        return evaluated.Contains(epoch)
            ? new EvaluationSide(name, [.. record.Evaluations.Where(e => e.Split == Split && e.Epoch == epoch)])
            : throw new UsageException(
                $"Epoch {epoch} of '{record.Root}' was not evaluated; evaluated were "
                    + $"{(evaluated.Length > 0 ? string.Join(", ", evaluated) : "none")}."
            );
    }
}
