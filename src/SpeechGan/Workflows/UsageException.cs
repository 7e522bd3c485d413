namespace SpeechGan.Workflows;

/// <summary>The command line asks for something that cannot be done, in a sentence.</summary>
public sealed class UsageException : Exception
{
    /// <summary>Makes it.</summary>
    public UsageException(string message)
        : base(message) { }
}
