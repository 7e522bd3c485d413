namespace SpeechGan.Import;

/// <summary>A foreign record that cannot be imported, in a sentence: what, which file, found against expected, what to do.</summary>
/// <param name="message">The sentence.</param>
/// <param name="path">File or folder it is about.</param>
/// <param name="cause">What led to it.</param>
public sealed class ImportException(string message, string path, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>File or folder it is about.</summary>
    public string Path => path;
}
