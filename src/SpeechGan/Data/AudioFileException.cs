namespace SpeechGan.Data;

/// <summary>An audio file cannot be used. The message is one sentence a person can act on, and begins with the file's path.</summary>
public sealed class AudioFileException : Exception
{
    /// <summary>Creates the exception for one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sentence">What is wrong with it, written to follow the path: "is truncated: ...".</param>
    /// <param name="inner">The error underneath, where there is one.</param>
    public AudioFileException(string path, string sentence, Exception? inner = null)
        : base($"{path} {sentence}", inner) => Path = path;

    /// <summary>The file that cannot be used.</summary>
    public string Path { get; }
}
