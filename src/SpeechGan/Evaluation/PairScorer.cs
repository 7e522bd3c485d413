using SpeechGan.Data;
using SpeechGan.Metrics;

namespace SpeechGan.Evaluation;

/// <summary>What a pair of files got.</summary>
/// <param name="Pair">The files.</param>
/// <param name="Scores">Every metric, or why there is none.</param>
/// <param name="Moved">How far PESQ moves for noise at -60 dB; null where that was not asked for.</param>
/// <param name="Failure">Why the files could not be scored at all; null where they were read.</param>
public sealed record ScoredPair(ScorePair Pair, ScoreSet Scores, MetricResult? Moved, string? Failure)
{
    /// <summary>Whether PESQ jumps for noise that nobody hears; null where that is not known.</summary>
    public bool? Unstable => Moved is { } moved && moved.TryGet(out double distance) ? distance > PesqStability.UnstableFrom : null;
}

/// <summary>
/// Scores files: reads, mixes down and resamples as told, and never throws for what is in a file. The same bits whatever the order or the number
/// of workers.
/// </summary>
public sealed record PairScorer
{
    /// <summary>The conventions.</summary>
    public ScoreOptions Options { get; init; } = ScoreOptions.Default;

    /// <summary>What to do with several channels.</summary>
    public ChannelPolicy Channel { get; init; } = ChannelPolicy.Refuse;

    /// <summary>Rate in Hz to which both files are brought first; null leaves them as they are.</summary>
    public int? Rate { get; init; }

    /// <summary>Whether to measure how stable PESQ is, for the price of one more PESQ.</summary>
    public bool WithStability { get; init; }

    /// <summary>Scores pairs side by side.</summary>
    /// <param name="pairs">In the order of the result.</param>
    /// <param name="workers">At most this many threads, at least 1.</param>
    /// <param name="done">Told after each pair, from any thread; may be null.</param>
    /// <param name="cancellation">Ends it between two pairs.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<ScoredPair> Score(IReadOnlyList<ScorePair> pairs, int workers, Action? done = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var scored = new ScoredPair[pairs.Count];
        // One pair a time for each worker, in order: files differ in length, and ranges handed out in advance would leave workers idle.
        Parallel.ForEach(
            System.Collections.Concurrent.Partitioner.Create(Enumerable.Range(0, pairs.Count), System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation },
            i =>
            {
                scored[i] = Score(pairs[i]);
                done?.Invoke();
            });
        return scored;
    }

    /// <summary>Scores one pair.</summary>
    public ScoredPair Score(ScorePair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
#pragma warning disable CA1031 // Whatever fails here fails for one pair of many; it is counted and told.
        try
        {
            (float[] clean, int rate) = Load(pair.Reference);
            (float[] degraded, int degradedRate) = Load(pair.Degraded);
            if (rate != degradedRate)
            {
                return Failed(pair, UnscorableReason.InvalidSampleRate,
                    $"{pair.Reference} has {rate} samples a second and {pair.Degraded} {degradedRate}. Bring both to one rate with --rate 16000.");
            }

            var scores = ScoreSet.Of(clean, degraded, rate, Options);
            return new ScoredPair(pair, scores, WithStability ? Stability(clean, degraded, rate, scores) : null, null);
        }
        catch (AudioFileException refused)
        {
            return Failed(pair, UnscorableReason.UnreadableFile, refused.Message);
        }
        catch (OutOfMemoryException)
        {
            return Failed(pair, UnscorableReason.ScoringFailed, $"{pair.Reference} is too long for the memory of this machine. Cut it, or use fewer --workers.");
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return Failed(pair, UnscorableReason.ScoringFailed,
                $"Scoring {pair.Degraded} failed with {fault.GetType().Name}: {fault.Message} Please report this as a defect.");
        }
#pragma warning restore CA1031
    }

    private static MetricResult Stability(float[] clean, float[] degraded, int rate, ScoreSet scores)
    {
        PesqMode mode = scores[Metric.PesqWideBand].HasValue ? PesqMode.WideBand : PesqMode.NarrowBand;
        MetricResult pesq = scores[mode == PesqMode.WideBand ? Metric.PesqWideBand : Metric.PesqNarrowBand];
        return PesqStability.Moved(clean, degraded, rate, mode, pesq);
    }

    private (float[] Samples, int Rate) Load(string path)
    {
        AudioClip clip = AudioFile.Read(path);
        if (clip.Channels > 1 && Channel == ChannelPolicy.Refuse)
            throw new AudioFileException(path, $"has {clip.Channels} channels, and one is needed. Say which to take with --channel first (or second, or mean).");
        float[] samples = clip.Mono(Channel);
        if (Rate is not { } rate || rate == clip.SampleRate) return (samples, clip.SampleRate);
        if (clip.SampleRate is < Resampler.LowestRate or > Resampler.HighestRate)
        {
            throw new AudioFileException(
                path, $"has {clip.SampleRate} samples a second; rates from {Resampler.LowestRate} to {Resampler.HighestRate} are brought to {rate}. Convert it.");
        }

        return (new Resampler(clip.SampleRate, rate).Resample(samples), rate);
    }

    private ScoredPair Failed(ScorePair pair, UnscorableReason reason, string sentence) =>
        new(pair, ScoreSet.Unscorable(reason, sentence, Options), null, sentence);
}
