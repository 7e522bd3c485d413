namespace SpeechGan.Runs;

/// <summary>A run folder that cannot be used, in a sentence: what, which path, what to do.</summary>
public sealed class RunFolderException : Exception
{
    /// <summary>Bad usage or input (exit code 2).</summary>
    public const int BadUsage = 2;

    /// <summary>The environment lacks something: space, rights, a working disk (exit code 3).</summary>
    public const int Environment = 3;

    /// <summary>A sentence about a path.</summary>
    public RunFolderException(string message, string path, int exitCode, Exception? cause = null)
        : base(message, cause)
    {
        Path = path;
        ExitCode = exitCode;
    }

    /// <summary>File or folder it is about.</summary>
    public string Path { get; }

    /// <summary>Exit code of the command line: 2 or 3.</summary>
    public int ExitCode { get; }

    /// <summary>Puts an I/O failure into a sentence.</summary>
    internal static RunFolderException From(Exception cause, string doing, string path)
    {
        const int enospcOnLinux = 28;
        var (why, advice) = cause switch
        {
            UnauthorizedAccessException => ("the folder or file is read-only for this user", "Check its rights, or choose another place."),
            DirectoryNotFoundException => ("a folder of its path does not exist", "Check the path, or create the folder."),
            IOException
                when (cause.HResult & 0xFFFF) == enospcOnLinux || cause.Message.Contains("No space left", StringComparison.Ordinal) => (
                "the disk is full",
                "Free some space, then continue the run with --resume: the last checkpoint is intact."
            ),
            _ => (cause.Message.TrimEnd('.'), "Check the disk; what was saved before is intact."),
        };
        return new RunFolderException($"Cannot {doing} '{path}': {why}. {advice}", path, Environment, cause);
    }

    /// <summary>Whether an exception tells of storage rather than of a mistake in this program.</summary>
    internal static bool IsStorage(Exception e) => e is IOException or UnauthorizedAccessException;
}
