using System.Globalization;
using SpeechGan.Regression;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Goldens;

/// <summary>Measures what tolerances rest on (tools/measure-golden-spread): the scenario in child processes that differ in what another machine may have.</summary>
public sealed class GoldenSpread
{
    private const string ReferenceBlas = "/usr/lib/x86_64-linux-gnu/blas";

    private static IEnumerable<(string Name, string[] Knobs, Dictionary<string, string> Environment)> Settings()
    {
        yield return ("as it is", [], []);
        yield return ("the same once more", [], []);
        yield return ("2 threads", ["train.threads=2"], []);
        yield return ("ATen without vectors", [], new() { ["ATEN_CPU_CAPABILITY"] = "default" });
        yield return ("ATen with AVX2", [], new() { ["ATEN_CPU_CAPABILITY"] = "avx2" });
        yield return ("2 OpenBLAS threads", ["train.threads=2"], new() { ["OPENBLAS_NUM_THREADS"] = "2" });
        yield return ("OpenBLAS as the CPU asks for", [], new() { ["OPENBLAS_CORETYPE"] = "", ["OPENBLAS_L2_SIZE"] = "" });
        yield return ("OpenBLAS for SkylakeX", [], new() { ["OPENBLAS_CORETYPE"] = "SkylakeX" });
        yield return ("OpenBLAS for Haswell", [], new() { ["OPENBLAS_CORETYPE"] = "Haswell" });
        yield return ("OpenBLAS for Nehalem", [], new() { ["OPENBLAS_CORETYPE"] = "Nehalem" });
        yield return ("oneDNN with AVX2", [], new() { ["ONEDNN_MAX_CPU_ISA"] = "AVX2", ["DNNL_MAX_CPU_ISA"] = "AVX2" });
        yield return ("oneDNN with SSE4.1, ATen without vectors", [], new() { ["ONEDNN_MAX_CPU_ISA"] = "SSE41", ["DNNL_MAX_CPU_ISA"] = "SSE41", ["ATEN_CPU_CAPABILITY"] = "default" });
        yield return (".NET without vectors", [], new() { ["DOTNET_EnableHWIntrinsic"] = "0" });
        if (Directory.Exists(ReferenceBlas))
            yield return ("reference BLAS", [], new() { ["LD_LIBRARY_PATH"] = ReferenceBlas });
    }

    [Test]
    public async Task Runs_of_one_seed_stay_within_the_tolerances_whatever_the_threads_and_kernels()
    {
        if (Environment.GetEnvironmentVariable("SPEECHGAN_SPREAD") != "1")
            Assert.Ignore("a measurement, not a test: run tools/measure-golden-spread");
        using var place = ShortEpoch.Place();
        var spread = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var seed in ShortEpoch.Seeds)
        {
            Trajectory? first = null;
            foreach (var (name, knobs, environment) in Settings())
            {
                var trajectory = Trajectory.Of(await Run(place, seed, knobs, environment));
                first ??= trajectory;
                var distance = Distances(first, trajectory);
                foreach (var (value, d) in distance)
                    spread[value] = Math.Max(d, spread.GetValueOrDefault(value));
                TestContext.Progress.WriteLine($"seed {seed}, {name}: " + (first.Epochs[^1].ParameterDigest == trajectory.Epochs[^1].ParameterDigest
                    ? "same bits"
                    : string.Join(", ", distance.Where(d => d.Key is "loss.total" or "discriminatorLoss" or "mean.pesq_wb" or "mean.si_sdr" or "utterance.pesq_wb").Select(d => $"{d.Key} {Number(d.Value)}"))));
            }
        }
        TestContext.Progress.WriteLine("\nlargest distance by value:");
        foreach (var (name, distance) in spread)
            TestContext.Progress.WriteLine($"  {name,-24} {Number(distance),-12} allowed {Number(ShortEpochTolerances.All.For(name))}");
        spread.Should().OnlyContain(s => s.Value <= ShortEpochTolerances.All.For(s.Key));
    }

    private static async Task<RunRecord> Run(Workplace place, int seed, string[] knobs, Dictionary<string, string> environment)
    {
        var run = place.NewRun();
        using var child = Child.Start(null, 0, null,
            ["train", "--data", place.Corpus, "--out", run, "--preset", "tiny", .. ShortEpoch.Knobs.Append($"seed={seed}").Concat(knobs).SelectMany(k => new[] { "--set", k })], environment);
        var (code, output, error) = await child.EndAsync();
        code.Should().Be(0, output + error);
        return RunRecord.Load(run);
    }

    private static SortedDictionary<string, double> Distances(Trajectory a, Trajectory b)
    {
        var distances = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var (x, y) in a.Epochs.Zip(b.Epochs))
        {
            Add("", x.Values, y.Values);
            x.Utterances.Keys.Should().Equal(y.Utterances.Keys);
            foreach (var name in x.Utterances.Keys)
                Add("utterance.", x.Utterances[name], y.Utterances[name]);
        }
        return distances;

        void Add(string prefix, IReadOnlyDictionary<string, double> x, IReadOnlyDictionary<string, double> y)
        {
            x.Keys.Should().Equal(y.Keys);
            foreach (var name in x.Keys)
                distances[prefix + name] = Math.Max(distances.GetValueOrDefault(prefix + name), Math.Abs(x[name] - y[name]));
        }
    }

    private static string Number(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
