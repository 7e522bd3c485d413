using System.Globalization;
using System.Text.RegularExpressions;
using SpeechGan.Distributed.Mpi;

namespace SpeechGan.Workflows;

/// <summary>The mpirun of this machine, and how it is asked for processes.</summary>
/// <param name="Path">The program.</param>
/// <param name="Family">Whose it is.</param>
/// <param name="Version">What it says it is, in a line.</param>
internal sealed partial record MpiRun(string Path, MpiFamily Family, string Version)
{
    private static readonly string[] Names = ["mpirun", "mpiexec", "mpirun.openmpi", "mpirun.mpich", "mpiexec.hydra"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Looks along PATH; null where there is none that answers.</summary>
    public static MpiRun? Find()
    {
        foreach (var name in Names)
            if (OnPath(name) is { } path && Ask(path) is { } found)
                return found;
        return null;
    }

    /// <summary>The command line that starts processes on this machine.</summary>
    /// <param name="processes">Their number, more than there are cores where need be.</param>
    /// <param name="command">What each runs.</param>
    /// <param name="isRoot">Whether root asks, which Open MPI has to be told.</param>
    public IReadOnlyList<string> Command(int processes, IReadOnlyList<string> command, bool isRoot)
    {
        var count = processes.ToString(CultureInfo.InvariantCulture);
        // Not bound to a core each: a rank has train.threads threads. Quiet: what went wrong, the ranks say.
        return Family == MpiFamily.OpenMpi
            ?
            [
                Path,
                .. isRoot ? ["--allow-run-as-root"] : Array.Empty<string>(),
                "--oversubscribe",
                "--bind-to",
                "none",
                "--quiet",
                "-n",
                count,
                .. command,
            ]
            : [Path, "-n", count, .. command];
    }

    /// <summary>
    /// What a job's end was, as a shell says it. MPICH gives a signal's bare number; and where ranks end just after a signal was handed on
    /// to them, Hydra may lose their exit codes and give 0 (seen with 4.0.2 in two of five runs).
    /// </summary>
    /// <param name="exitCode">mpirun's.</param>
    /// <param name="stopRequested">Whether the ranks were asked to stop.</param>
    public int CodeOf(int exitCode, bool stopRequested) =>
        (Family, exitCode) switch
        {
            (MpiFamily.Mpich, > ExitCode.Environment and < LastSignal) => SignalBase + exitCode,
            (MpiFamily.Mpich, 0) when stopRequested => ExitCode.Interrupted,
            _ => exitCode,
        };

    /// <summary>An exit code in words; null where the ranks have said what it was.</summary>
    public static string? InWords(int code) =>
        code switch
        {
            SignalBase + 9 =>
                "a rank was ended by signal 9 (SIGKILL; the kernel sends it, too, when memory runs out), and mpirun ended the others",
            > SignalBase and < SignalBase + LastSignal and not ExitCode.Interrupted and not Crashed =>
                $"a rank was ended by signal {code - SignalBase}, and mpirun ended the others",
            _ => null,
        };

    private const int SignalBase = 128,
        LastSignal = 32,
        Crashed = SignalBase + 6;

    private static string? OnPath(string name)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator)
            .Where(f => f.Length > 0)
            .Select(f => System.IO.Path.Combine(f, file))
            .FirstOrDefault(File.Exists);
    }

    private static MpiRun? Ask(string path)
    {
        var end = ProcessRunner.Run(Environment.CurrentDirectory, [path, "--version"], Patience);
        var said = end.Output + "\n" + end.Error;
        if (OpenMpi().Match(said) is { Success: true } open)
            return new MpiRun(path, MpiFamily.OpenMpi, $"Open MPI {open.Groups[1].Value}");
        if (said.Contains("HYDRA", StringComparison.OrdinalIgnoreCase))
            return new MpiRun(path, MpiFamily.Mpich, Hydra().Match(said) is { Success: true } v ? $"Hydra {v.Groups[1].Value}" : "Hydra");
        return said.Contains("Intel(R) MPI", StringComparison.Ordinal)
            ? new MpiRun(path, MpiFamily.Mpich, said.Split('\n')[0].Trim())
            : null;
    }

    [GeneratedRegex(@"(?:Open MPI\)|OpenRTE\)) ([0-9][^\s]*)")]
    private static partial Regex OpenMpi();

    [GeneratedRegex(@"Version:\s*([0-9][^\s]*)")]
    private static partial Regex Hydra();
}
