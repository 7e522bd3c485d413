using System.Diagnostics;
using System.Globalization;
using SpeechGan.Data;
using SpeechGan.Distributed;
using SpeechGan.Training;

namespace SpeechGan.Tools.Bench;

/// <summary>What a corpus costs its reader: opening it, the first batch of an epoch, and batches from then on, in seconds and in CPU
/// seconds of this process.</summary>
internal static class CorpusTime
{
    private const int Batches = 200;

    public static int Run(string[] args)
    {
        if (args.Length is 0 or > 2)
        {
            Console.Error.WriteLine("Usage: corpus-time DIR [PRESET]");
            return 2;
        }

        var config = RunConfig.FromPreset(args.Length == 2 ? args[1] : "tiny");
        var corpus = Timed("opening it", () => PairedCorpus.Open(args[0]));
        Timed("opening it again", () => PairedCorpus.Open(args[0]));
        Timed("its fingerprint (names, sizes, times)", () => CorpusFingerprint.Of(args[0]));
        var reader = new BatchReader(corpus.Train, TrainingBatches.Options(config, SoleProcess.Instance), corpus.MixIn);
        using var batches = reader.Read(1).GetEnumerator();
        Timed("the first batch of an epoch", batches.MoveNext);
        var read = Timed($"{Batches} batches more", () => Enumerable.Range(0, Batches).Count(_ => batches.MoveNext()));
        Console.WriteLine(
            $"{corpus.Train.Count} + {corpus.Valid.Count} + {corpus.Test.Count} pairs; {reader.BatchesPerEpoch} batches of "
                + $"{config.Data.BatchSize} an epoch, {read} read; {Environment.WorkingSet >> 20} MiB resident"
        );
        return 0;
    }

    private static T Timed<T>(string what, Func<T> work)
    {
        var clock = Stopwatch.StartNew();
        var before = Environment.CpuUsage.TotalTime;
        var result = work();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{clock.Elapsed.TotalSeconds, 8:F3} s, {(Environment.CpuUsage.TotalTime - before).TotalSeconds, 8:F3} s of CPU  {what}"
            )
        );
        return result;
    }
}
