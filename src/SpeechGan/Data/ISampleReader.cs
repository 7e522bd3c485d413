namespace SpeechGan.Data;

/// <summary>
/// One channel of a signal, handed out block by block from its beginning, as often as wanted: what a signal of any length passes through in
/// bounded memory.
/// </summary>
public interface ISampleReader
{
    /// <summary>Samples a second, in Hz.</summary>
    int SampleRate { get; }

    /// <summary>Hands out the next samples, all of them finite where the reader says so.</summary>
    /// <param name="samples">Is filled from its beginning.</param>
    /// <returns>How many samples were filled: fewer than asked for at the signal's end alone, 0 behind it.</returns>
    /// <exception cref="AudioFileException">The file underneath cannot be read on; the message says why.</exception>
    int Read(Span<float> samples);

    /// <summary>Begins again: the same samples follow once more.</summary>
    /// <exception cref="AudioFileException">The file underneath cannot be read again; the message says why.</exception>
    void Restart();
}
