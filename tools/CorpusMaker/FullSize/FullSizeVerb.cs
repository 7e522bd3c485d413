using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SpeechGan.Runs;

namespace SpeechGan.CorpusMaker;

/// <summary><c>CorpusMaker full OUT [--train N] [--test N] [--seed N]</c>: see tools/corpus.</summary>
internal static class FullSizeVerb
{
    // What a disk should have left behind a corpus.
    private const long Spare = 1L << 30;
    private const string Mark = "made-by-tools-corpus.txt";

    /// <summary>Runs it.</summary>
    /// <returns>The exit code: 2 for a wrong argument, 3 where there is no room, 130 where it was stopped.</returns>
    internal static int Run(string[] args)
    {
        var numbers = new Dictionary<string, int>
        {
            ["--train"] = FullSizePlan.TrainPairs,
            ["--test"] = FullSizePlan.TestPairs,
            ["--seed"] = 1,
        };
        if (args.Length == 0 || args[0].StartsWith('-') || !Read(args[1..], numbers))
            return Refuse(2, "usage: tools/corpus OUT [--train N] [--test N] [--seed N]   (whole numbers from 1)");
        string root = Path.GetFullPath(args[0]),
            mark = $"tools/corpus: {numbers["--train"]} and {numbers["--test"]} pairs, seed {numbers["--seed"]}\n",
            markPath = Path.Combine(root, Mark);
        if (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any())
        {
            string found = File.Exists(markPath) ? File.ReadAllText(markPath) : "";
            if (found != mark)
                return Refuse(
                    2,
                    $"corpus: '{root}' holds {(found.Length > 0 ? $"another corpus ({found.Trim()})" : "other files")}. "
                        + "Name an empty or new folder."
                );
        }
        var all = FullSizePlan.Pairs(numbers["--seed"], numbers["--train"], numbers["--test"]);
        var files = new PairFiles(root);
        bool isNew = !Directory.Exists(root);
        long count = 0,
            samples = 0,
            bytes = 0,
            missing = 0,
            needed = 0;
        foreach (PlannedPair pair in all)
        {
            (count, samples, bytes) = (count + 1, samples + pair.Samples, bytes + (2 * pair.FileBytes));
            if (isNew || !files.Has(pair))
                (missing, needed) = (missing + 1, needed + (2 * pair.FileBytes));
        }
        long? free = DiskUse.Free(root);
        Tell(
            $"{count} pairs, {(double)samples / FullSizePlan.Rate / 3600:F1} h at {FullSizePlan.Rate / 1000} kHz, "
                + $"{DiskUse.Size(bytes)} in '{root}'; {missing} pairs to make, {DiskUse.Size(needed)}; "
                + $"{(free is { } f ? $"{DiskUse.Size(f)} are free" : "how much is free is not known")}."
        );
        if (free < needed + Spare)
            return Refuse(
                3,
                $"corpus: that leaves less than {DiskUse.Size(Spare)}. Free some space, choose another disk, or take fewer pairs "
                    + "(--train, --test)."
            );
        Directory.CreateDirectory(root);
        File.WriteAllText(markPath, mark);
        files.MakeFolders(all);
        return missing == 0 ? 0 : Make([.. all.Where(p => !files.Has(p))], files, numbers["--seed"]);
    }

    private static int Make(PlannedPair[] left, PairFiles files, int seed)
    {
        using var stop = new CancellationTokenSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        string work = Directory.CreateTempSubdirectory("speechgan-corpus-").FullName;
        try
        {
            var mixer = new PairMixer(new SoundPool(new Espeak(work)), seed);
            var mixing = new Lines("pairs", left.Length);
            Parallel.ForEach(left, new ParallelOptions { CancellationToken = stop.Token }, pair =>
            {
                var (clean, noisy) = mixer.Make(pair);
                files.Write(pair, clean, noisy);
                mixing.Done();
            });
            return 0;
        }
        // Ctrl-C ends espeak-ng too, whose failure then is no news.
        catch (Exception) when (stop.IsCancellationRequested)
        {
            return Refuse(130, "corpus: stopped. The same command goes on where it was.");
        }
        catch (AggregateException errors) when (errors.InnerExceptions.All(e => e is IOException or UnauthorizedAccessException))
        {
            return Refuse(3, $"corpus: {errors.InnerExceptions[0].Message} The same command goes on where it was.");
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static bool Read(string[] options, Dictionary<string, int> numbers)
    {
        for (int i = 0; i < options.Length; i += 2)
        {
            if (
                i + 1 == options.Length
                || !numbers.ContainsKey(options[i])
                || !int.TryParse(options[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                || value < 1
            )
                return false;
            numbers[options[i]] = value;
        }
        return true;
    }

    private static int Refuse(int code, string sentence)
    {
        Console.Error.WriteLine(sentence);
        return code;
    }

    private static void Tell(string sentence) => Console.WriteLine(sentence);

    /// <summary>A line every few seconds, with the time left.</summary>
    private sealed class Lines(string what, int all)
    {
        private const double Every = 5;
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private readonly Lock gate = new();
        private double told;
        private int done;

        public void Done()
        {
            lock (gate)
            {
                done++;
                double seconds = clock.Elapsed.TotalSeconds;
                if (seconds - told < Every && done < all)
                    return;
                told = seconds;
                Tell($"{done} of {all} {what}, {TimeSpan.FromSeconds(Math.Round(seconds / done * (all - done))):h\\:mm\\:ss} left");
            }
        }
    }
}
