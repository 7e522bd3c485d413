namespace SpeechGan.Regression;

/// <summary>A golden that cannot be read or approved, in a sentence.</summary>
public sealed class GoldenException(string message, Exception? cause = null) : Exception(message, cause);
