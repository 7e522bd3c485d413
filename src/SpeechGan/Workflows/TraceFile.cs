using System.Globalization;
using System.Text;
using SpeechGan.Comparison;
using SpeechGan.Runs;

namespace SpeechGan.Workflows;

/// <summary>A trace on the disk.</summary>
internal static class TraceFile
{
    // What is left to others on a disk that a trace would fill.
    private const long Spared = 16 << 20;

    /// <summary>Writes it, aside and renamed; what the disk has no room for is told before.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trace">The trace.</param>
    /// <param name="free">Free bytes of the disk; null: asked.</param>
    /// <exception cref="EnvironmentException">The disk has less room than it takes.</exception>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public static void Write(string path, StepTrace trace, long? free = null)
    {
        var full = Path.GetFullPath(path);
        var text = trace.Write();
        long bytes = Encoding.UTF8.GetByteCount(text),
            room = free ?? new DriveInfo(Path.GetDirectoryName(full)!).AvailableFreeSpace;
        if (bytes + Spared > room)
            throw new EnvironmentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The trace takes {bytes / 1e6:F1} MB, and the disk of '{full}' has {room / 1e6:F1} MB free (16 MB are left to "
                        + $"others). Nothing was written: make room, or give another --out."
                )
            );
        StorageGuard.Run("write the trace", full, () => DiskStorage.Instance.Publish(full, text));
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="ComparisonException">It is not there, or no sound trace.</exception>
    public static StepTrace Read(string path)
    {
        try
        {
            return StepTrace.Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ComparisonException($"The trace '{path}' cannot be read: {e.Message}");
        }
    }
}
