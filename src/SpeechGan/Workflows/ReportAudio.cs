using SpeechGan.Data;
using SpeechGan.Engine;
using SpeechGan.Evaluation;
using SpeechGan.Reports;
using SpeechGan.Runs;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Workflows;

/// <summary>
/// What a report lets its reader listen to: the clean, noisy and enhanced sides of the utterances that changed most, on the very cut that
/// was scored. Whatever is missing for it (corpus, checkpoint, tensor engine) is told in a sentence, and the report is made without it.
/// </summary>
internal static class ReportAudio
{
    private const int MostSeconds = 5;

    /// <summary>Reads and enhances.</summary>
    /// <param name="run">The run's record.</param>
    /// <param name="data">The corpus; null where it is not known.</param>
    /// <param name="count">Utterances.</param>
    /// <param name="stop">Ends the work between two signals.</param>
    public static ReportListening Of(RunRecord run, string? data, int count, CancellationToken stop)
    {
        var split = run.Evaluations.Any(e => e.Split == RecordName.Valid) ? RecordName.Valid : RecordName.Test;
        var changes = UtteranceCourse.Of(run, split).Take(count).ToList();
        if (count == 0)
            return new ReportListening([], ["No signal was asked for (--utterances 0)."]);
        if (changes.Count == 0)
            return new ReportListening(
                [],
                [
                    run.Info.Import is { } import
                        ? $"Single utterances are not recorded by {import.Writer}: none can be chosen by its change."
                        : "No utterance was evaluated yet: none can be chosen by its change.",
                ]
            );
        if (data is null)
            return new ReportListening([], ["The run does not record its corpus. Give it with --data DIR to listen to it."]);
        Dictionary<string, Utterance> utterances;
        try
        {
            utterances = Open(data, split, run.Config ?? new RunConfig());
        }
        catch (Exception e) when (e is CorpusException or AudioFileException or IOException or UnauthorizedAccessException)
        {
            return new ReportListening(
                [],
                [$"The corpus cannot be opened, so there is nothing to listen to: {Sentence(e.Message)} Give its folder with --data DIR."]
            );
        }
        var clips = changes
            .Select(c => Cut(c.Name, c.Last ?? c.First ?? c.Noisy!, utterances.GetValueOrDefault(c.Name), data, MostSeconds))
            .ToList();
        var notes = new List<string>();
        if (clips.Any(c => c.Shortened))
            notes.Add($"Of longer cuts the first {MostSeconds} s are here.");
        var (best, last) = Enhanced(run.Root, clips, notes, stop);
        return new ReportListening(
            [
                .. clips.Select(
                    (c, i) =>
                        new ReportUtterance(
                            c.Name,
                            split,
                            [new("clean", c.Clean, c.Absent), new("noisy", c.Noisy, c.Absent), best(i), last(i)]
                        )
                ),
            ],
            notes
        );
    }

    internal static Dictionary<string, Utterance> Open(string data, string split, RunConfig config)
    {
        var corpus = CorpusOfRun.Open(data, config);
        return (split == RecordName.Valid ? corpus.Valid : corpus.Test).ToDictionary(u => u.Name, StringComparer.Ordinal);
    }

    /// <summary>Both sides of an utterance, the cut that was scored, of at most some seconds.</summary>
    internal static Signals Cut(string name, UtteranceEvaluation scored, Utterance? utterance, string data, int mostSeconds)
    {
        if (utterance is null)
            return new Signals(name, null, null, $"The corpus in {data} has no utterance of this name.", false);
        try
        {
            var (clean, noisy) = utterance.LoadPair();
            if (scored is not { CutStart: { } start, CutLength: { } cut })
                return new Signals(name, null, null, "The record does not say which cut of the file was scored.", false);
            var length = Math.Min(cut, mostSeconds * RunConfig.SampleRate);
            if (length < 1 || start < 0 || (start > 0 && start + cut > clean.Length))
                return new Signals(
                    name,
                    null,
                    null,
                    $"The cut that was scored (samples {start} to {(long)start + cut}) is not in the file: the corpus changed.",
                    false
                );
            float[] cleanCut = new float[length],
                noisyCut = new float[length];
            // A clip that is shorter than the cut is repeated, as it was for scoring.
            CutSampler.Fill(clean, start, cleanCut);
            CutSampler.Fill(noisy, start, noisyCut);
            return new Signals(name, cleanCut, noisyCut, null, length < cut);
        }
        catch (AudioFileException e)
        {
            return new Signals(name, null, null, Sentence(e.Message), false);
        }
    }

