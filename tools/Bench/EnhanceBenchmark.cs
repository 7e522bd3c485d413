using System.Diagnostics;
using System.Globalization;
using SpeechGan.Evaluation;
using SpeechGan.Tools.Bench.Reference;
using SpeechGan.Training;
using static TorchSharp.torch;

namespace SpeechGan.Tools.Bench;

/// <summary>
/// Time and peak memory of enhancing with the full-size network, against the published way (in one piece) on the same engine, threads and
/// allocator, and against another commit's. The first two are shown equal first. Every measurement is a process of its own; the ways
/// alternate. Usage: <c>enhance [--seconds 4,8,32,128] [--repeats N] [--threads N] [--against PATH/Bench.dll --against-name WORD]</c>. The
/// published way is measured up to 4 s: its memory grows with the square (22 GB at 8 s).
/// </summary>
internal static class EnhanceBenchmark
{
    private const double Equal = 1e-4; // of a signal of unit power, in float32 through 8 conformers
    private const int MostReferenceSeconds = 4;
    private const string Ours = "ours",
        Published = "reference";

    public static int Run(string[] args)
    {
        if (args is ["child", var way, var length, var tensorThreads])
            return Child(way, int.Parse(length), int.Parse(tensorThreads));
        var seconds = StepBenchmark.Option(args, "--seconds", "4,8,32,128").Split(',');
        string threads = StepBenchmark.Option(args, "--threads", "2");
        var repeats = int.Parse(StepBenchmark.Option(args, "--repeats", "3"));
        string? other = StepBenchmark.Option(args, "--against", "") is { Length: > 0 } path ? path : null;
        var otherName = StepBenchmark.Option(args, "--against-name", "against");
        Console.WriteLine(Convolutions.MakeRight());
        var difference = Parity();
        Console.WriteLine($"Equal: enhanced signals differ by {difference:G2} (allowed {Equal:G2}).");
        if (!(difference < Equal))
            return 1;
        Console.WriteLine(
            $"{"seconds", -8} {"way", -10} {"wall s", 9} {"real-time factor", 17} {"peak MB", 9}   (medians of {repeats} processes, "
                + $"{threads} threads, the second pass of each)"
        );
        foreach (var s in seconds)
        {
            string[] ways =
            [
                Ours,
                .. int.Parse(s) <= MostReferenceSeconds ? new[] { Published } : [],
                .. other is null ? [] : new[] { otherName },
            ];
            var results = ways.ToDictionary(w => w, _ => new List<double[]>());
            for (var r = 0; r < repeats; r++)
                foreach (var w in ways)
                    // Another commit's own way is "ours" to it.
                    results[w]
                        .Add(
                            w == otherName
                                ? StepBenchmark.InChildOf(other!, "enhance", "child", Ours, s, threads)
                                : StepBenchmark.InChild("enhance", "child", w, s, threads)
                        );
            foreach (var w in ways)
            {
                double wall = StepBenchmark.Median(results[w].Select(v => v[0])),
                    peak = StepBenchmark.Median(results[w].Select(v => v[1]));
                Console.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"{s, -8} {w, -10} {wall, 9:F2} {wall / int.Parse(s), 17:F3} {peak, 9:F0}")
                );
            }
        }
        return 0;
    }

    private static double Parity()
    {
        using var scope = NewDisposeScope();
        using var networks = new Networks(StepBenchmark.Config("full"));
        networks.Train(false);
        using var reference = new ReferenceStep(StepBenchmark.Config("full"), networks);
        var noisy = Noise(1);
        var ours = new Enhancer(networks.Generator, networks.Spectrum).Enhance(noisy);
        var theirs = reference.Enhance(tensor(noisy, [1, noisy.Length])).data<float>().ToArray();
        var power = Math.Sqrt(noisy.Average(v => (double)v * v));
        return ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Aggregate(0.0f, Math.Max) / power;
    }

    private static int Child(string way, int seconds, int threads)
    {
        set_num_threads(threads);
        Convolutions.MakeRight();
        using var scope = NewDisposeScope();
        using var networks = new Networks(StepBenchmark.Config("full"));
        networks.Train(false);
        using var reference = new ReferenceStep(StepBenchmark.Config("full"), networks);
        var enhancer = new Enhancer(networks.Generator, networks.Spectrum);
        var noisy = Noise(seconds);
        var clock = new Stopwatch();
        for (var k = 0; k < 2; k++) // the first warms up
        {
            clock.Restart();
            if (way == Ours)
                enhancer.Enhance(noisy);
            else
                reference.Enhance(tensor(noisy, [1, noisy.Length])).Dispose();
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:R} {StepBenchmark.PeakMegabytes():R}"));
        return 0;
    }

    private static float[] Noise(int seconds)
    {
        var random = new Random(2);
        return
        [
            .. Enumerable.Range(0, seconds * 16000).Select(n => (float)(0.1 * (1.1 + Math.Sin(n / 900.0)) * (random.NextDouble() - 0.5))),
        ];
    }
}
