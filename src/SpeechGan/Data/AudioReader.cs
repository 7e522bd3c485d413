namespace SpeechGan.Data;

/// <summary>
/// Reads an audio file block by block, in memory that does not depend on its length; it can begin again. Made by
/// <see cref="AudioFile.Open(string)"/>.
/// </summary>
/// <param name="path">The file, for error messages.</param>
/// <param name="info">What its header says.</param>
public abstract class AudioReader(string path, AudioInfo info) : IDisposable
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What its header says. A reader that came to the end without a refusal has handed out exactly so many frames.</summary>
    public AudioInfo Info { get; } = info;

    /// <summary>Hands out the next whole frames.</summary>
    /// <param name="interleaved">Is filled from its beginning, [frame, channel] row-major, full scale -1 .. 1; room for at least one frame.
    /// Float files may hold NaN.</param>
    /// <returns>How many samples of all channels together were filled: fewer than whole frames have room at the file's end alone, 0 behind
    /// it.</returns>
    /// <exception cref="AudioFileException">The file cannot be read on; the message says why.</exception>
    public abstract int Read(Span<float> interleaved);

    /// <summary>Reads the file whole.</summary>
    /// <exception cref="AudioFileException">It is too long for one array, or cannot be read on.</exception>
    internal virtual AudioClip Whole()
    {
        long count = Info.Frames * Info.Channels;
        if (count > Array.MaxLength)
            throw new AudioFileException(Path, $"holds {count} samples; up to {Array.MaxLength} are read here. Split it.");
        // Bounded by the file's real length: its guard has seen that the data bytes are there.
        var samples = new float[count];
        if (count > 0)
            _ = Read(samples);
        return new AudioClip(Path, Info.SampleRate, Info.Channels, samples) { Note = Info.Note };
    }

    /// <summary>Begins again: the same samples follow once more.</summary>
    /// <exception cref="AudioFileException">The file cannot be read again; the message says why.</exception>
    public abstract void Restart();

    /// <summary>One channel of the file as the policy says, every sample finite. It reads through this reader, which must stay
    /// open.</summary>
    /// <param name="policy">What to do with several channels.</param>
    /// <exception cref="AudioFileException">There are several channels and the policy refuses them. Reading names the first sample that is
    /// not finite.</exception>
    public ISampleReader Mono(ChannelPolicy policy)
    {
        ChannelPolicies.Check(Path, Info.Channels, policy);
        return new MonoReader(this, policy);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the file.</summary>
    /// <param name="disposing">False where a finalizer calls.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Room for whole frames alone.</summary>
    private protected Span<float> WholeFrames(Span<float> interleaved)
    {
        if (interleaved.Length < Info.Channels)
            throw new ArgumentException(
                $"Room for {interleaved.Length} samples holds no frame of {Info.Channels} channels.",
                nameof(interleaved)
            );
        return interleaved[..(interleaved.Length - (interleaved.Length % Info.Channels))];
    }
}
