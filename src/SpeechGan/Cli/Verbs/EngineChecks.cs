using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Engine;
using SpeechGan.Kernels.SelfTest;

namespace SpeechGan.Cli.Verbs;

/// <summary>What `doctor` says of libtorch, of GPUs and of the kernels.</summary>
internal static class EngineChecks
{
    /// <summary>All of them; without libtorch the one that says so.</summary>
    public static IEnumerable<DoctorCheck> All()
    {
        var (libtorch, problem) = Engine();
        yield return libtorch is null
            ? new DoctorCheck("libtorch", CheckState.Missing, "not loaded", problem!)
            : new DoctorCheck("libtorch", CheckState.Good, InWords(libtorch));
        if (libtorch is not null)
        {
            yield return Gpu(libtorch);
            foreach (var choice in Enum.GetValues<KernelChoice>())
                yield return Kernels(choice);
        }
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

    private static DoctorCheck Gpu(LoadedLibtorch libtorch) =>
        TensorDevice.GpuCount() switch
        {
            > 0 and var n => new DoctorCheck("GPU", CheckState.Good, string.Create(CultureInfo.InvariantCulture, $"{n} CUDA device(s)")),
            _ when libtorch.Cuda is null => new DoctorCheck(
                "GPU",
                CheckState.Absent,
                "none: this libtorch is a CPU build",
                $"not needed; for one: {TensorDevice.HowToGetCuda}"
            ),
            _ => new DoctorCheck(
                "GPU",
                CheckState.Absent,
                "none that this libtorch can use",
                "not needed; for one see whether nvidia-smi lists it and whether the driver is new enough"
            ),
        };

    /// <summary>The self-test of kernels at the sizes of all presets.</summary>
    private static DoctorCheck Kernels(KernelChoice choice)
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
            return new DoctorCheck(
                what,
                CheckState.Missing,
                tests.First(t => t.Sentence is not null).Sentence!,
                "another libtorch or another machine (docs/kernels.md): training refuses this one"
            );
        if (tests.Find(t => t.Sentence is not null) is { } switched)
            return new DoctorCheck(
                what,
                CheckState.Slow,
                switched.Sentence!,
                "nothing: every start finds it again and switches it off (docs/kernels.md)"
            );
        var worst = all.Max(c => Math.Max(c.Forward ?? 0, c.Gradient ?? 0) / c.Limit);
        return new DoctorCheck(
            what,
            CheckState.Good,
            string.Create(
                CultureInfo.InvariantCulture,
                $"all {all.Count} checks against float64 are right, the worst at {worst:P0} of its limit; oneDNN "
                    + $"{tests[0].Record.OneDnn.State}, NNPACK {tests[0].Record.Nnpack.State}; {tests.Sum(t => t.Record.Seconds):F2} s"
            )
        );
    }
}
