using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SpeechGan.Workflows;

/// <summary>
/// mpirun as a child whose outputs are ours. It gets a session of its own where the system can (setsid): Ctrl-C of the terminal would make
/// it end the ranks at once. We get it, and hand on SIGUSR1, which mpirun gives to all ranks and which asks for a checkpoint and an end. A
/// second request ends the job.
/// </summary>
internal static partial class MpiJob
{
    private const int Terminate = 15;
    private static readonly int UserSignal = OperatingSystem.IsMacOS() ? 30 : 10;

    /// <summary>Runs it to its end.</summary>
    /// <param name="command">mpirun and its words.</param>
    /// <param name="stop">Asks for an end.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="UsageException">It cannot be started.</exception>
    public static int Run(IReadOnlyList<string> command, CancellationToken stop)
    {
        var ownSession = File.Exists(SetSid);
        var words = ownSession ? [SetSid, "--wait", .. command] : command;
        var start = new ProcessStartInfo(words[0]) { RedirectStandardInput = true };
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        Process job;
        try
        {
            job = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new UsageException($"'{words[0]}' cannot be started: {e.Message}.");
        }
        using (job)
        {
            job.StandardInput.Close();
            using var gentle = stop.Register(() => Send(job, ownSession ? UserSignal : Terminate));
            var asked = 0;
            // The second Ctrl-C: System.CommandLine cancels once.
            using var again = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
                {
                    context.Cancel = true;
                    if (Interlocked.Increment(ref asked) > 1)
                        Send(job, Terminate);
                });
            job.WaitForExit();
            return job.ExitCode;
        }
    }

    // util-linux; --wait hands on the exit code where setsid had to fork.
    private const string SetSid = "/usr/bin/setsid";

    private static void Send(Process process, int signal)
    {
        if (process.HasExited)
            return;
        if (OperatingSystem.IsWindows())
            process.Kill(entireProcessTree: true);
        else
            _ = Signal(process.Id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
