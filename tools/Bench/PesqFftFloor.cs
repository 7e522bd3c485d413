using System.Diagnostics;
using System.Numerics;
using SpeechGan.Dsp;
using SpeechGan.Metrics;
using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Tools.Bench;

/// <summary>
/// The transforms that PESQ of a set of pairs takes, by size, and the time of those transforms alone: what PESQ would take if all else were free.
/// </summary>
internal static class PesqFftFloor
{
    /// <summary>Transforms of all pairs, from scratch.</summary>
    internal static FftTally Count(IEnumerable<(float[] Clean, float[] Enhanced)> pairs, int rate)
    {
        var all = new FftTally();
        foreach ((float[] clean, float[] enhanced) in pairs) all.Add(Pesq.Analyse<float>(clean, enhanced, rate, PesqMode.WideBand).Transforms);
        return all;
    }

    /// <summary>Prints the table and returns the floor in milliseconds for a second of audio, one core, the fastest of the repeats.</summary>
    internal static double Print(FftTally tally, double seconds, int repeats)
    {
        Console.WriteLine($"{"samples",10} {"transforms",12} {"n log2 n",14} {"ms",8}   real transforms (n: half the samples), for a second of audio");
        double floor = 0;
        foreach ((int size, long count) in tally.Sizes)
        {
            double each = Enumerable.Range(0, repeats).Min(_ => Time(size)), ms = each * count / seconds;
            long n = size / 2;
            Console.WriteLine($"{size,10} {count / seconds,12:F2} {count * n * BitOperations.Log2((uint)n) / seconds,14:F0} {ms,8:F3}");
            floor += ms;
        }

        Console.WriteLine($"{"all",10} {tally.Sizes.Sum(s => s.Count) / seconds,12:F2} {tally.Butterflies / seconds,14:F0} {floor,8:F3}   the floor");
        return floor;
    }

    // Milliseconds of one transform: as many as take about a millisecond. On zeros, which take as long as other numbers and do not grow; only
    // denormal ones would be slower, and there are none.
    private static double Time(int size)
    {
        RealFft fft = RealFft.For(size);
        double[] real = new double[fft.Bins], imaginary = new double[fft.Bins], work = new double[fft.WorkspaceLength];
        int count = Math.Max(1, (1 << 19) / size);
        fft.ForwardPacked(real, imaginary, work);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            if ((i & 1) == 0) fft.InversePackedUnscaled(real, imaginary, work);
            else fft.ForwardPacked(real, imaginary, work);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / count;
    }
}
