using System.Diagnostics;
using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Kernels.SelfTest;

namespace SpeechGan.Tools.Bench;

/// <summary>How long the self-test of kernels takes: the first time in this process, with compilation, and the quickest of ten after
/// it.</summary>
internal static class SelfTestTime
{
    private const int Repeats = 10;

    public static int Run(string[] args)
    {
        foreach (var preset in args.Length > 0 ? args : ["tiny", "small", "cmgan"])
        foreach (var choice in Enum.GetValues<KernelChoice>())
        foreach (var purpose in Enum.GetValues<TestPurpose>())
        {
            var config = Presets.Find(preset).With($"train.kernels={(choice == KernelChoice.Fused ? "fused" : "operators")}");
            TorchSharp.torch.set_num_threads(config.Train.Threads);
            var first = Once(config, purpose);
            var after = Enumerable.Range(0, Repeats).Select(_ => Once(config, purpose)).ToList();
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{preset}, {choice}, {purpose}: {first.Checks} checks; first {first.Wall:F3} s wall, {first.Cpu:F3} s CPU; after "
                        + $"that at least {after.Min(t => t.Wall):F3} s wall, {after.Min(t => t.Cpu):F3} s CPU"
                )
            );
        }
        return 0;
    }

    private static (int Checks, double Wall, double Cpu) Once(RunConfig config, TestPurpose purpose)
    {
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var record = KernelSelfTest.Run(config, purpose).Record;
        return (record.Checks.Count, clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }
}
