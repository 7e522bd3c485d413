using BenchmarkDotNet.Attributes;
using SpeechGan.Metrics;

namespace SpeechGan.Tools.Bench.Micro;

/// <summary>Each metric of four seconds at 16 kHz, as evaluation cuts, and all of them as evaluation computes them.</summary>
public class MetricBenchmarks
{
    private const int Rate = 16000,
        Seconds = 4;
    private readonly float[] _clean = new float[Seconds * Rate],
        _enhanced = new float[Seconds * Rate];
    private double[] _x = [],
        _y = [];
    private MetricResult _pesq;

    [GlobalSetup]
    public void Make()
    {
        var random = new Random(1);
        for (var i = 0; i < _clean.Length; i++)
        {
            _clean[i] = (float)((random.NextDouble() - 0.5) * Math.Max(0, Math.Sin(2 * Math.PI * i / Rate)));
            _enhanced[i] = _clean[i] + (0.05f * (float)(random.NextDouble() - 0.5));
        }
        (_x, _y) = ([.. _clean.Select(v => v * 32768.0)], [.. _enhanced.Select(v => v * 32768.0)]);
        _pesq = Pesq.Score(_clean, _enhanced, Rate, PesqMode.WideBand);
    }

    [Benchmark]
    public object PesqWideBand() => Pesq.Score(_clean, _enhanced, Rate, PesqMode.WideBand);

    [Benchmark]
    public object PesqNarrowBand() => Pesq.Score(_clean, _enhanced, Rate, PesqMode.NarrowBand);

    [Benchmark]
    public object Ssnr() => SegmentalSnr.Score(_x, _y, Rate);

    [Benchmark]
    public object Wss() => WeightedSpectralSlope.Score(_x, _y, Rate);

    [Benchmark]
    public object Llr() => LogLikelihoodRatio.Score(_x, _y, Rate);

    [Benchmark]
    public object StoiScore() => Stoi.Score(_x, _y, Rate);

    [Benchmark]
    public object SiSdrScore() => SiSdr.Score(_x, _y);

    [Benchmark]
    public object Stability() => PesqStability.Moved(_clean, _enhanced, Rate, PesqMode.WideBand, _pesq);

    [Benchmark]
    public object AllOfAPair() => ScoreSet.Of(_clean, _enhanced, Rate);
}
