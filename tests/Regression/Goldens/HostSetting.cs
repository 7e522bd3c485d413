using SpeechGan.Cli.Goldens;
using SpeechGan.Regression;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Goldens;

/// <summary>What another machine may have other than this one: threads, vector kernels, BLAS; as knobs and environment of a child process.</summary>
/// <param name="Name">In words, for causes.</param>
/// <param name="Knobs">Knobs of the run.</param>
/// <param name="Environment">Variables of its process; an empty one is taken away.</param>
internal sealed record HostSetting(string Name, IReadOnlyList<string> Knobs, IReadOnlyDictionary<string, string> Environment)
{
    private const string ReferenceBlas = "/usr/lib/x86_64-linux-gnu/blas";

    /// <summary>This machine as it is.</summary>
    public static HostSetting AsItIs { get; } = Make("as it is", []);

    /// <summary>Every other setting that can be had here.</summary>
    public static IReadOnlyList<HostSetting> Others { get; } =
    [
        Make("the same once more", []),
        Make("2 threads", ["train.threads=2"]),
        Make("ATen without vectors", [], ("ATEN_CPU_CAPABILITY", "default")),
        Make("ATen with AVX2", [], ("ATEN_CPU_CAPABILITY", "avx2")),
        Make("2 OpenBLAS threads", ["train.threads=2"], ("OPENBLAS_NUM_THREADS", "2")),
        Make("OpenBLAS as the CPU asks for", [], ("OPENBLAS_CORETYPE", ""), ("OPENBLAS_L2_SIZE", "")),
        Make("OpenBLAS for SkylakeX", [], ("OPENBLAS_CORETYPE", "SkylakeX")),
        Make("OpenBLAS for Haswell", [], ("OPENBLAS_CORETYPE", "Haswell")),
        Make("OpenBLAS for Nehalem", [], ("OPENBLAS_CORETYPE", "Nehalem")),
        Make("oneDNN with AVX2", [], ("ONEDNN_MAX_CPU_ISA", "AVX2"), ("DNNL_MAX_CPU_ISA", "AVX2")),
        Make("oneDNN with SSE4.1, ATen without vectors", [], ("ONEDNN_MAX_CPU_ISA", "SSE41"), ("DNNL_MAX_CPU_ISA", "SSE41"), ("ATEN_CPU_CAPABILITY", "default")),
        Make(".NET without vectors", [], ("DOTNET_EnableHWIntrinsic", "0")),
        .. Directory.Exists(ReferenceBlas) ? [Make("reference BLAS", [], ("LD_LIBRARY_PATH", ReferenceBlas))] : Array.Empty<HostSetting>(),
    ];

    /// <summary>Trains a scenario in a process of its own under this setting; the run folder goes with it.</summary>
    public async Task<RunRecord> RunAsync(ScenarioTrial trial, string run, Scenario scenario, long seed)
    {
        var file = run + ".json";
        await File.WriteAllTextAsync(file, trial.Config(scenario, seed, [.. Knobs]).ToJson());
        using var child = Child.Start(null, 0, null, ["train", "--data", trial.Corpus(scenario.Corpus), "--out", run, "--config", file], Environment);
        var (code, output, error) = await child.EndAsync();
        code.Should().Be(0, output + error);
        var record = RunRecord.Load(run);
        Directory.Delete(run, recursive: true);
        return record;
    }

    private static HostSetting Make(string name, string[] knobs, params (string Name, string Value)[] environment) =>
        new(name, knobs, environment.ToDictionary(e => e.Name, e => e.Value));
}
