using SpeechGan.Reports;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>Where the one file of --out may be written. Asked before the work, which may take hours.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a place in which no file can be made.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="what">What the file is, in a word or two.</param>
    /// <exception cref="UsageException">It is a folder, a device, or in a folder that does not exist.</exception>
    public static void RequirePlace(string path, string what = "report")
    {
        if (Directory.Exists(path))
            throw new UsageException(
                $"--out '{path}' is a folder; a {what} is one file. Give a file name, for example "
                    + $"{Path.Combine(path, ReportPage.FileName)}."
            );
        // The page is renamed into its place: a device would be replaced by it.
        if (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal))
            throw new UsageException(
                $"--out '{path}' is a device; a {what} is a file. Give a file name, and copy that file where it is wanted."
            );
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw new UsageException($"The folder '{folder}' for the {what} does not exist. Create it, or correct --out.");
    }
}
