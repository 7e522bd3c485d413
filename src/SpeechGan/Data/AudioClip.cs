namespace SpeechGan.Data;

/// <summary>What a file's header says, checked against the file's real length.</summary>
/// <param name="SampleRate">Samples a second of each channel, in Hz.</param>
/// <param name="Channels">Number of channels, at least 1.</param>
/// <param name="Frames">Samples of each channel.</param>
public sealed record AudioInfo(int SampleRate, int Channels, long Frames)
{
    /// <summary>What the user should know of the file, written to follow its path; null where it is as it should be.</summary>
    public string? Note { get; init; }
}

/// <summary>The decoded samples of one audio file, full scale being -1 .. 1.</summary>
public sealed class AudioClip
{
    private readonly float[] interleaved;

    /// <summary>Wraps decoded samples; the array is taken over, not copied.</summary>
    /// <param name="path">The file the samples came from, for error messages.</param>
    /// <param name="sampleRate">Samples a second of each channel, in Hz.</param>
    /// <param name="channels">Number of channels, at least 1.</param>
    /// <param name="interleaved">Samples, [frame, channel] row-major.</param>
    public AudioClip(string path, int sampleRate, int channels, float[] interleaved)
    {
        ArgumentNullException.ThrowIfNull(interleaved);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (interleaved.Length % channels != 0)
            throw new ArgumentException($"{interleaved.Length} samples are not whole frames of {channels} channels.", nameof(interleaved));
        Path = path;
        SampleRate = sampleRate;
        Channels = channels;
        this.interleaved = interleaved;
        FirstNonFinite = FindNonFinite(interleaved);
    }

    /// <summary>The file the samples came from.</summary>
    public string Path { get; }

    /// <summary>Samples a second of each channel, in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>Number of channels.</summary>
    public int Channels { get; }

    /// <summary>Samples of each channel.</summary>
    public int Frames => interleaved.Length / Channels;

    /// <summary>All samples, [frame, channel] row-major.</summary>
    public ReadOnlySpan<float> Interleaved => interleaved;

    /// <summary>What the user should know of the file (<see cref="AudioInfo.Note"/>); null where it is as it should be.</summary>
    public string? Note { get; init; }

    /// <summary>Index into <see cref="Interleaved"/> of the first NaN or infinite sample; null where all are finite.</summary>
    public int? FirstNonFinite { get; }

    /// <summary>One channel's samples, as the policy says. A clip of one channel needs no choice.</summary>
    /// <param name="policy">What to do with several channels.</param>
    /// <returns>A fresh array of <see cref="Frames"/> samples.</returns>
    /// <exception cref="AudioFileException">There are several channels and the policy refuses them.</exception>
    public float[] Mono(ChannelPolicy policy)
    {
        if (Channels == 1)
            return (float[])interleaved.Clone();
        ChannelPolicies.Check(Path, Channels, policy);
        var mono = new float[Frames];
        ChannelPolicies.Mix(interleaved, Channels, policy, mono);
        return mono;
    }

    /// <summary>Refuses a clip that holds NaN or infinite samples.</summary>
    /// <exception cref="AudioFileException">Names the first such sample.</exception>
    public void RequireFinite()
    {
        if (FirstNonFinite is { } index)
            throw AudioFile.NonFinite(Path, index, interleaved[index]);
    }

    private static int? FindNonFinite(float[] samples)
    {
        for (int i = 0; i < samples.Length; i++)
            if (!float.IsFinite(samples[i]))
                return i;
        return null;
    }
}
