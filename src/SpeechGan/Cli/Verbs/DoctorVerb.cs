using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Spectre.Console;
using SpeechGan.Configuration;
using SpeechGan.Distributed.Mpi;
using SpeechGan.Engine;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`doctor`: what is here, what is missing, and how to get it.</summary>
internal static class DoctorVerb
{
    // Generous: two programs start, on a machine that may be busy.
    private static readonly TimeSpan TwoProcesses = TimeSpan.FromSeconds(60);

    private enum State
    {
        Good,
        Slow,
        Absent,
        Missing,
    }

    private sealed record Check(string What, State State, string Found, string Advice = "");

    public static Command Make()
    {
        var verb = new Command("doctor", "Show versions, device and threads, what is missing, and the packages with their licences.");
        verb.SetAction(_ =>
            Guard.Run(() =>
            {
                var checks = All().ToList();
                var table = new Table { Border = TableBorder.Simple };
                table.AddColumns("", "what", "found", "to do");
                foreach (var c in checks)
                    table.AddRow(Word(c.State), Markup.Escape(c.What), Markup.Escape(c.Found), Markup.Escape(c.Advice));
                Terminal.Out.Table(table);
                var packages = new Table { Border = TableBorder.Simple };
                packages.AddColumns("package", "version", "licence");
                foreach (var p in BuiltPackage.All())
                    packages.AddRow(Markup.Escape(p.Name), Markup.Escape(p.Version), Markup.Escape(p.Licence));
                Terminal.Out.Table(packages);
                return checks.Any(c => c.State == State.Missing) ? ExitCode.Environment : ExitCode.Good;
            })
        );
        return verb;
    }

    private static string Word(State state) =>
        state switch
        {
            State.Good => "good",
            State.Slow => "slow",
            State.Absent => "absent",
            _ => "MISSING",
        };

    private static IEnumerable<Check> All()
    {
        var host = HostFingerprint.Of();
        yield return new Check("SpeechGan", State.Good, $"{Versions.Program}, tensors by {EngineInfo.Name}");
        yield return new Check(
            "PESQ",
            State.Good,
            $"{Pesq.Implementation.Name} {Pesq.Implementation.Version} ({Pesq.Implementation.Arithmetic})"
        );
        yield return new Check(".NET", State.Good, host.DotNet);
        yield return Processor(host);
        var (libtorch, problem) = Engine();
        yield return libtorch is null
            ? new Check("libtorch", State.Missing, "not loaded", problem!)
            : new Check("libtorch", State.Good, InWords(libtorch));
        if (libtorch is not null)
        {
            yield return Gpu(libtorch);
            foreach (var choice in Enum.GetValues<KernelChoice>())
                yield return Kernels(choice);
        }
        yield return Processes();
        yield return Settings(ProcessSettings.InForce);
        yield return NativeLibrary.TryLoad("libsndfile.so.1", out _)
            ? new Check("libsndfile", State.Good, "libsndfile.so.1")
            : new Check(
                "libsndfile",
                State.Absent,
                "FLAC and OGG cannot be read; WAV and AIFF can",
                "not needed; on Debian: apt-get install libsndfile1"
            );
        yield return Memory();
    }

