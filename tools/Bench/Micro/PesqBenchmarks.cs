using System.Globalization;
using BenchmarkDotNet.Attributes;
using SpeechGan.Dsp;
using SpeechGan.Metrics;
using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Tools.Bench.Micro;

/// <summary>
/// Wide-band PESQ of all vectors: on one core and on all of them, its Fourier transforms alone (the floor, if all else were free), and
/// against prepared clean signals. The column "Ratio" is the speed-up and the floor's share. The seconds of audio, and how many transforms
/// of which size, are printed first.
/// </summary>
public class PesqBenchmarks
{
    private IReadOnlyList<VectorPair> pairs = [],
        fitting = [];
    private PesqReference[] references = [];
    private (RealFft Fft, long Count, double[] Real, double[] Imaginary, double[] Work)[] transforms = [];

    [GlobalSetup]
    public void Load()
    {
        pairs = MetricVectors.Load();
        var tally = new FftTally();
        foreach (var (clean, enhanced) in pairs)
            tally.Add(Pesq.Analyse<float>(clean, enhanced, MetricVectors.Rate, PesqMode.WideBand).Transforms);
        transforms =
        [
            .. tally
                .Sizes.Select(s => (RealFft.For(s.Size), s.Count))
                .Select(t => (t.Item1, t.Count, new double[t.Item1.Bins], new double[t.Item1.Bins], new double[t.Item1.WorkspaceLength])),
        ];
        // Versions as long as their clean signal, brought to its peak: those that a prepared clean signal serves.
        fitting =
        [
            .. pairs.Where(p => p.Enhanced.Length == p.Clean.Length).Select(p => p with { Enhanced = AtPeakOf(p.Clean, p.Enhanced) }),
        ];
        references = [.. fitting.Select(p => new PesqReference(p.Clean.AsSpan(), MetricVectors.Rate, PesqMode.WideBand))];
        var (seconds, prepared) = (
            pairs.Sum(p => p.Clean.Length) / (double)MetricVectors.Rate,
            fitting.Sum(p => p.Clean.Length) / (double)MetricVectors.Rate
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"// {pairs.Count} pairs, {seconds:F1} s of audio; prepared: {fitting.Count} pairs, {prepared:F1} s"
            )
        );
        Console.WriteLine(
            $"// transforms: "
                + $"{string.Join(", ", tally.Sizes.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Count} of {s.Size}")))}"
        );
    }

    [Benchmark(Baseline = true)]
    public void OneCore()
    {
        foreach (var (clean, enhanced) in pairs)
            Pesq.Score(clean, enhanced, MetricVectors.Rate, PesqMode.WideBand);
    }

    [Benchmark]
    public void AllCores() => Parallel.ForEach(pairs, p => Pesq.Score(p.Clean, p.Enhanced, MetricVectors.Rate, PesqMode.WideBand));

    // On zeros, which take as long as other numbers and do not grow; only denormal ones would be slower, and there are none.
    [Benchmark]
    public void TransformsAlone()
    {
        foreach (var (fft, count, real, imaginary, work) in transforms)
            for (long i = 0; i < count; i++)
                if ((i & 1) == 0)
                    fft.ForwardPacked(real, imaginary, work);
                else
                    fft.InversePackedUnscaled(real, imaginary, work);
    }

    [Benchmark]
    public void FittingFromScratch()
    {
        foreach (var (clean, enhanced) in fitting)
            Pesq.Score(clean, enhanced, MetricVectors.Rate, PesqMode.WideBand);
    }

    [Benchmark]
    public void FittingPrepared()
    {
        for (var i = 0; i < fitting.Count; i++)
            references[i].Score(fitting[i].Enhanced);
    }

    private static float[] AtPeakOf(float[] clean, float[] enhanced)
    {
        var gain = 0.999f * clean.Max(Math.Abs) / enhanced.Max(Math.Abs);
        return [.. enhanced.Select(x => gain * x)];
    }
}
