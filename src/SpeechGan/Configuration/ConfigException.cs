namespace SpeechGan.Configuration;

/// <summary>A configuration that cannot be used: every problem found, each in one sentence (key, found, allowed, what to do). Exit code
/// 2.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>Collects the problems of one configuration.</summary>
    public ConfigException(IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>The sentences, in the order of the knobs.</summary>
    public IReadOnlyList<string> Problems { get; }
}
