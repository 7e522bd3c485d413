namespace SpeechGan.Data;

/// <summary>What to do with a file of several channels (<c>data.channel</c>): the models work on one.</summary>
public enum ChannelPolicy
{
    /// <summary>Refuse the file, so that no training uses half of a recording unnoticed.</summary>
    Refuse,

    /// <summary>Take the first channel.</summary>
    First,

    /// <summary>Take the second channel.</summary>
    Second,

    /// <summary>Take the mean of all channels.</summary>
    Mean,
}

internal static class ChannelPolicies
{
    internal static void Check(string path, int channels, ChannelPolicy policy)
    {
        if (channels > 1 && policy == ChannelPolicy.Refuse)
            throw new AudioFileException(
                path,
                $"has {channels} channels, and one is needed. Say which to take with --set data.channel=first "
                    + "(or second, or mean), or convert the file to mono."
            );
    }

    /// <summary>Makes one channel of interleaved ones; <see cref="Check"/> has let the policy pass.</summary>
    /// <param name="interleaved">[frame, channel] row-major.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="policy">Which to take.</param>
    /// <param name="mono">Room for as many samples as there are frames.</param>
    internal static void Mix(ReadOnlySpan<float> interleaved, int channels, ChannelPolicy policy, Span<float> mono)
    {
        for (int frame = 0; frame < interleaved.Length / channels; frame++)
        {
            ReadOnlySpan<float> samples = interleaved.Slice(frame * channels, channels);
            mono[frame] = policy switch
            {
                ChannelPolicy.First => samples[0],
                ChannelPolicy.Second => samples[1],
                _ => Mean(samples),
            };
        }
    }

    // Summed in double in channel order: the same bits everywhere.
    private static float Mean(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        foreach (float sample in samples)
            sum += sample;
        return (float)(sum / samples.Length);
    }
}
