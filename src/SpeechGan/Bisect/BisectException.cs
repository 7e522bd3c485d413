namespace SpeechGan.Bisect;

/// <summary>A bisect that cannot be made as it was asked for, in a sentence.</summary>
public sealed class BisectException(string message) : Exception(message);
