using SpeechGan.Metrics;
using SpeechGan.Statistics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class ScoreSetTests
{
    private static IEnumerable<MetricVector> Vectors => MetricVector.All;

    // PESQ and what is made of it 1e-4, the rest 1e-6. Three vectors leave LLR, and with it CSIG and COVL, ill-conditioned:
    // WaveformMetricTests holds them.
    [TestCaseSource(nameof(Vectors))]
    public void A_set_holds_the_value_of_every_metric_of_every_vector(MetricVector vector)
    {
        ScoreSet scores = ScoreSet.Of(vector.Clean(), vector.Enhanced(), vector.Rate);
        foreach (Metric metric in Metric.All.Where(m => m != Metric.RawPesqNarrowBand && !IsIllConditioned(vector, m)))
        {
            double? expected = Expected(vector, metric);
            scores[metric].HasValue.Should().Be(expected is not null, metric.Name);
            if (expected is { } value)
                scores[metric].Value.Should().BeApproximately(value, Tolerance(metric), metric.Name);
        }
    }

    // Prints the figures that docs/metrics.md states.
    [Test]
    public void The_largest_distances_from_the_vectors_are_printed()
    {
        ScoreSet[] scores = [.. MetricVector.All.AsParallel().AsOrdered().Select(v => ScoreSet.Of(v.Clean(), v.Enhanced(), v.Rate))];
        foreach (Metric metric in Metric.All.Where(m => m != Metric.RawPesqNarrowBand))
        {
            double[] distances =
            [
                .. MetricVector
                    .All.Zip(scores)
                    .Where(p => Expected(p.First, metric) is not null && !IsIllConditioned(p.First, metric))
                    .Select(p => Math.Abs(p.Second[metric].Value - Expected(p.First, metric)!.Value)),
            ];
            TestContext.Out.WriteLine($"{metric.Name, -8} {distances.Length} values, largest distance {distances.Max():E1}");
            distances.Should().HaveCountGreaterThan(20).And.OnlyContain(d => d <= Tolerance(metric), metric.Name);
        }
    }

    [Test]
    public void The_raw_score_is_the_one_that_maps_to_the_narrow_band_score()
    {
        MetricVector vector = MetricVector.Named("echo");
        ScoreSet scores = ScoreSet.Of(vector.Clean(), vector.Enhanced(), 16000);
        scores[Metric.RawPesqNarrowBand].Should().Be(Pesq.RawScore(vector.Clean(), vector.Enhanced(), 16000, PesqMode.NarrowBand));
        double mapped = 0.999 + 4 / (1 + Math.Exp(-1.4945 * scores[Metric.RawPesqNarrowBand].Value + 4.6607));
        scores[Metric.PesqNarrowBand].Value.Should().BeApproximately(mapped, 1e-6);
    }

    [Test]
    public void The_scale_moves_wss_and_its_composites_and_no_other_metric()
    {
        MetricVector vector = MetricVector.Named("babble10");
        ScoreSet int16 = ScoreSet.Of(vector.Clean(), vector.Enhanced(), 16000);
        ScoreSet unit = ScoreSet.Of(vector.Clean(), vector.Enhanced(), 16000, new ScoreOptions { Scale = MetricScale.Unit });
        unit.Options.Scale.Should().Be(MetricScale.Unit);
        foreach (Metric metric in Metric.All)
        {
            // Segmental SNR moves in the last digits only: eps is smaller against 16-bit samples.
            bool moves = metric == Metric.WeightedSpectralSlope || metric == Metric.Csig || metric == Metric.Cbak || metric == Metric.Covl;
            double distance = Math.Abs(unit[metric].Value - int16[metric].Value);
            if (moves)
                distance.Should().BeGreaterThan(1e-3, metric.Name);
            else
                distance.Should().BeLessThan(metric == Metric.SegmentalSnr ? 1e-3 : 1e-300, metric.Name);
        }
    }

    [Test]
    public void At_8_kHz_wide_band_and_the_composites_have_no_value()
    {
        MetricVector vector = MetricVector.Named("white10_8k");
        ScoreSet scores = ScoreSet.Of(vector.Clean(), vector.Enhanced(), 8000);
        scores.Results.Where(r => !r.Result.HasValue).Select(r => r.Metric.Name).Should().Equal("pesq_wb", "csig", "cbak", "covl");
        scores[Metric.PesqWideBand]
            .Sentence.Should()
            .Be("PESQ has no value: wide-band PESQ is defined at 16000 Hz, the signals have 8000 Hz.");
        scores[Metric.Covl]
            .Sentence.Should()
            .StartWith("COVL has no value because one of its terms has none: PESQ has no value: wide-band");
    }

    [Test]
    public void A_mode_that_was_not_asked_for_says_so()
    {
        MetricVector vector = MetricVector.Named("pink20");
        ScoreSet narrow = ScoreSet.Of(vector.Clean(), vector.Enhanced(), 16000, new ScoreOptions { Modes = PesqModes.NarrowBand });
        narrow[Metric.PesqWideBand].Sentence.Should().Be("PESQ has no value: wide-band was not asked for.");
        narrow[Metric.Csig].Unscorable.Should().Be(UnscorableReason.NotRequested);
        narrow[Metric.PesqNarrowBand].HasValue.Should().BeTrue();
        ScoreSet wide = ScoreSet.Of(vector.Clean(), vector.Enhanced(), 16000, new ScoreOptions { Modes = PesqModes.WideBand });
        wide.Results.Where(r => !r.Result.HasValue).Select(r => r.Metric.Name).Should().Equal("pesq_nb", "pesq_nb_raw");
    }

    [Test]
    public void A_rate_that_is_none_costs_every_metric_and_throws_nothing([Values(-1, 0, 199, 3999, 384_001, int.MaxValue)] int rate)
    {
        ScoreSet scores = ScoreSet.Of(new float[20000], new float[20000], rate);
        scores.HasValue.Should().BeFalse();
        scores[Metric.SiSdr].Sentence.Should().Be($"{rate} Hz is no sample rate of speech; 4000 to 384000 Hz are scored.");
    }

    // docs/metrics.md shows these lines.
    [Test]
    public void The_example_of_the_documentation_prints_what_it_says()
    {
        MetricVector vector = MetricVector.Named("pink20");
        float[] clean = vector.Clean(),
            enhanced = vector.Enhanced();
        var lines = new List<string>();

        ScoreSet scores = ScoreSet.Of(clean, enhanced, sampleRate: 16000);
        if (scores[Metric.PesqWideBand].TryGet(out double pesq))
            lines.Add($"PESQ {pesq:F4}");
        foreach ((Metric metric, MetricResult result) in scores.Results)
            lines.Add(result.HasValue ? $"{metric.Name} {result.Value}" : $"{metric.Name}: {result.Sentence}");
        MeanEstimate mean = Bootstrap.Estimate([2.81, 1.33, 2.21, 2.73, 1.78, 1.25, 2.65, 3.39], seed: 1);
        lines.Add($"{mean.Mean:F3} in {mean.Low:F3} .. {mean.High:F3}");

        lines[0].Should().Be($"PESQ {vector.Wb!.Value.GetDouble():F4}");
        lines.Should().HaveCount(13);
        lines[^1].Should().Be("2.269 in 1.499 .. 2.872");
    }

    [Test]
    public void Names_are_those_of_the_records() =>
        Metric
            .All.Select(m => m.Name)
            .Should()
            .Equal("pesq_wb", "pesq_nb", "pesq_nb_raw", "csig", "cbak", "covl", "ssnr", "wss", "llr", "stoi", "si_sdr");

    private static double Tolerance(Metric metric) =>
        metric.Name.StartsWith("pesq", StringComparison.Ordinal) || metric.Unit == Metric.Csig.Unit ? 1e-4 : 1e-6;

    private static bool IsIllConditioned(MetricVector vector, Metric metric) =>
        vector.Name is ("tone" or "deg_longer" or "ref_longer") && metric.Name is ("llr" or "csig" or "covl");

    // Null where the vector has no finite value.
    private static double? Expected(MetricVector vector, Metric metric)
    {
        double? value = metric.Name switch
        {
            "pesq_wb" => Number(vector.Wb),
            "pesq_nb" => Number(vector.Nb),
            "csig" => vector.Csig,
            "cbak" => vector.Cbak,
            "covl" => vector.Covl,
            "ssnr" => vector.Ssnr,
            "wss" => vector.Wss,
            "llr" => vector.Llr,
            "stoi" => vector.Stoi,
            "si_sdr" => vector.Sisdr,
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric.Name, "no value from outside is known"),
        };
        return value is { } number && double.IsFinite(number) ? number : null;
    }

    private static double? Number(System.Text.Json.JsonElement? element) =>
        element is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetDouble() : null;
}
