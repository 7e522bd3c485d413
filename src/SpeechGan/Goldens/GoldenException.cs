namespace SpeechGan.Goldens;

/// <summary>A golden that cannot be read, compared or approved, in a sentence.</summary>
public sealed class GoldenException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Why a file event failed, in words.</summary>
    internal static string Why(Exception storage) =>
        storage switch
        {
            UnauthorizedAccessException => "the folder or file is read-only for this user",
            DirectoryNotFoundException => "a folder of its path does not exist",
            IOException when (storage.HResult & 0xFFFF) == 28 || storage.Message.Contains("No space left", StringComparison.Ordinal) =>
                "the disk is full",
            _ => storage.Message.TrimEnd('.'),
        };
}
