namespace SpeechGan.Data;

/// <summary>One channel of a file, every sample finite; it holds one block of frames.</summary>
internal sealed class MonoReader(AudioReader reader, ChannelPolicy policy) : ISampleReader
{
    private const int BlockFrames = 4096;

    private readonly float[] block = reader.Info.Channels == 1 ? [] : new float[BlockFrames * reader.Info.Channels];
    private long done; // samples of all channels

    public int SampleRate => reader.Info.SampleRate;

    public int Read(Span<float> samples)
    {
        if (reader.Info.Channels == 1)
            return Checked(samples, reader.Read(samples));
        int frames = 0;
        while (frames < samples.Length)
        {
            int wanted = Math.Min(BlockFrames, samples.Length - frames) * reader.Info.Channels;
            int count = Checked(block, reader.Read(block.AsSpan(0, wanted)));
            ChannelPolicies.Mix(block.AsSpan(0, count), reader.Info.Channels, policy, samples[frames..]);
            frames += count / reader.Info.Channels;
            if (count < wanted)
                break;
        }
        return frames;
    }

    public void Restart()
    {
        reader.Restart();
        done = 0;
    }

    // Every channel counts, also one that is not taken: as for a file that is read whole.
    private int Checked(ReadOnlySpan<float> samples, int count)
    {
        for (int i = 0; i < count; i++)
            if (!float.IsFinite(samples[i]))
                throw AudioFile.NonFinite(reader.Path, done + i, samples[i]);
        done += count;
        return count;
    }
}