    /// <summary>The MPI, and whether its mpirun really starts two processes that find each other.</summary>
    private static Check Processes()
    {
        const string what = "several processes";
        if (MpiRun.Find() is not { } run)
            return new Check(what, State.Absent, "no mpirun on the PATH", $"not needed for one process. {MpiFiles.HowToInstall}");
        if (MpiLibrary.TryLoad(run.Family) is not { } library)
            return new Check(
                what,
                State.Absent,
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
            ? new Check(what, State.Good, $"{mpi}: two were started and found each other")
            : new Check(
                what,
                State.Slow,
                $"{mpi}: two could not be started",
                end.TimedOut
                    ? $"it did not end within {TwoProcesses.TotalSeconds} s: see whether {run.Path} -n 2 hostname does (docs/parallel.md)"
                    : $"last output: {end.LastWords}"
            );
    }

    private static (LoadedLibtorch? Found, string? Problem) Engine()
    {
        try
        {
            return (Libtorch.Require(), null);
        }
        catch (EngineException e)
        {
            return (null, e.Message);
        }
    }

    private static string InWords(LoadedLibtorch libtorch) =>
        string.Join(
            ", ",
            new[]
            {
                $"{libtorch.Version} ({libtorch.Place?.Origin ?? "the packages' own"}) in {libtorch.Folder}",
                libtorch.Cuda is { } cuda ? $"CUDA {cuda}" : "no CUDA",
                libtorch.CpuCapability is { } kernels ? $"CPU kernels {kernels}" : null,
                libtorch.Blas is { } blas ? $"matrix products by {blas}" : null,
            }.OfType<string>()
        );

    private static Check Processor(HostFingerprint host)
    {
        var found = $"{host.Cpu}, {host.Cores} cores, {host.Vectors}";
        return Narrow() is { } narrow ? new Check("processor", State.Slow, found, narrow) : new Check("processor", State.Good, found);
    }

    private static string? Narrow() =>
        AdvSimd.IsSupported || Avx2.IsSupported ? null : "no AVX2, or it is switched off: everything runs, and training is slower";

    private static Check Gpu(LoadedLibtorch libtorch) =>
        TensorDevice.GpuCount() switch
        {
            > 0 and var n => new Check("GPU", State.Good, string.Create(CultureInfo.InvariantCulture, $"{n} CUDA device(s)")),
            _ when libtorch.Cuda is null => new Check(
                "GPU",
                State.Absent,
                "none: this libtorch is a CPU build",
                $"not needed; for one: {TensorDevice.HowToGetCuda}"
            ),
            _ => new Check(
                "GPU",
                State.Absent,
                "none that this libtorch can use",
                "not needed; for one see whether nvidia-smi lists it and whether the driver is new enough"
            ),
        };

    /// <summary>The self-test of kernels at the sizes of all presets.</summary>
    private static Check Kernels(KernelChoice choice)
    {
        var tests = Presets
            .Names.Where(p => p != "upstream")
            .Select(Presets.Find) // which has the default's sizes
            .Select(c =>
                KernelSelfTest.Run(
                    c with
                    {
                        Train = c.Train with { Kernels = choice, OnWrongKernels = WrongKernelsPolicy.Record },
                    },
                    TestPurpose.Training
                )
            )
            .ToList();
        var what = choice == KernelChoice.Fused ? "fused kernels" : "operators";
        var all = tests.SelectMany(t => t.Record.Checks).ToList();
        if (tests.Exists(t => t.Record.Checks.Any(c => c is { InForce: true, Right: false })))
            return new Check(
                what,
                State.Missing,
                tests.First(t => t.Sentence is not null).Sentence!,
                "another libtorch or another machine (docs/kernels.md): training refuses this one"
            );
        if (tests.Find(t => t.Sentence is not null) is { } switched)
            return new Check(
                what,
                State.Slow,
                switched.Sentence!,
                "nothing: every start finds it again and switches it off (docs/kernels.md)"
            );
        var worst = all.Max(c => Math.Max(c.Forward ?? 0, c.Gradient ?? 0) / c.Limit);
        return new Check(
            what,
            State.Good,
            string.Create(
                CultureInfo.InvariantCulture,
                $"all {all.Count} checks against float64 are right, the worst at {worst:P0} of its limit; oneDNN "
                    + $"{tests[0].Record.OneDnn.State}, NNPACK {tests[0].Record.Nnpack.State}; {tests.Sum(t => t.Record.Seconds):F2} s"
            )
        );
    }

    private static Check Settings(IReadOnlyList<ProcessSetting> settings) =>
        settings.Count == 0
            ? new Check(
                "settings",
                State.Absent,
                "malloc and OpenMP as the system has them",
                "not needed: they are set on Linux with glibc alone"
            )
            : new Check(
                "settings",
                State.Good,
                string.Join(", ", settings.Select(s => $"{s.Name}={s.Value}{(s.IsUsers ? " (yours)" : "")}"))
            );

    private static Check Memory()
    {
        var gigabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        var found = string.Create(CultureInfo.InvariantCulture, $"{gigabytes:F1} GB");
        return gigabytes < 4
            ? new Check("memory", State.Slow, found, "the preset cmgan wants 8 GB or more; small and tiny fit")
            : new Check("memory", State.Good, found);
    }
}
