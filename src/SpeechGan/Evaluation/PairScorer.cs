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
    /// <summary>What the user should know of the files, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The rate in Hz that the degraded file had before it was resampled; null where it was not.</summary>
    public int? ResampledFrom { get; init; }

    /// <summary>Whether PESQ jumps for inaudible noise; null where that is not known.</summary>
    public bool? Unstable => Moved is { } moved && moved.TryGet(out double distance) ? distance > PesqStability.UnstableFrom : null;
}

/// <summary>
/// Scores files: reads, mixes down and resamples as told, and never throws for what is in a file. The same bits whatever the order or the
/// number of workers.
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
    public IReadOnlyList<ScoredPair> Score(
        IReadOnlyList<ScorePair> pairs,
        int workers,
        Action? done = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var scored = new ScoredPair[pairs.Count];
        // Versions of one clean file come one after the other and share it; it is let go with the last of them. One pair a time for each
        // worker, in order: files differ in length, and ranges handed out in advance would leave workers idle.
        (int Index, SharedReference Clean)[] works =
        [
            .. Enumerable
                .Range(0, pairs.Count)
                .GroupBy(i => pairs[i].Reference, StringComparer.Ordinal)
                .SelectMany(versions =>
                {
                    var clean = new SharedReference(() => Load(versions.Key), Options, prepare: WithStability || versions.Skip(1).Any());
                    return versions.Select(i => (i, clean)).ToArray();
                }),
        ];
        Parallel.ForEach(
            System.Collections.Concurrent.Partitioner.Create(
                Enumerable.Range(0, works.Length),
                System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering
            ),
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation },
            k =>
            {
                (int i, SharedReference clean) = works[k];
                works[k] = default;
                scored[i] = Score(pairs[i], clean);
                done?.Invoke();
            }
        );
        return scored;
    }

    /// <summary>Scores one pair.</summary>
    public ScoredPair Score(ScorePair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return Score(pair, new SharedReference(() => Load(pair.Reference), Options, WithStability));
    }

    private ScoredPair Score(ScorePair pair, SharedReference reference)
    {
#pragma warning disable CA1031 // Whatever fails here fails for one pair of many; it is counted and told.
        try
        {
            (Loaded clean, ScoreReference? prepared) = reference.Value;
            Loaded degraded = Load(pair.Degraded);
            int rate = clean.Rate;
            string[] notes = [.. new[] { clean.Note, degraded.Note }.OfType<string>()];
            if (rate != degraded.Rate)
                return Failed(
                    pair,
                    UnscorableReason.InvalidSampleRate,
                    $"{pair.Reference} has {rate} samples a second and {pair.Degraded} {degraded.Rate}. Resample both to 16000 with "
                        + $"--resample."
                );

            ScoreSet scores = prepared is null
                ? ScoreSet.Of(clean.Samples, degraded.Samples, rate, Options)
                : ScoreSet.Of(prepared, degraded.Samples);
            if (rate is not 8000 && scores.Results.Any(r => r.Result.Unscorable == UnscorableReason.InvalidSampleRate))
                notes =
                [
                    .. notes,
                    $"Files at {rate} Hz have no PESQ and no measure that is built on it: --resample converts them to 16000 Hz, where "
                        + $"every metric is defined.",
                ];
            return new ScoredPair(pair, scores, WithStability ? Stability(prepared!, degraded.Samples, scores) : null, null)
            {
                Notes = notes,
                ResampledFrom =
                    degraded.From != degraded.Rate ? degraded.From
                    : clean.From != clean.Rate ? clean.From
                    : null,
            };
        }
        catch (AudioFileException refused)
        {
            return Failed(pair, UnscorableReason.UnreadableFile, refused.Message);
        }
        catch (OutOfMemoryException)
        {
            return Failed(
                pair,
                UnscorableReason.ScoringFailed,
                $"{pair.Reference} is too long for the memory of this machine. Cut it, or use fewer --workers."
            );
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return Failed(
                pair,
                UnscorableReason.ScoringFailed,
                $"Scoring {pair.Degraded} failed with {fault.GetType().Name}: {fault.Message} Please report this as a defect."
            );
        }
#pragma warning restore CA1031
    }

    private static MetricResult Stability(ScoreReference clean, float[] degraded, ScoreSet scores) =>
        scores[Metric.PesqWideBand].HasValue
            ? PesqStability.Moved(clean.WideBand, degraded, scores[Metric.PesqWideBand])
            : PesqStability.Moved(clean.NarrowBand, degraded, scores[Metric.PesqNarrowBand]);

    private Loaded Load(string path)
    {
        AudioClip clip = AudioFile.Read(path);
        if (clip.Channels > 1 && Channel == ChannelPolicy.Refuse)
            throw new AudioFileException(
                path,
                $"has {clip.Channels} channels, and one is needed. Say which to take with --channel first (or second, or mean)."
            );
        float[] samples = clip.Mono(Channel);
        string? note = clip.Note is { } told ? $"{path} {told}" : null;
        if (Rate is not { } rate || rate == clip.SampleRate)
            return new Loaded(samples, clip.SampleRate, clip.SampleRate, note);
        if (clip.SampleRate is < Resampler.LowestRate or > Resampler.HighestRate)
            throw new AudioFileException(
                path,
                $"has {clip.SampleRate} samples a second; rates from {Resampler.LowestRate} to {Resampler.HighestRate} can be resampled to "
                    + $"{rate}. Convert it."
            );

        return new Loaded(new Resampler(clip.SampleRate, rate).Resample(samples), rate, clip.SampleRate, note);
    }

    // One side: its samples at the rate they are scored at, the rate of the file, what is to be told of it.
    private sealed record Loaded(float[] Samples, int Rate, int From, string? Note);

    // The clean side of several pairs: read by the first that needs it, while the others wait. A file that is refused is refused for each
    // of them.
    private sealed class SharedReference(Func<Loaded> load, ScoreOptions options, bool prepare)
    {
        private readonly Lazy<(Loaded Clean, ScoreReference? Prepared)> value = new(() =>
        {
            Loaded clean = load();
            return (clean, prepare ? new ScoreReference(clean.Samples, clean.Rate, options) : null);
        });

        public (Loaded Clean, ScoreReference? Prepared) Value => value.Value;
    }

    private ScoredPair Failed(ScorePair pair, UnscorableReason reason, string sentence) =>
        new(pair, ScoreSet.Unscorable(reason, sentence, Options), null, sentence);
}
