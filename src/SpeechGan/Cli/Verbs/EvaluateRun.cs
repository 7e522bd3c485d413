using System.Security.Cryptography;
using SpeechGan.Cli.Views;
using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Engine;
using SpeechGan.Evaluation;
using SpeechGan.Runs;
using SpeechGan.Training;
using SpeechGan.Workflows;
using static TorchSharp.torch;

namespace SpeechGan.Cli.Verbs;

/// <summary>`evaluate`: what a trained generator makes of a corpus, utterance by utterance.</summary>
/// <param name="checkpoint">Run folder, checkpoint folder or state dict.</param>
/// <param name="data">The corpus.</param>
/// <param name="device">Where it is computed.</param>
/// <param name="overrides">Knobs on top of the checkpoint's own.</param>
/// <param name="save">Folder for the enhanced cuts; null: they are not kept.</param>
/// <param name="json">Whether the report is for machines.</param>
internal sealed class EvaluateRun(string checkpoint, string data, string device, IReadOnlyList<string> overrides, string? save, bool json)
{
    /// <summary>Evaluates on one rank; rank 0 prints.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">The ranks see different checkpoints.</exception>
    public int Of(IProcessGroup group, CancellationToken stop)
    {
        var local = RankAgreement.Require(group, null, [$"--checkpoint {checkpoint}", .. overrides]);
        using var opened = Open(group, RankDevice.Of(device, group.Size, local));
        foreach (var problem in group.Rank == 0 ? opened.Problems : [])
            Terminal.Error.Line(problem);
        var source = opened with { Config = opened.Config.With(overrides) };
        set_num_threads(source.Config.Train.Threads);
        var corpus = RankAgreement.Corpus(group, () =>
            PairedCorpus.OpenForEvaluation(
                data,
                new CorpusOptions { Channel = source.Config.Data.Channel, OnLengthMismatch = source.Config.Data.OnLengthMismatch }
            )
        );
        foreach (var note in group.Rank == 0 ? corpus.Notes : [])
            Terminal.Error.Line(note);
        var kept = save is null ? null : new SharedFiles(group, (name, enhanced) => Write(save, name, enhanced));
        var evaluator = new SharedEvaluation(new Evaluator(source.Config), group);
        var enhancer = new Enhancer(source.Networks.Generator, source.Networks.Spectrum);
        // Rank 0 has as many as the others, and speaks for them.
        var (noisy, evaluations) = WatchedFirst(group, at =>
            (
                evaluator.EvaluateNoisy(corpus.Test, RecordName.Test, Counted(at, "scoring the noisy sides"), stop),
                evaluator.Evaluate(
                    corpus.Test,
                    RecordName.Test,
                    1,
                    cut => enhancer.Enhance(cut),
                    Counted(at, "enhancing and scoring"),
                    kept is null ? null : (utterance, enhanced) => kept.Keep(utterance.Name, enhanced),
                    stop
                )
            )
        );
        kept?.OnFirst();
        if (group.Rank > 0)
            return ExitCode.Good;
        if (json)
            Console.WriteLine(EvaluationTable.Json(source.Name, source.Config.Evaluation, noisy, evaluations));
        else
            EvaluationTable.Print(Terminal.Out, source.Name, source.Config.Evaluation, noisy, evaluations);
        return ExitCode.Good;
    }

    private static T WatchedFirst<T>(IProcessGroup group, Func<Progressed, T> work) =>
        group.Rank == 0 ? WorkProgress.Watch(work) : work((_, _, _) => { });

    private static Action<UtteranceEvaluation, int> Counted(Progressed at, string work)
    {
        var done = 0;
        return (_, of) => at(work, ++done, of);
    }

    /// <summary>Opens the generator on every rank; all must have the same weights.</summary>
    private GeneratorSource Open(IProcessGroup group, string device)
    {
        GeneratorSource? source = null;
        var digests = group.ShareTogether(() =>
        {
            TensorDevice.Require(device);
            source = GeneratorSource.Open(checkpoint, device);
            return group.Size == 1
                ? ""
                : Convert.ToHexStringLower(
                    SHA256.HashData([.. StateDict.Of(source.Networks.Generator).SelectMany(e => e.Value.Bytes.ToArray())])
                );
        });
        var odd = Array.FindIndex(digests, d => d != digests[0]);
        return odd < 0
            ? source!
            : throw new UsageException(
                $"Rank {odd} finds other weights in '{checkpoint}' than rank 0: every rank must see the same checkpoint."
            );
    }

    private static void Write(string folder, string name, float[] enhanced)
    {
        Directory.CreateDirectory(folder);
        var limited = WavFile.WritePcm16(Path.Combine(folder, name + ".wav"), enhanced, RunConfig.SampleRate);
        if (limited > 0)
            Terminal.Error.Line($"{name}: {limited} samples beyond full scale were limited.");
    }
}
