using System.Collections.Concurrent;

namespace SpeechGan.Data;

/// <summary>
/// Decodes pairs as the corpus' options say, and keeps them in memory while they fit into the bound. What came first stays: over the
/// repeated passes of training that hits more often than replacing the oldest. Safe for several threads.
/// </summary>
internal sealed class PairLoader(CorpusOptions options)
{
    private readonly ConcurrentDictionary<string, (float[] Clean, float[] Noisy)> kept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, Resampler> resamplers = new();
    private long keptBytes;

    internal bool Keeps => options.CacheBytes > 0;

    internal long KeptBytes => Interlocked.Read(ref keptBytes);

    /// <summary>The samples that a file will have after loading, from its header alone, and what the user should know of it; refuses what
    /// the header already shows to be unusable.</summary>
    internal long Samples(string path, List<string> notes)
    {
        AudioInfo info = AudioFile.ReadInfo(path);
        if (info.Note is { } note)
            notes.Add($"{path} {note}");
        ChannelPolicies.Check(path, info.Channels, options.Channel);
        if (info.Frames == 0)
            throw new AudioFileException(path, "holds no samples. Remove the pair from the corpus.");
        if (info.SampleRate == options.SampleRate)
            return info.Frames;
        if (info.SampleRate is < Resampler.LowestRate or > Resampler.HighestRate)
            throw new AudioFileException(
                path,
                $"has {info.SampleRate} samples a second; rates from {Resampler.LowestRate} to {Resampler.HighestRate} "
                    + $"can be resampled to {options.SampleRate}. Convert it."
            );
        return Resampler.Length(info.Frames, info.SampleRate, options.SampleRate);
    }

    internal (float[] Clean, float[] Noisy) Load(Utterance utterance)
    {
        if (kept.TryGetValue(utterance.CleanPath, out var pair))
            return pair;
        pair = (LoadSide(utterance.CleanPath, utterance.Samples), LoadSide(utterance.NoisyPath, utterance.Samples));
        long bytes = 2L * sizeof(float) * utterance.Samples;
        if (Keeps && Interlocked.Add(ref keptBytes, bytes) <= options.CacheBytes && kept.TryAdd(utterance.CleanPath, pair))
            return pair;
        if (Keeps)
            Interlocked.Add(ref keptBytes, -bytes);
        return pair;
    }

    private float[] LoadSide(string path, int samples)
    {
        AudioClip clip = AudioFile.Read(path);
        clip.RequireFinite();
        float[] side = clip.Mono(options.Channel);
        if (clip.SampleRate != options.SampleRate)
            side = resamplers.GetOrAdd(clip.SampleRate, rate => new Resampler(rate, options.SampleRate)).Resample(side);
        bool fits = options.OnLengthMismatch == LengthMismatchPolicy.CutToShorter ? side.Length >= samples : side.Length == samples;
        if (!fits)
            throw new AudioFileException(
                path,
                $"had {samples} samples when the corpus was opened and has {side.Length} now: it changed meanwhile. Start again."
            );
        return side.Length == samples ? side : side[..samples];
    }
}
