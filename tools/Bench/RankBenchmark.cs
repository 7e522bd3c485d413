using System.Diagnostics;
using System.Globalization;
using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Distributed.Mpi;
using SpeechGan.Training;
using SpeechGan.Workflows;
using static TorchSharp.torch;

namespace SpeechGan.Tools.Bench;

/// <summary>
/// What ranks cost, over this machine's MPI: a sum by its size; gradients summed beside the backward pass against after it; and a rank's
/// step with another rank beside it against alone, each rank on one core with the same batch (weak scaling). The sides alternate, each
/// measurement is a job of its own, and what else the machine does is printed beside it.
/// Usage: <c>ranks [--parts sums,overlap,efficiency] [--sizes small,full] [--steps N] [--repeats N] [--processes N]</c>.
/// </summary>
internal static class RankBenchmark
{
    private static readonly int[] Lengths = [1, 129, 1024, 16_384, 65_536, 262_144, 1_048_576, 2_016_483, 8_388_608];
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    public static int Run(string[] args)
    {
        if (args is ["child", .. var child])
            return Child(child);
        var parts = StepBenchmark.Option(args, "--parts", "sums,overlap,efficiency").Split(',');
        var sizes = StepBenchmark.Option(args, "--sizes", "small,full").Split(',');
        string steps = StepBenchmark.Option(args, "--steps", "3"),
            processes = StepBenchmark.Option(args, "--processes", "2");
        var repeats = int.Parse(StepBenchmark.Option(args, "--repeats", "3"), CultureInfo.InvariantCulture);
        if (MpiRun.Find() is not { } mpi)
        {
            Console.Error.WriteLine($"There is no mpirun on the PATH. {MpiFiles.HowToInstall}");
            return ExitCode.Environment;
        }
        Console.WriteLine($"{mpi.Version}, {processes} ranks, a core each; {Environment.ProcessorCount} cores, load {Load()}");
        if (parts.Contains("sums"))
            Console.Write(Job(mpi, processes, "sums"));
        if (parts.Contains("overlap"))
            foreach (var size in sizes)
                Console.Write(Job(mpi, processes, "overlap", size, steps));
        if (parts.Contains("efficiency"))
            foreach (var size in sizes)
                Efficiency(mpi, size, steps, processes, repeats);
        return 0;
    }

    private static void Efficiency(MpiRun mpi, string size, string steps, string processes, int repeats)
    {
        var alone = new List<double[]>();
        var together = new List<double[]>();
        for (var i = 0; i < repeats; i++)
        {
            alone.Add(Numbers(Job(mpi, "1", "steps", size, steps)));
            together.Add(Numbers(Job(mpi, processes, "steps", size, steps)));
            Console.WriteLine(
                Line(
                    size,
                    $"pair {i + 1}: alone {alone[i][0]:F3} s/step, together {together[i][0]:F3} (of it in collectives "
                        + $"{together[i][2]:F3}), efficiency {alone[i][0] / together[i][0]:F3}, load {Load()}"
                )
            );
        }
        double Median(List<double[]> all, int k) => StepBenchmark.Median(all.Select(a => a[k]));
        Console.WriteLine(
            Line(
                size,
                $"medians: efficiency {Median(alone, 0) / Median(together, 0):F3} by time, {Median(alone, 1) / Median(together, 1):F3} "
                    + $"by processor time; best of each {alone.Min(a => a[0]) / together.Min(t => t[0]):F3}"
            )
        );
    }

    private static string Line(string size, string text) => $"{size, -6} {text}";

    private static int Child(string[] args)
    {
        using IProcessGroup group = MpiEnvironment.Read(Environment.GetEnvironmentVariable) is { } place
            ? MpiGroup.Join(place, Deadline)
            : SoleProcess.Instance;
        set_num_threads(1);
        switch (args)
        {
            case ["sums"]:
                Sums(group);
                break;
            case ["overlap", var size, var steps]:
                Overlap(group, size, int.Parse(steps, CultureInfo.InvariantCulture));
                break;
            case ["steps", var size, var steps]:
                Steps(group, size, int.Parse(steps, CultureInfo.InvariantCulture));
                break;
        }
        return 0;
    }

