namespace SpeechGan.Data;

/// <summary>
/// Reads an audio file by its content, whatever its name says: WAV in managed code; FLAC, OGG and AIFF through libsndfile where it is installed.
/// </summary>
public static class AudioFile
{
    private enum Kind
    {
        Wav,
        ThroughSndFile,
    }

    /// <summary>The endings (lower case, with the dot) by which a corpus' files are found.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".wav", ".flac", ".ogg", ".aiff", ".aif"];

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="AudioFileException">It cannot be read; the message says why and what to do.</exception>
    public static AudioClip Read(string path) => Read(path, SndFile.Installed);

    /// <summary>Reads the header alone.</summary>
    /// <exception cref="AudioFileException">It cannot be read; the message says why and what to do.</exception>
    public static AudioInfo ReadInfo(string path) =>
        KindOf(path) == Kind.Wav ? WavFile.ReadInfo(path) : Require(path, SndFile.Installed).ReadInfo(path);

    /// <summary>Opens a file to read it block by block.</summary>
    /// <exception cref="AudioFileException">It cannot be read; the message says why and what to do.</exception>
    public static AudioReader Open(string path) => Open(path, SndFile.Installed);

    internal static AudioReader Open(string path, SndFile? sndFile) =>
        KindOf(path) == Kind.Wav ? WavReader.Open(path) : Require(path, sndFile).OpenReader(path);

    internal static AudioClip Read(string path, SndFile? sndFile) =>
        KindOf(path) == Kind.Wav ? WavFile.Read(path) : Require(path, sndFile).Read(path);

    internal static AudioFileException Unreadable(string path, Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => new AudioFileException(path, "does not exist.", error),
        UnauthorizedAccessException when Directory.Exists(path) => new AudioFileException(path, "is a folder, and a file is needed.", error),
        UnauthorizedAccessException => new AudioFileException(path, "may not be read by this user. Change its permissions.", error),
        _ => new AudioFileException(path, $"cannot be read: {error.Message}", error),
    };

    internal static AudioFileException NonFinite(string path, long index, float sample) => new(
        path, $"cannot be used: its sample {index} is {(float.IsNaN(sample) ? "NaN (not a number)" : "infinite")}, and one such sample would spoil every weight of " +
        "the model. Render the file again from its source, or take the pair out of the corpus.");

    private static SndFile Require(string path, SndFile? sndFile) => sndFile
        ?? throw new AudioFileException(path, "is not a WAV file, and libsndfile, which reads FLAC, OGG and AIFF, is not installed. " +
            "Install it (Debian, Ubuntu: apt-get install libsndfile1), or convert the file to WAV.");

    private static Kind KindOf(string path)
    {
        Span<byte> head = stackalloc byte[12];
        int count;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unreadable(path, error);
        }
        head = head[..count];
        bool aiff = count == 12 && head[..4].SequenceEqual("FORM"u8) && head[8..11].SequenceEqual("AIF"u8);
        return aiff || head.StartsWith("fLaC"u8) || head.StartsWith("OggS"u8) ? Kind.ThroughSndFile : Kind.Wav;
    }
}
