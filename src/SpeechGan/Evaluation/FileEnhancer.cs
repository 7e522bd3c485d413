using SpeechGan.Data;

namespace SpeechGan.Evaluation;

/// <summary>Enhances an audio file of any length and usual rate into a WAV (or AIFF) file of the same rate and length, in memory that does
/// not depend on the length.</summary>
public static class FileEnhancer
{
    private const int Block = 16_384;

    /// <summary>
    /// Enhances one file. It is read twice, the first time for its power; it may be the result's own path. The result is 16-bit PCM of one
    /// channel and appears whole or not at all.
    /// </summary>
    /// <param name="enhancer">The network.</param>
    /// <param name="from">The noisy file.</param>
    /// <param name="to">The file to write: AIFF where its name ends so, else WAV; beyond 4 GB RF64.</param>
    /// <param name="channel">What to do with several channels.</param>
    /// <param name="done">Told the samples that are written, and how many there will be; may be null.</param>
    /// <param name="stop">Ends the work between two blocks or pieces; nothing is left behind.</param>
    /// <returns>The number of samples that had to be limited to full scale: tell the user where it is not 0.</returns>
    /// <exception cref="AudioFileException">The file cannot be read or enhanced, or the result cannot be written; the message says
    /// why.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static long Enhance(
        Enhancer enhancer,
        string from,
        string to,
        ChannelPolicy channel,
        Action<long, long>? done = null,
        CancellationToken stop = default
    )
    {
        ArgumentNullException.ThrowIfNull(enhancer);
        using var reader = AudioFile.Open(from);
        var noisy = reader.Mono(channel);
        RequireEnhanceable(from, reader.Info);
        // Opened before the work: what cannot be written is told now, not in hours.
        using var writer = new WavWriter(to, reader.Info.SampleRate, frames: reader.Info.Frames);
        var enhanced = Enhanced(enhancer, from, noisy, stop);
        var block = new float[Block];
        for (var left = reader.Info.Frames; left > 0; )
        {
            stop.ThrowIfCancellationRequested();
            // Resampled there and back a signal may be longer by a sample or a few: the end is cut off.
            var count = enhanced.Read(block.AsSpan(0, (int)Math.Min(left, Block)));
            if (count == 0)
                throw new InvalidOperationException($"{from}: the enhanced signal ends {left} samples early.");
            writer.Append(block.AsSpan(0, count));
            left -= count;
            done?.Invoke(reader.Info.Frames - left, reader.Info.Frames);
        }
        // Closed before the rename, which may take its place.
        reader.Dispose();
        writer.Complete();
        return writer.Limited;
    }

    private static ISampleReader Enhanced(Enhancer enhancer, string from, ISampleReader noisy, CancellationToken stop)
    {
        var rate = noisy.SampleRate;
        if (rate == RunConfig.SampleRate)
            return enhancer.Enhance(noisy, stop);
        var atModelRate = new Resampler(rate, RunConfig.SampleRate).Resample(noisy);
        try
        {
            return new Resampler(RunConfig.SampleRate, rate).Resample(enhancer.Enhance(atModelRate, stop));
        }
        catch (ArgumentException e)
        {
            // Float samples near the largest number there is: all finite, and infinite between two of them.
            throw new AudioFileException(
                from,
                $"cannot be resampled to {RunConfig.SampleRate} samples a second: its samples are near the largest 32-bit float. "
                    + $"Scale it to -1 .. 1.",
                e
            );
        }
    }

    private static void RequireEnhanceable(string from, AudioInfo info)
    {
        if (info.Frames == 0)
            throw new AudioFileException(from, "holds no samples: there is nothing to enhance.");
        if (info.SampleRate is < Resampler.LowestRate or > Resampler.HighestRate)
            throw new AudioFileException(
                from,
                $"has {info.SampleRate} samples a second; rates from {Resampler.LowestRate} to {Resampler.HighestRate} are enhanced. "
                    + $"Convert it."
            );
    }
}