    private static void Sums(IProcessGroup group)
    {
        if (group.Rank == 0)
            Console.WriteLine("numbers (float32) | MB | sum, least of 50 | median | GB/s of the tensor, at least time");
        foreach (var length in Lengths)
        {
            using var values = ones([length]);
            var times = new List<double>();
            for (var i = 0; i < 60; i++)
            {
                _ = group.Gather([1]); // ranks begin together
                var clock = Stopwatch.StartNew();
                group.Sum(values);
                times.Add(clock.Elapsed.TotalSeconds);
                values.fill_(1);
            }
            double least = times.Skip(10).Min(),
                median = StepBenchmark.Median(times.Skip(10));
            if (group.Rank == 0)
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{length} | {length * 4 / 1e6:F3} | {least * 1e6:F0} us | {median * 1e6:F0} us | {length * 4 / least / 1e9:F2}"
                    )
                );
        }
    }

    private static void Overlap(IProcessGroup group, string size, int steps)
    {
        var config = Config(size);
        using var networks = new Networks(config);
        networks.Train(true);
        TrainStep beside = new(networks, config, group),
            after = new(networks, config, group, FaultPoints.None, overlap: false);
        var batch = Batch(config);
        var ways = new[] { beside, after };
        var seconds = new List<double>[] { [], [] };
        var waited = new List<double>[] { [], [] };
        for (var i = 0; i < (2 * steps) + 2; i++)
        {
            _ = group.Gather([1]);
            var taken = ways[i % 2].Run(batch, 1, i + 1).Seconds!;
            if (i < 2)
                continue;
            seconds[i % 2].Add(taken.Total!.Value);
            waited[i % 2].Add(taken.Collectives ?? 0);
        }
        if (group.Rank == 0)
            Console.WriteLine(
                Line(
                    size,
                    $"gradients beside the backward pass: {StepBenchmark.Median(seconds[0]):F3} s/step, in collectives "
                        + $"{StepBenchmark.Median(waited[0]):F3}; after it: {StepBenchmark.Median(seconds[1]):F3}, "
                        + $"{StepBenchmark.Median(waited[1]):F3}; ratio "
                        + $"{StepBenchmark.Median(seconds[0]) / StepBenchmark.Median(seconds[1]):F3}; load {Load()}"
                )
            );
    }

    private static void Steps(IProcessGroup group, string size, int steps)
    {
        var config = Config(size);
        using var networks = new Networks(config);
        networks.Train(true);
        var step = new TrainStep(networks, config, group);
        var batch = Batch(config);
        step.Run(batch, 1, 1);
        using var self = Process.GetCurrentProcess();
        var (cpu, collectives, clock) = (self.TotalProcessorTime, group.Tally.Seconds, Stopwatch.StartNew());
        for (var i = 0; i < steps; i++)
            step.Run(batch, 1, i + 2);
        clock.Stop();
        self.Refresh();
        if (group.Rank == 0)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{clock.Elapsed.TotalSeconds / steps:R} {(self.TotalProcessorTime - cpu).TotalSeconds / steps:R} "
                        + $"{(group.Tally.Seconds - collectives) / steps:R}"
                )
            );
    }

    private static RunConfig Config(string size)
    {
        var config = StepBenchmark.Config(size);
        return config with
        {
            Train = config.Train with { Threads = 1 },
            Metric = config.Metric with { Workers = 1 },
            Data = config.Data with { BatchSize = size == "full" ? 1 : 2 },
        };
    }

    private static Batch Batch(RunConfig config)
    {
        using var scope = NewDisposeScope();
        var (clean, noisy, _) = StepBenchmark.Signals(config, float32);
        var samples = Enumerable.Range(0, config.Data.BatchSize).ToList();
        return new Batch
        {
            Clean = clean.data<float>().ToArray(),
            Noisy = noisy.data<float>().ToArray(),
            BatchSize = config.Data.BatchSize,
            Samples = config.TrainCutSamples,
            Names = [.. samples.Select(i => $"signal {i}")],
            Starts = [.. samples.Select(_ => 0)],
            MixedIn = [.. samples.Select(_ => false)],
            SilentClean = [.. samples.Select(_ => false)],
            SilentNoisy = [.. samples.Select(_ => false)],
            Epoch = 1,
            IndexInEpoch = 0,
        };
    }

    private static double[] Numbers(string line) => [.. line.Trim().Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];

    private static string Job(MpiRun mpi, string processes, params string[] child)
    {
        // Each rank stays on a core of its own: PESQ and whatever else runs in threads must not take another's.
        var words = mpi.Command(
                int.Parse(processes, CultureInfo.InvariantCulture),
                ["dotnet", typeof(RankBenchmark).Assembly.Location, "ranks", "child", .. child],
                Environment.IsPrivilegedProcess
            )
            .Select(w => w == "none" ? "core" : w)
            .ToList();
        // Open MPI gives its processes a terminal: .NET would greet it with control codes.
        var end = ProcessRunner.Run(
            Environment.CurrentDirectory,
            words,
            environment: new Dictionary<string, string?> { ["TERM"] = "dumb" }
        );
        return end.ExitCode == 0
            ? end.Output
            : throw new InvalidOperationException($"{string.Join(' ', words)} ended with exit code {end.ExitCode}: {end.LastWords}");
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
