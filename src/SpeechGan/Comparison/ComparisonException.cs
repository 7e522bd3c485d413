namespace SpeechGan.Comparison;

/// <summary>Two runs cannot be compared, in a sentence.</summary>
public sealed class ComparisonException : Exception
{
    /// <summary>Makes it.</summary>
    public ComparisonException(string message)
        : base(message) { }
}
