using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using SpeechGan.Distributed.Mpi;
using SpeechGan.Engine;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What `doctor` looks at.</summary>
internal static class DoctorChecks
{
    // Generous: two programs start, on a machine that may be busy.
    private static readonly TimeSpan TwoProcesses = TimeSpan.FromSeconds(60);

    /// <summary>All of them, in the order of the table.</summary>
    public static IEnumerable<DoctorCheck> All()
    {
        var host = HostFingerprint.Of();
        yield return new DoctorCheck("SpeechGan", CheckState.Good, $"{Versions.Program}, tensors by {EngineInfo.Name}");
        yield return new DoctorCheck(
            "PESQ",
            CheckState.Good,
            $"{Pesq.Implementation.Name} {Pesq.Implementation.Version} ({Pesq.Implementation.Arithmetic})"
        );
        yield return new DoctorCheck(".NET", CheckState.Good, host.DotNet);
        yield return Processor(host);
        foreach (var check in EngineChecks.All())
            yield return check;
        yield return Processes();
        yield return Settings(ProcessSettings.InForce);
        yield return NativeLibrary.TryLoad("libsndfile.so.1", out _)
            ? new DoctorCheck("libsndfile", CheckState.Good, "libsndfile.so.1")
            : new DoctorCheck(
                "libsndfile",
                CheckState.Absent,
                "FLAC and OGG cannot be read; WAV and AIFF can",
                "not needed; on Debian: apt-get install libsndfile1"
            );
        yield return Memory();
    }

    /// <summary>The MPI, and whether its mpirun really starts two processes that find each other.</summary>
    private static DoctorCheck Processes()
    {
        const string what = "several processes";
        if (MpiRun.Find() is not { } run)
            return new DoctorCheck(
                what,
                CheckState.Absent,
                "no mpirun on the PATH",
                $"not needed for one process. {MpiFiles.HowToInstall}"
            );
        if (MpiLibrary.TryLoad(run.Family) is not { } library)
            return new DoctorCheck(
                what,
                CheckState.Absent,
                $"{run.Version} ({run.Path}), and no MPI library",
                $"not needed for one process. {MpiFiles.HowToInstall}"
            );
        var mpi = $"{library.Version} ({library.Name}), started by {run.Version} ({run.Path})";
        var end = ProcessRunner.Run(
            Environment.CurrentDirectory,
            run.Command(2, LaunchVerb.Self([RanksVerb.Name]), Environment.IsPrivilegedProcess),
            TwoProcesses
        );
        return end.ExitCode == 0 && end.Output.Contains("2 processes: ", StringComparison.Ordinal)
            ? new DoctorCheck(what, CheckState.Good, $"{mpi}: two were started and found each other")
            : new DoctorCheck(
                what,
                CheckState.Slow,
                $"{mpi}: two could not be started",
                end.TimedOut
                    ? $"it did not end within {TwoProcesses.TotalSeconds} s: see whether {run.Path} -n 2 hostname does (docs/parallel.md)"
                    : $"last output: {end.LastWords}"
            );
    }

    private static DoctorCheck Processor(HostFingerprint host)
    {
        var found = $"{host.Cpu}, {host.Cores} cores, {host.Vectors}";
        return Narrow() is { } narrow
            ? new DoctorCheck("processor", CheckState.Slow, found, narrow)
            : new DoctorCheck("processor", CheckState.Good, found);
    }

    private static string? Narrow() =>
        AdvSimd.IsSupported || Avx2.IsSupported ? null : "no AVX2, or it is switched off: everything runs, and training is slower";

    private static DoctorCheck Settings(IReadOnlyList<ProcessSetting> settings) =>
        settings.Count == 0
            ? new DoctorCheck(
                "settings",
                CheckState.Absent,
                "malloc and OpenMP as the system has them",
                "not needed: they are set on Linux with glibc alone"
            )
            : new DoctorCheck(
                "settings",
                CheckState.Good,
                string.Join(", ", settings.Select(s => $"{s.Name}={s.Value}{(s.IsUsers ? " (yours)" : "")}"))
            );

    private static DoctorCheck Memory()
    {
        var gigabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        var found = string.Create(CultureInfo.InvariantCulture, $"{gigabytes:F1} GB");
        return gigabytes < 4
            ? new DoctorCheck("memory", CheckState.Slow, found, "the preset cmgan wants 8 GB or more; small and tiny fit")
            : new DoctorCheck("memory", CheckState.Good, found);
    }
}
