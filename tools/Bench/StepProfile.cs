using System.Diagnostics;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tools.Bench;

/// <summary>
/// Where the time of a training step goes, by operator. Usage: <c>profile [--size small] [--way ours] [--steps N] [--threads N] [--rows N]</c>.
/// </summary>
internal static class StepProfile
{
    public static int Run(string[] args)
    {
        string size = StepBenchmark.Option(args, "--size", "small"), way = StepBenchmark.Option(args, "--way", "ours");
        int steps = int.Parse(StepBenchmark.Option(args, "--steps", "2")), rows = int.Parse(StepBenchmark.Option(args, "--rows", "40"));
        set_num_threads(int.Parse(StepBenchmark.Option(args, "--threads", "2")));
        var config = StepBenchmark.Config(size);
        using var scope = NewDisposeScope();
        using var networks = new Networks(config);
        using IStep step = StepBenchmark.Make(way, networks, config);
        var (clean, noisy, targets) = StepBenchmark.Signals(config, float32);
        step.Take(clean, noisy, targets);
        _ = new OperatorProfile();
        var clock = Stopwatch.StartNew();
        for (var k = 0; k < steps; k++)
            step.Take(clean, noisy, targets);
        var wall = clock.Elapsed.TotalSeconds;
        var profile = OperatorProfile.Stop();
        Console.WriteLine(FormattableString.Invariant($"{size}, {way}: {wall / steps:F3} s a step, of it in operators {profile.Sum(r => r.Seconds) / steps:F3} s"));
        Console.WriteLine($"{"ms/step",9} {"share",6} {"calls",7}  operator");
        foreach (var r in profile.Take(rows))
            Console.WriteLine(FormattableString.Invariant($"{r.Seconds / steps * 1000,9:F1} {r.Seconds / wall,6:P1} {r.Calls / steps,7}  {r.Name}"));
        return 0;
    }
}
