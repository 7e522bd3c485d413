using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class ScoreSetTests
{
    private static IEnumerable<MetricVector> Vectors => MetricVector.All;

    // PESQ and what is made of it 1e-4, the rest 1e-6; the vectors that leave LLR ill-conditioned are held by WaveformMetricTests.
    [TestCaseSource(nameof(Vectors))]
    public void A_set_holds_the_value_of_every_metric_of_every_vector(MetricVector vector)
    {
        ScoreSet scores = ScoreSet.Of(vector.Clean(), vector.Enhanced(), vector.Rate);
        Check(scores[Metric.PesqNarrowBand], Number(vector.Nb), 1e-4);
        Check(scores[Metric.PesqWideBand], Number(vector.Wb), 1e-4);
        Check(scores[Metric.SegmentalSnr], vector.Ssnr, 1e-6);
        Check(scores[Metric.WeightedSpectralSlope], vector.Wss, 1e-6);
        Check(scores[Metric.Stoi], vector.Stoi, 1e-6);
        Check(scores[Metric.SiSdr], vector.Sisdr, 1e-6);
        if (vector.Name is "tone" or "deg_longer" or "ref_longer") return;
        Check(scores[Metric.LogLikelihoodRatio], vector.Llr, 1e-6);
        Check(scores[Metric.Csig], vector.Csig, 1e-4);
        Check(scores[Metric.Cbak], vector.Cbak, 1e-4);
        Check(scores[Metric.Covl], vector.Covl, 1e-4);
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
            if (moves) distance.Should().BeGreaterThan(1e-3, metric.Name);
            else distance.Should().BeLessThan(metric == Metric.SegmentalSnr ? 1e-3 : 1e-300, metric.Name);
        }
    }

    [Test]
    public void At_8_kHz_wide_band_and_the_composites_have_no_value()
    {
        MetricVector vector = MetricVector.Named("white10_8k");
        ScoreSet scores = ScoreSet.Of(vector.Clean(), vector.Enhanced(), 8000);
        scores.Results.Where(r => !r.Result.HasValue).Select(r => r.Metric.Name).Should().Equal("pesq_wb", "csig", "cbak", "covl");
        scores[Metric.PesqWideBand].Sentence.Should().Be("PESQ has no value: wide-band PESQ is defined at 16000 Hz, the signals have 8000 Hz.");
        scores[Metric.Covl].Sentence.Should().StartWith("COVL has no value because one of its terms has none: PESQ has no value: wide-band");
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

    [Test]
    public void Names_are_those_of_the_records() => Metric.All.Select(m => m.Name).Should().Equal(
        "pesq_wb", "pesq_nb", "pesq_nb_raw", "csig", "cbak", "covl", "ssnr", "wss", "llr", "stoi", "si_sdr");

    private static double? Number(System.Text.Json.JsonElement? element) =>
        element is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetDouble() : null;

    private static void Check(MetricResult actual, double? expected, double tolerance)
    {
        if (expected is { } value && double.IsFinite(value)) actual.Value.Should().BeApproximately(value, tolerance);
        else actual.HasValue.Should().BeFalse();
    }
}
