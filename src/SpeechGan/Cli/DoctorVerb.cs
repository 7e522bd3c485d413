using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using SpeechGan.Configuration;
using SpeechGan.Engine;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Metrics;
using SpeechGan.Runs;
using Spectre.Console;
using static TorchSharp.torch;

namespace SpeechGan.Cli;

/// <summary>`doctor`: what is here, what is missing, and how to get it.</summary>
internal static class DoctorVerb
{
    private enum State { Good, Slow, Absent, Missing }

    private sealed record Check(string What, State State, string Found, string Advice = "");

    public static Command Make()
    {
        var verb = new Command("doctor", "Show versions, device and threads, and what is missing.");
        verb.SetAction(_ => Guard.Run(() =>
        {
            var checks = All().ToList();
            var table = new Table { Border = TableBorder.Simple };
            table.AddColumns("", "what", "found", "to do");
            foreach (var c in checks)
                table.AddRow(Word(c.State), Markup.Escape(c.What), Markup.Escape(c.Found), Markup.Escape(c.Advice));
            Terminal.Out.Table(table);
            return checks.Any(c => c.State == State.Missing) ? ExitCode.Environment : ExitCode.Good;
        }));
        return verb;
    }

    private static string Word(State state) => state switch { State.Good => "good", State.Slow => "slow", State.Absent => "absent", _ => "MISSING" };

    private static IEnumerable<Check> All()
    {
        var host = HostFingerprint.Of();
        yield return new Check("SpeechGan", State.Good, $"{Versions.Program}, engine {EngineInfo.Name}");
        yield return new Check("PESQ", State.Good, $"{Pesq.Implementation.Name} {Pesq.Implementation.Version} ({Pesq.Implementation.Arithmetic})");
        yield return new Check(".NET", State.Good, host.DotNet);
        yield return new Check("processor", State.Good, $"{host.Cpu}, {host.Cores} cores, {host.Vectors}");
        string? problem = null;
        try
        {
            get_num_threads();
        }
        catch (DllNotFoundException e)
        {
            problem = e.Message;
        }
        if (problem is not null)
        {
            yield return new Check("libtorch", State.Missing, "not loaded", problem);
        }
        else
        {
            yield return new Check("libtorch", State.Good, $"{EngineInfo.Libtorch}{(EngineInfo.Kernels is { } k ? $" (kernels: {k})" : "")}");
            yield return Blas();
            var n = cuda.is_available() ? cuda.device_count() : 0;
            yield return n > 0
                ? new Check("GPU", State.Good, $"{n} CUDA device(s)")
                : new Check("GPU", State.Absent, "none that libtorch can use", "not needed; for one, set TORCH_HOME to a CUDA build of libtorch and rebuild");
            foreach (var choice in Enum.GetValues<KernelChoice>())
                yield return Kernels(choice);
        }
        yield return new Check("processes", State.Absent, "one, on all cores", ProcessGroups.Missing);
        yield return NativeLibrary.TryLoad("libsndfile.so.1", out _)
            ? new Check("libsndfile", State.Good, "libsndfile.so.1")
            : new Check("libsndfile", State.Absent, "FLAC, OGG and AIFF cannot be read; WAV can", "apt-get install libsndfile1");
        yield return Memory();
    }

    private static Check Blas() => EngineInfo.Blas switch
    {
        null => new Check("BLAS", State.Good, "inside libtorch"),
        var path when Path.GetFileName(path).StartsWith("libblas", StringComparison.Ordinal) =>
            new Check("BLAS", State.Slow, path, "a reference BLAS: training takes 3 to 5 times as long; apt-get install libopenblas0-pthread"),
        var path => new Check("BLAS", State.Good, Path.GetFileName(path)),
    };

    /// <summary>The self-test of kernels at the sizes of all presets.</summary>
    private static Check Kernels(KernelChoice choice)
    {
        var tests = Presets.Names.Where(p => p != "upstream").Select(Presets.Find)  // which has the default's sizes
            .Select(c => KernelSelfTest.Run(c with { Train = c.Train with { Kernels = choice, OnWrongKernels = WrongKernelsPolicy.Record } }, TestPurpose.Training)).ToList();
        var what = choice == KernelChoice.Fused ? "fused kernels" : "operators";
        var all = tests.SelectMany(t => t.Record.Checks).ToList();
        if (tests.Exists(t => t.Record.Checks.Any(c => c is { InForce: true, Right: false })))
            return new Check(what, State.Missing, tests.First(t => t.Sentence is not null).Sentence!, "another libtorch or another machine (docs/kernels.md): training refuses this one");
        if (tests.Find(t => t.Sentence is not null) is { } switched)
            return new Check(what, State.Slow, switched.Sentence!, "nothing: every start finds it again and switches it off (docs/kernels.md)");
        var worst = all.Max(c => Math.Max(c.Forward ?? 0, c.Gradient ?? 0) / c.Limit);
        return new Check(what, State.Good, string.Create(CultureInfo.InvariantCulture,
            $"all {all.Count} checks against float64 are right, the worst at {worst:P0} of its limit; oneDNN {tests[0].Record.OneDnn.State}, NNPACK {tests[0].Record.Nnpack.State}; {tests.Sum(t => t.Record.Seconds):F2} s"));
    }

    private static Check Memory()
    {
        var gigabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        var found = string.Create(CultureInfo.InvariantCulture, $"{gigabytes:F1} GB");
        return gigabytes < 4 ? new Check("memory", State.Slow, found, "the preset cmgan wants 8 GB or more; small and tiny fit") : new Check("memory", State.Good, found);
    }
}