    /// <summary>The enhanced signals by the best checkpoint and the last one.</summary>
    internal static (Func<int, ReportClip> Best, Func<int, ReportClip> Last) Enhanced(
        string root,
        IReadOnlyList<Signals> clips,
        List<string> notes,
        CancellationToken stop
    )
    {
        var (best, last) = Checkpoints(root, notes);
        notes.Add(
            last is null ? "The run has no checkpoint that can be used: nothing is enhanced."
            : best is null ? $"No epoch was chosen as the best yet; last is checkpoint {last.Name}."
            : best.Name == last.Name ? $"Best and last are the same checkpoint, {last.Name}."
            : $"Best is checkpoint {best.Name}, last {last.Name}."
        );
        var ofLast = last is null ? Absent("last", "There is no checkpoint.") : By(last, "last", clips, stop);
        if (best is null)
            return (Absent("best", last is null ? "There is no checkpoint." : "No epoch was chosen as the best yet."), ofLast);
        return (best.Name == last?.Name ? i => ofLast(i) with { Label = "best" } : By(best, "best", clips, stop), ofLast);
    }

    private static (Checkpoint? Best, Checkpoint? Last) Checkpoints(string root, List<string> notes)
    {
        try
        {
            var store = new CheckpointStore(Path.Combine(root, "checkpoints"));
            CheckpointSearch bests = store.FindBest(),
                lasts = store.FindLast();
            notes.AddRange(bests.Problems.Concat(lasts.Problems).Select(p => p.Sentence).Distinct());
            return (lasts.Found?.Best is null ? null : bests.Found, lasts.Found);
        }
        catch (RunFolderException e)
        {
            notes.Add(e.Message);
            return (null, null);
        }
    }

    private static Func<int, ReportClip> Absent(string label, string why) => _ => new ReportClip(label, null, why);

    private static Func<int, ReportClip> By(Checkpoint checkpoint, string label, IReadOnlyList<Signals> clips, CancellationToken stop)
    {
        try
        {
            using var source = GeneratorSource.Open(checkpoint.Path);
            set_num_threads(source.Config.Train.Threads);
            var enhancer = new Enhancer(source.Networks.Generator, source.Networks.Spectrum);
            var signals = clips
                .Select(c =>
                {
                    stop.ThrowIfCancellationRequested();
                    return c.Noisy is { } noisy ? enhancer.Enhance(noisy) : null;
                })
                .ToList();
            return i =>
                signals[i] is not { } enhanced ? new ReportClip(label, null, clips[i].Absent)
                : enhanced.All(float.IsFinite) ? new ReportClip(label, enhanced, null)
                : new ReportClip(label, null, $"Checkpoint {checkpoint.Name} gives samples that are not finite.");
        }
        catch (Exception e)
            when (e is RunFolderException or StateDictException or SafetensorsException or EngineException or Configuration.ConfigException)
        {
            return Absent(label, Sentence(e.Message));
        }
    }

    internal static string Sentence(string message) => message.TrimEnd('.') + ".";

    /// <summary>Both sides of an utterance.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Clean">16 kHz, full scale -1 .. 1; null where there is none.</param>
    /// <param name="Noisy">The same.</param>
    /// <param name="Absent">Why there is none, in a sentence; null where there is one.</param>
    /// <param name="Shortened">Whether the cut is longer.</param>
    internal sealed record Signals(string Name, float[]? Clean, float[]? Noisy, string? Absent, bool Shortened);
}
