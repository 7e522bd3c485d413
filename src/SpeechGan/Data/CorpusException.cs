namespace SpeechGan.Data;

/// <summary>A corpus cannot be used as it lies there. The message says what is wrong with which folder and what to do.</summary>
public sealed class CorpusException : Exception
{
    /// <summary>Creates the exception for one folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="sentence">What is wrong with it, written to follow the path.</param>
    /// <param name="inner">The error underneath, where there is one.</param>
    public CorpusException(string path, string sentence, Exception? inner = null)
        : base($"{path} {sentence}", inner) => Path = path;

    /// <summary>The folder that cannot be used.</summary>
    public string Path { get; }
}
