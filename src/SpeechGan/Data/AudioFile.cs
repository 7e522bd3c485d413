namespace SpeechGan.Data;

/// <summary>
/// Reads an audio file by its content, whatever its name says: WAV, RF64 and AIFF by NAudio; FLAC, OGG and compressed AIFF through
/// libsndfile where it is installed.
/// </summary>
public static class AudioFile
{
    /// <summary>The endings (lower case, with the dot) by which a corpus' files are found.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".wav", ".flac", ".ogg", ".aiff", ".aif"];

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="AudioFileException">It cannot be read; the message says why and what to do.</exception>
    public static AudioClip Read(string path) => Read(path, SndFile.Installed);

    /// <summary>Reads the header alone.</summary>
    /// <exception cref="AudioFileException">It cannot be read; the message says why and what to do.</exception>
    public static AudioInfo ReadInfo(string path)
    {
        if (PcmReader.ReadInfo(path) is { } info)
            return info;
        using AudioReader reader = Open(path);
        return reader.Info;
    }

    /// <summary>Opens a file to read it block by block.</summary>
    /// <exception cref="AudioFileException">It cannot be read; the message says why and what to do.</exception>
    public static AudioReader Open(string path) => Open(path, SndFile.Installed);

    internal static AudioReader Open(string path, SndFile? sndFile)
    {
        string? kind = CompressedKind(path);
        return (kind is null ? PcmReader.Open(path) : null)
            ?? (AudioReader)Require(path, kind ?? "an AIFF file of another kind than uncompressed integers", sndFile).OpenReader(path);
    }

    internal static AudioClip Read(string path, SndFile? sndFile)
    {
        using AudioReader reader = Open(path, sndFile);
        return reader.Whole();
    }

    internal static AudioFileException Unreadable(string path, Exception error) =>
        error switch
        {
            FileNotFoundException or DirectoryNotFoundException => new AudioFileException(path, "does not exist.", error),
            UnauthorizedAccessException when Directory.Exists(path) => new AudioFileException(
                path,
                "is a folder, and a file is needed.",
                error
            ),
            UnauthorizedAccessException => new AudioFileException(path, "may not be read by this user. Change its permissions.", error),
            _ => new AudioFileException(path, $"cannot be read: {error.Message}", error),
        };

    internal static AudioFileException NonFinite(string path, long index, float sample) =>
        new(
            path,
            $"cannot be used: its sample {index} is {(float.IsNaN(sample) ? "NaN (not a number)" : "infinite")}, and one such sample "
                + $"would spoil every weight of "
                + "the model. Render the file again from its source, or take the pair out of the corpus."
        );

    private static SndFile Require(string path, string kind, SndFile? sndFile) =>
        sndFile
        ?? throw new AudioFileException(
            path,
            $"is {kind}, and libsndfile, which reads it, is not installed. "
                + "Install it (Debian, Ubuntu: apt-get install libsndfile1), or convert the file to WAV."
        );

    private static string? CompressedKind(string path)
    {
        Span<byte> head = stackalloc byte[4];
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw Unreadable(path, error);
        }
        if (head.SequenceEqual("fLaC"u8))
            return "a FLAC file";
        if (head.SequenceEqual("OggS"u8))
            return "an OGG file";
        return null;
    }
}
