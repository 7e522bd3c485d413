using BenchmarkDotNet.Attributes;
using SpeechGan.Metrics;

namespace SpeechGan.Tools.Bench.Micro;

/// <summary>Each metric of four seconds at 16 kHz, as evaluation cuts, and all of them as evaluation computes them.</summary>
public class MetricBenchmarks
{
    private const int Rate = 16000,
        Seconds = 4;
    private readonly float[] clean = new float[Seconds * Rate],
        enhanced = new float[Seconds * Rate];
    private double[] x = [],
        y = [];
    private MetricResult pesq;

    [GlobalSetup]
    public void Make()
    {
        var random = new Random(1);
        for (var i = 0; i < clean.Length; i++)
        {
            clean[i] = (float)((random.NextDouble() - 0.5) * Math.Max(0, Math.Sin(2 * Math.PI * i / Rate)));
            enhanced[i] = clean[i] + (0.05f * (float)(random.NextDouble() - 0.5));
        }
        (x, y) = ([.. clean.Select(v => v * 32768.0)], [.. enhanced.Select(v => v * 32768.0)]);
        pesq = Pesq.Score(clean, enhanced, Rate, PesqMode.WideBand);
    }

    [Benchmark]
    public object PesqWideBand() => Pesq.Score(clean, enhanced, Rate, PesqMode.WideBand);

    [Benchmark]
    public object PesqNarrowBand() => Pesq.Score(clean, enhanced, Rate, PesqMode.NarrowBand);

    [Benchmark]
    public object Ssnr() => SegmentalSnr.Score(x, y, Rate);

    [Benchmark]
    public object Wss() => WeightedSpectralSlope.Score(x, y, Rate);

    [Benchmark]
    public object Llr() => LogLikelihoodRatio.Score(x, y, Rate);

    [Benchmark]
    public object StoiScore() => Stoi.Score(x, y, Rate);

    [Benchmark]
    public object SiSdrScore() => SiSdr.Score(x, y);

    [Benchmark]
    public object Stability() => PesqStability.Moved(clean, enhanced, Rate, PesqMode.WideBand, pesq);

    [Benchmark]
    public object AllOfAPair() => ScoreSet.Of(clean, enhanced, Rate);
}
