namespace SpeechGan.Engine;

/// <summary>The tensor engine cannot be had on this machine, or not as asked, in a sentence.</summary>
public sealed class EngineException : Exception
{
    /// <summary>Makes it.</summary>
    /// <param name="message">What, where, and what to do.</param>
    /// <param name="cause">What the system said; null where nothing was asked of it.</param>
    public EngineException(string message, Exception? cause = null)
        : base(message, cause) { }
}
