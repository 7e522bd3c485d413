using System.Runtime.ExceptionServices;
using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Dsp;
using SpeechGan.Runs;
using SpeechGan.Statistics;
using static TorchSharp.torch;

namespace SpeechGan.Evaluation;

/// <summary>
/// Scores a corpus utterance by utterance: cut, enhance, score. One utterance a forward pass on one tensor thread, several utterances at
/// once: the scores are the same bits whatever the order, the batch size, the number of workers or train.threads.
/// </summary>
public sealed class Evaluator
{
    private readonly EvaluationConfig config;
    private readonly long seed;

    /// <summary>Uses the run's evaluation knobs; the seed matters only where cuts are random.</summary>
    public Evaluator(RunConfig run)
    {
        ArgumentNullException.ThrowIfNull(run);
        (config, seed) = (run.Evaluation, run.Seed);
        Cuts = new CutSampler(
            config.Cut switch
            {
                EvaluationCut.Full => CutPolicy.Full,
                EvaluationCut.Random => CutPolicy.Random,
                _ => CutPolicy.Center,
            },
            run.EvaluationCutSamples
        );
    }

    /// <summary>Which part of an utterance is scored.</summary>
    public CutSampler Cuts { get; }

    /// <summary>Scores what a network makes of the noisy sides.</summary>
    /// <param name="utterances">In the order of the result.</param>
    /// <param name="split">Name of the part of the corpus.</param>
    /// <param name="epoch">Epoch after which it is, from 1; 0 before training. Random cuts depend on it.</param>
    /// <param name="enhance">Noisy samples to enhanced ones of the same length; called from up to evaluation.workers threads, each with one
    /// tensor thread.</param>
    /// <param name="done">Told after each utterance, in order; may be null.</param>
    /// <param name="keep">Given each enhanced cut, on the thread that made it; may be null.</param>
    /// <param name="cancellation">Ends it; nothing is returned then.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<UtteranceEvaluation> Evaluate(
        IReadOnlyList<Utterance> utterances,
        string split,
        int epoch,
        Func<float[], float[]> enhance,
        Action<UtteranceEvaluation>? done = null,
        Action<Utterance, float[]>? keep = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(enhance);
        var threads = get_num_threads();
        try
        {
            return Run(
                utterances,
                split,
                epoch,
                (utterance, noisy) =>
                {
                    set_num_threads(1); // of this thread alone: utterances run side by side, not each on all cores
                    var enhanced = enhance(noisy);
                    keep?.Invoke(utterance, enhanced);
                    return enhanced;
                },
                "",
                done,
                cancellation
            );
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    /// <summary>Scores the noisy sides themselves, under names with the prefix `noisy_`: what a network has to beat.</summary>
    public IReadOnlyList<UtteranceEvaluation> EvaluateNoisy(
        IReadOnlyList<Utterance> utterances,
        string split,
        Action<UtteranceEvaluation>? done = null,
        CancellationToken cancellation = default
    ) => Run(utterances, split, 0, (_, noisy) => noisy, "noisy_", done, cancellation);

    /// <summary>Means over the utterances that have a value, each with how many have none; the same bits whatever their order.</summary>
    public static ValidationSummary Summarise(string split, IReadOnlyList<UtteranceEvaluation> evaluations)
    {
        ArgumentNullException.ThrowIfNull(evaluations);
        var mean = new Dictionary<string, double>();
        var missing = new Dictionary<string, int>();
        var ordered = evaluations.OrderBy(e => e.Name, StringComparer.Ordinal).ToList();
        foreach (var name in ordered.SelectMany(e => e.Metrics.Keys.Concat(e.Unavailable.Keys)).Distinct())
        {
            var values = ordered.Where(e => e.Metrics.ContainsKey(name)).Select(e => e.Metrics[name]).ToList();
            if (values.Count > 0)
                mean[name] = SampleMean.Of(values);
            if (values.Count < ordered.Count)
                missing[name] = ordered.Count - values.Count;
        }
        return new ValidationSummary
        {
            Split = split,
            Utterances = ordered.Count,
            Mean = mean,
            Missing = missing,
        };
    }

    private UtteranceEvaluation[] Run(
        IReadOnlyList<Utterance> utterances,
        string split,
        int epoch,
        Func<Utterance, float[], float[]> enhance,
        string prefix,
        Action<UtteranceEvaluation>? done,
        CancellationToken cancellation
    )
    {
        var results = new UtteranceEvaluation[utterances.Count];
        for (var at = 0; at < utterances.Count; at += config.BatchSize)
        {
            var end = Math.Min(at + config.BatchSize, utterances.Count);
            var options = new ParallelOptions { MaxDegreeOfParallelism = config.Workers, CancellationToken = cancellation };
            try
            {
                Parallel.For(at, end, options, i => results[i] = Score(utterances[i]));
            }
            catch (AggregateException several) when (several.InnerExceptions is [var first, ..])
            {
                ExceptionDispatchInfo.Throw(first); // as one thread would have thrown it
            }
            for (var i = at; i < end; i++)
                done?.Invoke(results[i]);
        }
        return results;

        UtteranceEvaluation Score(Utterance utterance)
        {
            var (clean, noisy) = utterance.LoadPair();
            // The item's number is a hash of its name: a cut never depends on the order of the files.
            var start = Cuts.Start(clean.Length, seed, epoch, (long)(CounterRandom.Stream(utterance.Name) >> 1));
            var length = Cuts.Length(clean.Length);
            float[] cleanCut = new float[length],
                noisyCut = new float[length];
            CutSampler.Fill(clean, start, cleanCut);
            CutSampler.Fill(noisy, start, noisyCut);
            return Record(utterance, split, epoch, start, cleanCut, enhance(utterance, noisyCut), prefix);
        }
    }

    private static UtteranceEvaluation Record(
        Utterance utterance,
        string split,
        int epoch,
        int start,
        float[] clean,
        float[] enhanced,
        string prefix
    )
    {
        var scores = UtteranceScores.Of(clean, enhanced);
        return new UtteranceEvaluation
        {
            Epoch = epoch,
            Split = split,
            Name = utterance.Name,
            CutStart = start,
            CutLength = clean.Length,
            Metrics = scores.Where(s => s.Result.HasValue).ToDictionary(s => prefix + s.Name, s => s.Result.Value),
            Unavailable = scores.Where(s => !s.Result.HasValue).ToDictionary(s => prefix + s.Name, s => s.Result.Sentence),
        };
    }
}
