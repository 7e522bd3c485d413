namespace SpeechGan.Workflows;

/// <summary>Where results lie that may be lost at any time and save work when they are there: <c>$XDG_CACHE_HOME/speechgan</c>, or
/// <c>~/.cache/speechgan</c>.</summary>
internal static class CacheFolder
{
    /// <summary>The folder for a kind of results; it may not be there.</summary>
    public static string Of(string kind) =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "speechgan",
            kind
        );
}
