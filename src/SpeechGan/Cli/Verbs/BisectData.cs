using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using SpeechGan.Bisect;
using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Evaluation;
using SpeechGan.Runs;
using SpeechGan.Statistics;
using SpeechGan.Training;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`bisect data`: what of the data carries a change, and what starves the discriminator.</summary>
internal static class BisectData
{
    private const string Split = RecordName.Valid;
    private const int Shown = 10;

    private sealed record Place(string Utterance, SegmentChange Segment);

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
        var starving = DataBisect.Starving(other.Steps);
        int[] evaluated = Evaluated(record),
            evaluatedOther = Evaluated(other);
        var (from, to) =
            epochs.Count == 2 ? (epochs[0], epochs[1])
            : against is not null ? (Last(evaluated, run), Last(evaluatedOther, against))
            : (Best(record, evaluated, run, metric), Last(evaluated, run));
        if (against is null && from == to && epochs.Count == 0)
            throw new UsageException(
                $"The last evaluation of '{run}' is its best one (epoch {to}): nothing fell. Give two epochs with --epochs A B, or "
                    + $"another run with --against."
            );
        var before = Side(record, from, evaluated, against is null ? $"epoch {from}" : $"{Path.GetFileName(record.Root)}, epoch {from}");
        var after = Side(other, to, evaluatedOther, against is null ? $"epoch {to}" : $"{Path.GetFileName(other.Root)}, epoch {to}");
        var (utterances, unknown) = data is null
            ? ([], "no corpus was given (--data DIR)")
            : (
                CorpusOfRun
                    .Open(data, record.Config ?? new RunConfig { Seed = record.Info.Seed ?? new RunConfig().Seed })
                    .Valid.ToDictionary(u => u.Name),
                (string?)null
            );
        var levels = utterances
            .Values.Select(u => (u.Name, Level: Level(u)))
            .Where(u => u.Level is not null)
            .ToDictionary(u => u.Name, u => u.Level!.Value);
        DataBisectResult result;
        try
        {
            result = DataBisect.Compare(before, after, metric, levels.Count > 0 ? levels : null);
        }
        catch (BisectException) when (!json)
        {
            // Scores that cannot be compared hide nothing of what starves the discriminator.
            PrintStarving(starving, other);
            throw;
        }
        IReadOnlyList<Place> places = [];
        var noPlaces = unknown;
        if (unknown is null)
            (places, noPlaces) = Places(
                record,
                from,
                other,
                to,
                [.. result.Utterances.Take(3).Where(u => utterances.ContainsKey(u.Name)).Select(u => utterances[u.Name])],
                stop
            );
        if (json)
            Console.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        result.Before,
                        result.After,
                        result.Metric,
                        result.Change,
                        test = new
                        {
                            result.Test.MeanDrop,
                            result.Test.Pairs,
                            result.Test.PValue,
                            result.Test.Found,
                            result.Test.Sentence,
                        },
                        result.Utterances,
                        result.Unpaired,
                        result.Levels,
                        levelsUnavailable = unknown,
                        places,
                        placesUnavailable = noPlaces,
                        starving,
                    },
                    RunJson.Document
                )
            );
        else
            Print(result, unknown, places, noPlaces, starving, other);
        return ExitCode.Good;
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

    private static EvaluationSide Side(RunRecord record, int epoch, int[] evaluated, string name) =>
        evaluated.Contains(epoch)
            ? new EvaluationSide(name, [.. record.Evaluations.Where(e => e.Split == Split && e.Epoch == epoch)])
            : throw new UsageException(
                $"Epoch {epoch} of '{record.Root}' was not evaluated; evaluated were "
                    + $"{(evaluated.Length > 0 ? string.Join(", ", evaluated) : "none")}."
            );

    private static double? Level(Utterance utterance)
    {
        var (clean, noisy) = utterance.LoadPair();
        return SegmentChange.NoiseLevel(clean, noisy);
    }

    // Both checkpoints' sound of the utterances that carry most, compared stretch by stretch.
    private static (IReadOnlyList<Place> Places, string? Why) Places(
        RunRecord record,
        int from,
        RunRecord other,
        int to,
        IReadOnlyList<Utterance> utterances,
        CancellationToken stop
    )
    {
        string a = Checkpoint(record, from),
            b = Checkpoint(other, to);
        foreach (var (path, epoch) in new[] { (a, from), (b, to) })
            if (!Directory.Exists(path))
                return ([], $"the checkpoint of epoch {epoch} is not kept any more ('{path}'; checkpoint.keep says how many are)");
        GeneratorSource? opened = null,
            openedOther = null;
        try
        {
            (opened, openedOther) = (GeneratorSource.Open(a), GeneratorSource.Open(b));
        }
        catch (Exception e) when (e is RunFolderException or StateDictException or SafetensorsException or ConfigException)
        {
            opened?.Dispose();
            return ([], e.Message.TrimEnd('.'));
        }
        using GeneratorSource first = opened,
            second = openedOther;
        Enhancer before = new(first.Networks.Generator, first.Networks.Spectrum),
            after = new(second.Networks.Generator, second.Networks.Spectrum);
        var places = new List<Place>();
        foreach (var utterance in utterances)
        {
            stop.ThrowIfCancellationRequested();
            var (clean, noisy) = utterance.LoadPair();
            places.AddRange(
                SegmentChange
                    .Of(clean, before.Enhance(noisy), after.Enhance(noisy), RunConfig.SampleRate)
                    .Select(s => new Place(utterance.Name, s))
            );
        }
        return ([.. places.Where(p => p.Segment.Change is not null).OrderByDescending(p => Math.Abs(p.Segment.Change!.Value))], null);
    }

    private static string Checkpoint(RunRecord record, int epoch) =>
        Path.Combine(record.Root, "checkpoints", new CheckpointName(epoch).ToString());

    private static void Print(
        DataBisectResult result,
        string? noLevels,
        IReadOnlyList<Place> places,
        string? noPlaces,
        IReadOnlyList<StarvingFile> starving,
        RunRecord other
    )
    {
        var terminal = Terminal.Out;
        var test = result.Change.Mean < 0 ? " " + result.Test.Sentence : "";
        terminal.Line(
            $"{result.Metric} from {result.Before} to {result.After}: {Estimate(result.Change)} "
                + $"over {result.Change.Count} utterances.{test}"
        );
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("utterance", "before", "after", "change", "share of the change");
        foreach (var u in result.Utterances.Take(Shown))
            table.AddRow(
                Markup.Escape(u.Name),
                Number(u.Before, "F4"),
                Number(u.After, "F4"),
                Number(u.Change, "+0.0000;-0.0000;0"),
                Number(u.Share, "P0")
            );
        terminal.Table(table);
        foreach (var (name, why) in result.Unpaired.Take(Shown))
            terminal.Line($"  not compared: {name}: {why}");
        terminal.Line(noLevels is null ? "By noise level:" : $"By noise level: not known, {noLevels}.");
        foreach (var level in result.Levels)
            terminal.Line($"  {level.Level, -14} {Estimate(level.Change)} over {level.Change.Count}");
        terminal.Line(noPlaces is null ? "Where in the files SI-SDR moved most:" : $"Where in the files: not known, {noPlaces}.");
        foreach (var place in places.Take(Shown))
            terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {place.Utterance}  {place.Segment.Start:F1} to {place.Segment.End:F1} s: {place.Segment.Before:F2} to "
                        + $"{place.Segment.After:F2} dB ({place.Segment.Change:+0.00;-0.00;0})"
                )
            );
        PrintStarving(starving, other);
    }

    private static void PrintStarving(IReadOnlyList<StarvingFile> starving, RunRecord run)
    {
        var terminal = Terminal.Out;
        terminal.Line(
            starving.Count > 0 ? "Training files that could not be scored:"
            : run.Steps.Any(s => s.Samples is not null) ? "Every training sample was scored."
            : "Which training files were scored was not recorded."
        );
        foreach (var f in starving.Take(Shown))
            terminal.Line(
                $"  {f.Name}: {f.Reason}, {f.Samples} of {f.Seen} times; {f.BatchesLost} batches without a step of the discriminator"
            );
    }

    private static string Estimate(MeanEstimate e) =>
        Number(e.Mean, "+0.0000;-0.0000;0")
        + (
            e.Low is { } low && e.High is { } high
                ? $" (95 %: {Number(low, "+0.0000;-0.0000;0")} to {Number(high, "+0.0000;-0.0000;0")})"
                : $" ({e.NoInterval})"
        );

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
