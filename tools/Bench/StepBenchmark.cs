using System.Diagnostics;
using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Tools.Bench.Reference;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tools.Bench;

/// <summary>A training step without PESQ (its targets are given): what both ways are timed on.</summary>
internal interface IStep : IDisposable
{
    /// <summary>Takes it; the losses of both networks.</summary>
    (double Generator, double Discriminator) Take(Tensor clean, Tensor noisy, double[] targets);

    /// <summary>Generator and discriminator.</summary>
    IEnumerable<nn.Module> Modules { get; }
}

/// <summary>Our training step.</summary>
internal sealed class OurStep(Networks networks, RunConfig config) : IStep
{
    public IEnumerable<nn.Module> Modules => [networks.Generator, networks.Discriminator!];

    public (double Generator, double Discriminator) Take(Tensor clean, Tensor noisy, double[] targets)
    {
        using var scope = NewDisposeScope();
        var pass = new GeneratorPass(networks, config.Loss).Run(clean, noisy);
        networks.GeneratorOptimizer.step();
        var (loss, _, _) = new DiscriminatorPass(networks, config.Metric).Run(
            pass.CleanMagnitude,
            pass.Magnitude,
            targets,
            [.. targets.Select(_ => true)]
        );
        networks.DiscriminatorOptimizer!.step();
        return (pass.Loss.Total!.Value, loss);
    }

    public void Dispose() { }
}

/// <summary>
/// Time and peak memory of our training step against the same step written the published trainer's way, on the same engine, threads and
/// allocator, and against another commit's, built elsewhere with its own engine. The first two are shown equal in float64 first. Every
/// measurement is a process of its own; the ways alternate.
/// Usage: <c>step [--sizes tiny,small,full] [--ways ours,operators,reference] [--steps N] [--repeats N] [--threads N] [--against
/// PATH/Bench.dll --against-name WORD]</c>;
/// operators is our step without the kernels.
/// </summary>
internal static class StepBenchmark
{
    private const double Equal = 1e-10;
    private const string Ours = "ours",
        Operators = "operators",
        Published = "reference";

    public static int Run(string[] args)
    {
        if (args is ["child", var size, var way, var steps, var threads])
            return Child(size, way, int.Parse(steps), int.Parse(threads));
        var sizes = Option(args, "--sizes", "tiny,small,full").Split(',');
        string count = Option(args, "--steps", "4"),
            threadCount = Option(args, "--threads", "2");
        var repeats = int.Parse(Option(args, "--repeats", "3"));

        string? other = Option(args, "--against", "") is { Length: > 0 } path ? path : null;
        var otherName = Option(args, "--against-name", "against");

        Console.WriteLine(Convolutions.MakeRight());
        var difference = Parity();
        Console.WriteLine($"Equal in float64: losses of three steps differ by {difference:G2} (allowed {Equal:G2}).");
        if (!(difference < Equal))
            return 1;
        Console.WriteLine(
            $"{"size", -6} {"way", -10} {"CPU s/step", 11} {"of it kernel", 13} {"wall s/step", 12} {"peak MB", 9}   (medians of "
                + $"{repeats} processes of {count} steps after two, {threadCount} threads)"
        );
        foreach (var s in sizes)
        {
            string[] ways = [.. Option(args, "--ways", $"{Ours},{Published}").Split(','), .. other is null ? [] : new[] { otherName }];
            var results = ways.ToDictionary(w => w, _ => new List<double[]>());
            for (var r = 0; r < repeats; r++)
                foreach (var w in ways)
                    // Another commit's own way is "ours" to it.
                    results[w]
                        .Add(
                            w == otherName
                                ? InChildOf(other!, "step", "child", s, Ours, count, threadCount)
                                : InChild("step", "child", s, w, count, threadCount)
                        );
            var medians = results.ToDictionary(
                r => r.Key,
                r => Enumerable.Range(0, 4).Select(k => Median(r.Value.Select(v => v[k]))).ToArray()
            );
            foreach (var w in ways)
                Console.WriteLine(
                    $"{s, -6} {w, -10} {medians[w][0], 11:F3} {medians[w][1], 13:F3} {medians[w][2], 12:F3} {medians[w][3], 9:F0}"
                );
            foreach (var w in ways.Skip(1))
            {
                double Ratio(int k) => medians[ways[0]][k] / medians[w][k];
                Console.WriteLine($"{s, -6} {$"{ways[0]} / {w}", -22} {Ratio(0), 2:F3} {"", 13} {Ratio(2), 12:F3} {Ratio(3), 9:F3}");
            }
        }
        return 0;
    }

