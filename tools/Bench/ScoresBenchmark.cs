using System.Diagnostics;
using SpeechGan.Metrics;

namespace SpeechGan.Tools.Bench;

/// <summary>
/// Milliseconds of each metric for a second of audio at 16 kHz on one core, and of all of them as evaluation computes them. Usage: <c>scores [--repeats N]</c>.
/// </summary>
internal static class ScoresBenchmark
{
    private const int Rate = 16000;
    private const int Seconds = 4; // as evaluation cuts

    public static int Run(string[] args)
    {
        int at = Array.IndexOf(args, "--repeats");
        int repeats = at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1]) : 15;
        var random = new Random(1);
        float[] clean = new float[Seconds * Rate], enhanced = new float[Seconds * Rate];
        for (int i = 0; i < clean.Length; i++)
        {
            clean[i] = (float)((random.NextDouble() - 0.5) * Math.Max(0, Math.Sin(2 * Math.PI * i / Rate)));
            enhanced[i] = clean[i] + 0.05f * (float)(random.NextDouble() - 0.5);
        }

        double[] x = [.. clean.Select(v => v * 32768.0)], y = [.. enhanced.Select(v => v * 32768.0)];
        MetricResult pesq = Pesq.Score(clean, enhanced, Rate, PesqMode.WideBand);
        var works = new (string Name, Action Work)[]
        {
            ("PESQ wb", () => Pesq.Score(clean, enhanced, Rate, PesqMode.WideBand)),
            ("PESQ nb", () => Pesq.Score(clean, enhanced, Rate, PesqMode.NarrowBand)),
            ("SSNR", () => SegmentalSnr.Score(x, y, Rate)),
            ("WSS", () => WeightedSpectralSlope.Score(x, y, Rate)),
            ("LLR", () => LogLikelihoodRatio.Score(x, y, Rate)),
            ("STOI", () => Stoi.Score(x, y, Rate)),
            ("SI-SDR", () => SiSdr.Score(x, y)),
            ("stability", () => PesqStability.Moved(clean, enhanced, Rate, PesqMode.WideBand, pesq)),
            ("all (ScoreSet)", () => ScoreSet.Of(clean, enhanced, Rate)),
        };
        Console.WriteLine($"{Seconds} s at {Rate} Hz, one core, {repeats} repeats after warm-up; ms per second of audio");
        Console.WriteLine($"{"",-16} {"minimum",10} {"median",10}");
        foreach ((string name, Action work) in works)
        {
            for (int warm = 0; warm < 30; warm++) work();
            double[] times = [.. Enumerable.Range(0, repeats).Select(_ => Time(work)).Order()];
            Console.WriteLine($"{name,-16} {times[0],10:F2} {times[repeats / 2],10:F2}");
        }

        return 0;
    }

    private static double Time(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / Seconds;
    }
}
