using System.Diagnostics;
using SpeechGan.Configuration;
using SpeechGan.Runs;

namespace SpeechGan.Tools.Bench;

/// <summary>
/// Time of a whole training step (PESQ and both updates) in several processes of one tensor thread, each on its own batch, against one
/// process; what is reduced, and how long collectives take, waiting for the slower rank included. The program itself is run, as a user starts
/// it; the sets of one round follow each other, so that all see the same machine.
/// Usage: <c>parallel [--sizes tiny,small] [--processes 1,2] [--steps N] [--repeats N] [--sync]</c>.
/// </summary>
internal static class ParallelBenchmark
{
    private const int Warm = 2;  // the first steps compile and fill caches

    public static int Run(string[] args)
    {
        var sizes = Option(args, "--sizes", "tiny,small").Split(',');
        var counts = Option(args, "--processes", "1,2").Split(',').Select(int.Parse).ToList();
        int steps = int.Parse(Option(args, "--steps", "6")), repeats = int.Parse(Option(args, "--repeats", "3"));
        var sync = args.Contains("--sync");
        Console.WriteLine($"{"size",-6} {"processes",9} {"cuts a step",11} {"s/step",8} {"s/cut",8} {"in collectives",15} {"reduced a step",15} {"parameters",11}" +
            $"   (medians of {repeats} runs of {steps} steps after {Warm}; one tensor thread a process{(sync ? "; synchronised BatchNorm" : "")})");
        foreach (var size in sizes)
        {
            var results = counts.ToDictionary(c => c, _ => new List<Result>());
            for (var r = 0; r < repeats; r++)
                foreach (var count in counts)
                    results[count].Add(Measure(size, count, steps, sync));
            foreach (var count in counts)
            {
                double Median(Func<Result, double> value) => results[count].Select(value).Order().ElementAt(results[count].Count / 2);
                var one = results[count][0];
                var seconds = Median(x => x.Seconds);
                Console.WriteLine($"{size,-6} {count,9} {one.Cuts,11} {seconds,8:F3} {seconds / one.Cuts,8:F4} " +
                    $"{(count == 1 ? "none" : $"{Median(x => x.Collectives):F3} s ({100 * Median(x => x.Collectives / x.Seconds):F0} %)"),15} " +
                    $"{(one.Bytes is { } b ? $"{b / 1e6:F3} MB" : "nothing"),15} {one.Parameters / 1e6,9:F3} M");
            }
        }
        return 0;
    }

    private sealed record Result(double Seconds, double Collectives, long? Bytes, int Cuts, long Parameters);

    private static Result Measure(string size, int processes, int steps, bool sync)
    {
        var folder = Directory.CreateTempSubdirectory("speechgan-bench-").FullName;
        try
        {
            var run = Path.Combine(folder, "run");
            string[] train =
            [
                "train", "--data", Corpus(), "--out", run, "--preset", size == "full" ? "cmgan" : size, "--epochs", "1", "--set", $"train.stepsPerEpoch={steps + Warm}", "--set", "train.threads=1",
                "--set", "data.batchSize=1", "--set", "metric.workers=1", "--set", "evaluation.cutSeconds=0.25", "--set", $"train.syncBatchNorm={(sync ? "true" : "false")}",
            ];
            Start(processes == 1 ? train : ["launch", "--processes", $"{processes}", "--", .. train]);
            var record = RunRecord.Load(run);
            var measured = record.Steps.Skip(Warm).ToList();
            var checkpoint = new CheckpointStore(Path.Combine(run, "checkpoints")).FindLast().Found!;
            var parameters = new[] { "generator", "discriminator" }.Sum(n =>
                Safetensors.Parse(checkpoint.Part(n + ".safetensors"), n).Tensors.Sum(t => t.Value.Shape.ToArray().Aggregate(1L, (a, b) => a * b)));
            double Median(Func<StepTelemetry, double> value) => measured.Select(value).Order().ElementAt(measured.Count / 2);
            return new Result(Median(s => s.Seconds!.Total!.Value), Median(s => s.Seconds!.Collectives ?? 0), measured[0].ReducedBytes, measured[0].SampleCount, parameters);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SpeechGan.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"speechgan {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static string Corpus()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Directory.Exists(Path.Combine(folder.FullName, "golden", "corpus")))
                return Path.Combine(folder.FullName, "golden", "corpus");
        throw new DirectoryNotFoundException("No folder above the program holds golden/corpus: run the benchmark from a checkout.");
    }

    private static string Option(string[] args, string name, string fallback) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : fallback;
}
