namespace SpeechGan.Runs;

/// <summary>Bytes that are no sound safetensors file, in a sentence: which file, what was found, what is allowed.</summary>
public sealed class SafetensorsException : Exception
{
    /// <summary>A sentence about a source.</summary>
    public SafetensorsException(string source, string problem, Exception? cause = null)
        : base($"{source}: {problem}", cause) => File = source;

    /// <summary>File, or what else the bytes came from.</summary>
    public string File { get; }
}
