using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class StoiTests
{
    [Test]
    public void Identical_signals_get_1_at_every_usual_rate([Values(8000, 10000, 11025, 16000, 22050, 24000, 32000, 44100, 48000)] int rate)
    {
        double[] clean = Noise(rate);
        Stoi.Score(clean, clean, rate).Value.Should().BeApproximately(1, 1e-12);
    }

    [Test]
    public void The_scale_of_either_signal_does_not_matter()
    {
        MetricVector vector = MetricVector.Named("babble0");
        double[] clean = [.. vector.Clean().Select(x => (double)x)],
            enhanced = [.. vector.Enhanced().Select(x => (double)x)];
        double value = Stoi.Score(clean, enhanced, 16000).Value;
        Stoi.Score([.. clean.Select(x => 3 * x)], [.. enhanced.Select(x => x / 7)], 16000).Value.Should().BeApproximately(value, 1e-12);
    }

    [Test]
    public void Too_little_speech_and_silence_have_no_value()
    {
        double[] noise = Noise(4000);
        Stoi.Score(noise, noise, 10000)
            .Sentence.Should()
            .Be("STOI has no value: the clean signal has 30 frames of speech, at least 31 (0.4 s) are needed.");
        Stoi.Score(Noise(4200), Noise(4200), 10000).HasValue.Should().BeTrue();
        Stoi.Score([], noise, 10000).Unscorable.Should().Be(UnscorableReason.BufferTooShort);
        Stoi.Score(new double[10000], Noise(10000), 10000).Sentence.Should().Be("STOI has no value: the clean signal is silent.");
        Stoi.Score(Noise(10000), new double[10000], 10000)
            .Sentence.Should()
            .Be("STOI has no value: a band of a signal is silent for 384 ms.");
    }

    [Test]
    public void A_rate_that_no_recorder_has_is_refused() =>
        Stoi.Score(Noise(16000), Noise(16000), 16001)
            .Sentence.Should()
            .Be("STOI has no value: 16001 Hz is no usual rate to resample to 10000 Hz from.");

    [Test]
    public void The_resampler_keeps_a_tone_in_place_and_a_constant_constant()
    {
        var resampler = new SincResampler(16000, 10000);
        double[] tone = [.. Enumerable.Range(0, 1600).Select(i => Math.Sin(2 * Math.PI * 500 * i / 16000))];
        double[] resampled = resampler.Resample(tone);
        resampled.Should().HaveCount(1000);
        for (int i = 100; i < 900; i++)
            resampled[i].Should().BeApproximately(Math.Sin(2 * Math.PI * 500 * i / 10000), 2e-3); // ripple of the Kaiser window
        resampler.Resample(Enumerable.Repeat(1.0, 1600).ToArray())[500].Should().BeApproximately(1, 2e-3);
        resampler.Resample([]).Should().BeEmpty();
    }

    private static double[] Noise(int samples)
    {
        const int seed = 7;
        var random = new Random(seed);
        return [.. Enumerable.Range(0, samples).Select(_ => random.NextDouble() - 0.5)];
    }
}
