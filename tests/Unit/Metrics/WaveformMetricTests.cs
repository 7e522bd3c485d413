using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class WaveformMetricTests
{
    // The values come from double arithmetic in another order of summation.
    private const double Tolerance = 1e-6;

    private static IEnumerable<MetricVector> Vectors => MetricVector.All;

    [TestCaseSource(nameof(Vectors))]
    public void Segmental_snr_gives_the_value_of_every_vector(MetricVector vector) =>
        Check(SegmentalSnr.Score(Integers(vector.Clean()), Integers(vector.Enhanced()), vector.Rate), vector.Ssnr);

    [TestCaseSource(nameof(Vectors))]
    public void Si_sdr_gives_the_value_of_every_vector(MetricVector vector)
    {
        double[] clean = Integers(vector.Clean()), enhanced = Integers(vector.Enhanced());
        Check(SiSdr.Score(clean, enhanced), vector.Sisdr);
        Check(SiSdr.Score(clean, enhanced, removeMean: true), vector.SisdrZeroMean);
    }

    [Test]
    public void Si_sdr_does_not_depend_on_scale_and_knows_the_textbook_case()
    {
        double[] clean = [1, 0, 1, 0], enhanced = [1, 0.1, 1, -0.1];
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
        SegmentalSnr.Score(new double[599], new double[599], 16000).Sentence
            .Should().Be("Segmental SNR has no value: 599 samples were found, at least 600 are needed.");

    private static void Check(MetricResult actual, double? expected)
    {
        if (expected is { } value && double.IsFinite(value)) actual.Value.Should().BeApproximately(value, Tolerance);
        else actual.HasValue.Should().BeFalse();
    }

    private static double[] Integers(float[] samples) => [.. samples.Select(x => x * 32768.0)];
}
