using System.Runtime.InteropServices;

namespace SpeechGan.Distributed.Mpi;

/// <summary>Ends this process when a call into MPI does not come back. Nothing else can: MPI's calls to join and to leave have no deadline
/// and cannot be cancelled.</summary>
internal sealed partial class LastResort : IDisposable
{
    private readonly Timer timer;

    private LastResort(TimeSpan time, int code, string? sentence) =>
        timer = new Timer(
            _ =>
            {
                if (sentence is not null)
                    Console.Error.WriteLine($"speechgan: {sentence}");
                Console.Out.Flush();
                Exit(code);
            },
            null,
            time,
            Timeout.InfiniteTimeSpan
        );

    /// <summary>Ends it after a time, unless it is disposed before.</summary>
    /// <param name="time">The time.</param>
    /// <param name="code">Exit code.</param>
    /// <param name="sentence">Said on standard error; null: nothing.</param>
    public static LastResort After(TimeSpan time, int code, string? sentence = null) => new(time, code, sentence);

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    // Environment.Exit runs handlers, MPI's among them, and would wait with them.
    private static void Exit(int code)
    {
        if (OperatingSystem.IsWindows())
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        else
            ExitNow(code);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void ExitNow(int code);
}
