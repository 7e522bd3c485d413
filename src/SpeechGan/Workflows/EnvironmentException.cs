namespace SpeechGan.Workflows;

/// <summary>The machine or the session lacks what was asked for, in a sentence.</summary>
/// <param name="message">The sentence.</param>
public sealed class EnvironmentException(string message) : Exception(message);
