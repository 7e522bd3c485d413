using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Regression.Goldens;

/// <summary>What another machine may have other than this one: threads, vector instructions, libraries' kernels; as knobs and environment
/// of a child process.</summary>
/// <param name="Name">In words, for causes.</param>
/// <param name="Knobs">Knobs of the run.</param>
/// <param name="Environment">Variables of its process; an empty one is removed.</param>
internal sealed record HostSetting(string Name, IReadOnlyList<string> Knobs, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>This machine as it is.</summary>
    public static HostSetting AsItIs { get; } = Make("as it is", []);

    /// <summary>Every other setting that can be had here.</summary>
    public static IReadOnlyList<HostSetting> Others { get; } =
    [
        Make("the same once more", []),
        Make("2 threads", ["train.threads=2"]),
        Make("ATen without vectors, kernels of 128 bits", [], ("ATEN_CPU_CAPABILITY", "default")),
        Make("ATen and kernels with AVX2", [], ("ATEN_CPU_CAPABILITY", "avx2")),
        Make("MKL with AVX2", [], ("MKL_ENABLE_INSTRUCTIONS", "AVX2")),
        Make("MKL for any processor", [], ("MKL_CBWR", "COMPATIBLE")),
        Make("oneDNN with AVX2", [], ("ONEDNN_MAX_CPU_ISA", "AVX2"), ("DNNL_MAX_CPU_ISA", "AVX2")),
        Make(".NET without AVX-512", [], ("DOTNET_EnableAVX512", "0"), ("DOTNET_EnableAVX512F", "0")),
        Make(".NET with vectors of 256 bits at most", [], ("DOTNET_PreferredVectorBitWidth", "256")),
        Make(".NET without AVX2", [], ("DOTNET_EnableAVX2", "0")),
    ];

    /// <summary>Trains a scenario in a process of its own under this setting; the run folder goes with it.</summary>
    public async Task<RunRecord> RunAsync(ScenarioTrial trial, string run, Scenario scenario, long seed)
    {
        var file = run + ".json";
        await File.WriteAllTextAsync(file, trial.Config(scenario, seed, [.. Knobs]).ToJson());
        using var child = Child.Start(
            null,
            0,
            null,
            ["train", "--data", trial.Corpus(scenario.Corpus), "--out", run, "--config", file],
            Environment
        );
        var (code, output, error) = await child.EndAsync();
        code.Should().Be(0, output + error);
        var record = RunRecord.Load(run);
        Directory.Delete(run, recursive: true);
        return record;
    }

    private static HostSetting Make(string name, string[] knobs, params (string Name, string Value)[] environment) =>
        new(name, knobs, environment.ToDictionary(e => e.Name, e => e.Value));
}
