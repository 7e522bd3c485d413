using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class WaveformMetricTests
{
    // The values come from double arithmetic in another order of summation.
    private const double Tolerance = 1e-6;

    private static IEnumerable<MetricVector> Vectors => MetricVector.All;

    private static IEnumerable<MetricVector> StableVectors =>
        MetricVector.All.Where(v => v.Name is not ("tone" or "deg_longer" or "ref_longer"));

    [TestCaseSource(nameof(Vectors))]
    public void Segmental_snr_gives_the_value_of_every_vector(MetricVector vector) =>
        Check(SegmentalSnr.Score(Integers(vector.Clean()), Integers(vector.Enhanced()), vector.Rate), vector.Ssnr);

    [TestCaseSource(nameof(Vectors))]
    public void Si_sdr_gives_the_value_of_every_vector(MetricVector vector)
    {
        double[] clean = Integers(vector.Clean()),
            enhanced = Integers(vector.Enhanced());
        Check(SiSdr.Score(clean, enhanced), vector.Sisdr);
        Check(SiSdr.Score(clean, enhanced, removeMean: true), vector.SisdrZeroMean);
    }

    [TestCaseSource(nameof(Vectors))]
    public void Wss_gives_the_value_of_every_vector(MetricVector vector) =>
        Check(WeightedSpectralSlope.Score(Integers(vector.Clean()), Integers(vector.Enhanced()), vector.Rate), vector.Wss);

    [TestCaseSource(nameof(Vectors))]
    public void Stoi_gives_the_value_of_every_vector(MetricVector vector) =>
        Check(Stoi.Score(Integers(vector.Clean()), Integers(vector.Enhanced()), vector.Rate), vector.Stoi);

    // Digital silence under the added 2^-52 (`deg_longer`, `ref_longer`) and a lone tone leave LLR ill-conditioned: its order of summation
    // alone moves it by up to 2e-2 and by a few percent.
    [TestCaseSource(nameof(Vectors))]
    public void Llr_gives_the_value_of_every_vector(MetricVector vector)
    {
        MetricResult actual = LogLikelihoodRatio.Score(Integers(vector.Clean()), Integers(vector.Enhanced()), vector.Rate);
        double tolerance = vector.Name switch
        {
            "deg_longer" or "ref_longer" => 2e-2,
            "tone" => 0.05 * vector.Llr!.Value,
            _ => Tolerance,
        };
        Check(actual, vector.Llr, tolerance);
    }

    [TestCaseSource(nameof(StableVectors))]
    public void Composite_measures_give_the_values_of_every_vector(MetricVector vector)
    {
        CompositeMeasures actual = CompositeMeasures.Score(vector.Clean(), vector.Enhanced(), vector.Rate);
        Check(actual.Csig, vector.Csig, 1e-4); // as PESQ
        Check(actual.Cbak, vector.Cbak, 1e-4);
        Check(actual.Covl, vector.Covl, 1e-4);
    }

    [Test]
    public void The_unit_scale_flatters_csig()
    {
        MetricVector vector = MetricVector.Named("babble10");
        double int16 = CompositeMeasures.Score(vector.Clean(), vector.Enhanced(), 16000).Csig.Value;
        CompositeMeasures
            .Score(vector.Clean(), vector.Enhanced(), 16000, MetricScale.Unit)
            .Csig.Value.Should()
            .BeInRange(int16, int16 + 0.5);
    }

    [Test]
    public void A_rating_without_one_of_its_terms_says_which()
    {
        CompositeMeasures ratings = CompositeMeasures.Score(new float[8000], new float[8000], 16000);
        ratings
            .Csig.Sentence.Should()
            .Be("CSIG has no value because one of its terms has none: PESQ has no value: every sample of the clean signal is zero.");
    }

    [Test]
    public void Si_sdr_does_not_depend_on_scale_and_knows_the_textbook_case()
    {
        double[] clean = [1, 0, 1, 0],
            enhanced = [1, 0.1, 1, -0.1];
        SiSdr.Score(clean, enhanced).Value.Should().BeApproximately(20, 1e-12);
        SiSdr.Score(clean, [.. enhanced.Select(x => 7 * x)]).Value.Should().BeApproximately(20, 1e-12);
    }

    [Test]
    public void What_has_no_bound_is_told_and_not_infinite()
    {
        double[] clean = [1, 2, -3, 4];
        SiSdr.Score(clean, clean).Sentence.Should().Be("SI-SDR has no upper bound here: the enhanced signal is the clean one, scaled.");
        SiSdr.Score([1, 0], [0, 1]).Sentence.Should().StartWith("SI-SDR has no lower bound here");
        SiSdr.Score(new double[4], clean).Unscorable.Should().Be(UnscorableReason.SilentReference);
        SiSdr.Score(clean, new double[4]).Unscorable.Should().Be(UnscorableReason.SilentDegraded);
        SiSdr.Score([], []).Unscorable.Should().Be(UnscorableReason.BufferTooShort);
        SiSdr.Score(clean, [1, double.NaN, 0, 0]).Sentence.Should().Be("SI-SDR has no value: sample 1 of the enhanced signal is NaN.");
    }

    [Test]
    public void Segmental_snr_says_how_many_samples_it_needs() =>
        SegmentalSnr
            .Score(new double[599], new double[599], 16000)
            .Sentence.Should()
            .Be("Segmental SNR has no value: 599 samples were found, at least 600 are needed.");

    private static void Check(MetricResult actual, double? expected, double tolerance = Tolerance)
    {
        if (expected is { } value && double.IsFinite(value))
            actual.Value.Should().BeApproximately(value, tolerance);
        else
            actual.HasValue.Should().BeFalse();
    }

    private static double[] Integers(float[] samples) => [.. samples.Select(x => x * 32768.0)];
}
