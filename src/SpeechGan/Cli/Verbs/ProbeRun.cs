using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using SpeechGan.Diagnostics.Probes;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>Settles by experiment what a record cannot: replays a window of training with one ingredient changed, over several
/// seeds.</summary>
internal static class ProbeRun
{
    /// <summary>Runs the probes; what was replayed before is read from the run's journal.</summary>
    /// <param name="run">The run.</param>
    /// <param name="data">Folder of its corpus; null: where the run was trained on.</param>
    /// <param name="from">Checkpoint to begin with; null: chosen.</param>
    /// <param name="epochs">Most epochs of the window.</param>
    /// <param name="seeds">Seeds, at least 1.</param>
    /// <param name="terminal">Told how it goes.</param>
    /// <param name="stop">Asks for an end; what was replayed stays.</param>
    /// <exception cref="UsageException">The run cannot be probed.</exception>
    /// <exception cref="OperationCanceledException">An end was asked for.</exception>
    public static ProbeVerdict Of(
        RunRecord run,
        string? data,
        string? from,
        int epochs,
        int seeds,
        Terminal terminal,
        CancellationToken stop
    )
    {
        var (config, corpus) = Replayable(run, data);
        var window = ProbeWindow.Choose(run, from, epochs);
        var ingredients = Ingredient.For(config);
        using var trial = new ProbeTrial(config, window, corpus, stop);
        var journal = new ProbeJournal(run.Root);
        foreach (var problem in journal.Problems)
            terminal.Line(problem);
        long[] chosen = [.. Enumerable.Range(0, seeds).Select(i => config.Seed + i)];
        (Ingredient Ingredient, long Seed)[] works =
        [
            .. chosen.SelectMany(s => ingredients.Prepend(Ingredient.Unchanged).Select(i => (i, s))),
        ];
        terminal.Line(
            $"Probing {window.InWords(seeds)}: {works.Length} replays, kept in {ProbeJournal.FileName}; if stopped, they continue"
                + $"were."
        );

        var asItIs = window.Config(config, config.Seed, []);
        var before = Known(journal, trial.Key(Replay.Before, asItIs), key => trial.Before(key, asItIs)) with
        {
            Loss = run.Epochs.LastOrDefault(e => e.Epoch == window.Start.Name.Epoch)?.Loss is { } began
                ? Replay.LossOf(began, config.Loss.Weights)
                : null,
        };
        var otherwise = config.With(["evaluation.batchSize=1", "evaluation.workers=1"]);
        var repeats = EvaluationRepeats.Judge(
            trial.Evaluate(config, window.Start.Name.Epoch),
            trial.Evaluate(config, window.Start.Name.Epoch + 1),
            trial.Evaluate(otherwise, window.Start.Name.Epoch)
        );
        var replays = Watch(terminal, works.Length, told => works
                .Select(w =>
                {
                    var replay = window.Config(config, w.Seed, w.Ingredient.Knobs);
                    var result = Known(journal, trial.Key(w.Ingredient.Id, replay), key => trial.Run(key, w.Ingredient.Id, replay));
                    told(result);
                    return result;
                })
                .ToList());
        var verdict = ProbeVerdict.Of(window.InWords(seeds), before, replays, ingredients);
        return verdict with { Findings = [repeats, .. verdict.Findings] };
    }

    private static (RunConfig Config, string Corpus) Replayable(RunRecord run, string? data)
    {
        if (run.Info.Import is { } foreign)
            throw new UsageException(
                $"The run in '{run.Root}' was imported from {foreign.Writer}: probes replay a run of this program from its checkpoint. "
                    + $"Diagnose it without --probe."
            );
        var config = run.Config
            ?? throw new UsageException(
                $"The run in '{run.Root}' has no configuration that can be read: it cannot be replayed. {string.Join(" ", run.Problems)}"
            );
        if (run.Info.Processes > 1)
            throw new UsageException(
                $"The run in '{run.Root}' was trained in {run.Info.Processes} processes; probes replay in one process, "
                    + $"which would see other batches. Diagnose it without --probe."
            );
        var corpus = data
            ?? CorpusOfRun.Find(run)
            ?? throw new UsageException($"The run in '{run.Root}' does not say where its corpus is. Name it with --data DIR.");
        if (!Directory.Exists(corpus))
            throw new UsageException(
                $"'{corpus}', the corpus of the run in '{run.Root}', is not there. Name where it is now with --data DIR."
            );
        return (config, corpus);
    }

    private static Replay Known(ProbeJournal journal, string key, Func<string, Replay> make)
    {
        if (journal.Find(key) is { } known)
            return known;
        var made = make(key);
        journal.Add(made);
        return made;
    }

    private static T Watch<T>(Terminal terminal, int total, Func<Action<Replay>, T> work)
    {
        var clock = Stopwatch.StartNew();
        var done = 0;
        if (!terminal.IsLive)
            return work(r =>
                terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  {++done}/{total} {r.Ingredient}, seed {r.Seed}{Score(r)}"))
            );
        return terminal
            .Console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                var bar = context.AddTask("replaying", maxValue: total);
                return work(r =>
                {
                    var left = TimeSpan.FromSeconds(clock.Elapsed.TotalSeconds / ++done * (total - done));
                    bar.Description = Markup.Escape(
                        string.Create(CultureInfo.InvariantCulture, $"{r.Ingredient}, seed {r.Seed}{Score(r)}  {left:h\\:mm\\:ss} left")
                    );
                    bar.Increment(1);
                });
            });
    }

    private static string Score(Replay replay) =>
        replay.Pesq.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $": PESQ {replay.Pesq.Values.Average():F3}");
}