    internal static RunConfig Config(string size)
    {
        var config = size switch
        {
            "tiny" or "small" => Presets.Find(size),
            "full" => Presets.Find("cmgan"),
            _ => throw new ArgumentException($"There is no size '{size}'; known are tiny, small, full."),
        };
        return size == "full" ? config with { Data = config.Data with { BatchSize = 1 } } : config;
    }

    /// <summary>Largest relative difference of the losses of three steps, without dropout, in float64.</summary>
    private static double Parity()
    {
        var config = Config("tiny");
        config = config with
        {
            Model = config.Model with { Dropout = 0 },
            Discriminator = config.Discriminator with { Dropout = 0 },
            Train = config.Train with { Precision = Precision.Float64 },
        };
        using var scope = NewDisposeScope();
        using var networks = new Networks(config);
        using IStep theirs = new ReferenceStep(config, networks),
            ours = new OurStep(networks, config);
        var (clean, noisy, targets) = Signals(config, float64);
        double largest = 0;
        for (var step = 0; step < 3; step++)
        {
            var (g, d) = ours.Take(clean, noisy, targets);
            var (rg, rd) = theirs.Take(clean, noisy, targets);
            largest = Math.Max(largest, Math.Max(Math.Abs((g / rg) - 1), Math.Abs((d / rd) - 1)));
            if (double.IsNaN(g + d + rg + rd))
                return double.NaN;
        }
        return largest;
    }

    internal static IStep Make(string way, Networks networks, RunConfig config) =>
        way switch
        {
            Ours or Operators => new OurStep(networks, config),
            Published => new ReferenceStep(config, networks),
            _ => throw new ArgumentException($"There is no way '{way}'; known are {Ours}, {Operators}, {Published}."),
        };

    private static int Child(string size, string way, int steps, int threads)
    {
        set_num_threads(threads);
        Convolutions.MakeRight();
        var config = Config(size);
        if (way == Operators)
            config = config with { Train = config.Train with { Kernels = KernelChoice.Operators } };
        using var scope = NewDisposeScope();
        var networks = new Networks(config);
        using var step = Make(way, networks, config);
        var (clean, noisy, targets) = Signals(config, float32);
        for (var k = 0; k < 2; k++)
            step.Take(clean, noisy, targets);
        using var self = Process.GetCurrentProcess();
        var (cpu, kernel, wall) = (self.TotalProcessorTime, self.PrivilegedProcessorTime, Stopwatch.StartNew());
        for (var k = 0; k < steps; k++)
            step.Take(clean, noisy, targets);
        wall.Stop();
        self.Refresh();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(self.TotalProcessorTime - cpu).TotalSeconds / steps:R} "
                    + $"{(self.PrivilegedProcessorTime - kernel).TotalSeconds / steps:R} {wall.Elapsed.TotalSeconds / steps:R} "
                    + $"{PeakMegabytes():R}"
            )
        );
        return 0;
    }

    /// <summary>The most memory this process has held, MB.</summary>
    internal static double PeakMegabytes() =>
        double.Parse(
            File.ReadLines("/proc/self/status")
                .First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]
        ) / 1024;

    /// <summary>The numbers that this program prints with these arguments, in a process of its own.</summary>
    internal static double[] InChild(params string[] arguments) => InChildOf(typeof(StepBenchmark).Assembly.Location, arguments);

    /// <summary>The same of a benchmark program that lies elsewhere.</summary>
    internal static double[] InChildOf(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var a in arguments.Prepend(program))
            start.ArgumentList.Add(a);
        using var child = Process.Start(start)!;
        var line = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? [.. line.Trim().Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"The measurement {string.Join(' ', arguments)} ended with exit code {child.ExitCode}.");
    }

    /// <summary>Noise with a moving level: the time of an operator does not depend on its values.</summary>
    internal static (Tensor Clean, Tensor Noisy, double[] Targets) Signals(RunConfig config, ScalarType type)
    {
        var random = new Random(1);
        int batch = config.Data.BatchSize,
            samples = config.TrainCutSamples;
        double[] clean = new double[batch * samples],
            noisy = new double[batch * samples];
        for (var n = 0; n < clean.Length; n++)
        {
            clean[n] = 0.1 * (1.1 + Math.Sin(n / 900.0)) * (random.NextDouble() - 0.5);
            noisy[n] = clean[n] + (0.05 * (random.NextDouble() - 0.5));
        }
        return (
            tensor(clean, [batch, samples], dtype: type),
            tensor(noisy, [batch, samples], dtype: type),
            [.. Enumerable.Range(0, batch).Select(b => 0.5 - (0.1 * b))]
        );
    }

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    internal static string Option(string[] args, string name, string otherwise) =>
        Array.IndexOf(args, name) is var at && at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}
