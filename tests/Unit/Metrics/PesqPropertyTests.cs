using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class PesqPropertyTests
{
    // The scale changes nothing but the rounding of the samples to single precision (section 2.1 of docs/pesq-algorithm.md).
    [Test]
    public void Both_signals_may_be_scaled(
        [Values("white25", "babble0", "musical", "lowpass2k")] string name,
        [Values(0.1f, 0.37f, 3f, 10f)] float gain,
        [Values] PesqMode mode
    )
    {
        MetricVector vector = MetricVector.Named(name);
        float[] clean = vector.Clean(),
            enhanced = vector.Enhanced();
        double unscaled = Pesq.Score(clean, enhanced, vector.Rate, mode).Value;
        double scaled = Pesq.Score(Scaled(clean, gain), Scaled(enhanced, gain), vector.Rate, mode).Value;
        scaled.Should().BeApproximately(unscaled, 2e-4);
    }

    [Test]
    public void Identical_signals_get_the_highest_score()
    {
        float[] clean = MetricVector.Named("identical").Clean();
        Pesq.Score(clean, clean, 16000, PesqMode.WideBand).Value.Should().Be(Pesq.HighestWideBand);
        Pesq.Score(clean, clean, 16000, PesqMode.NarrowBand).Value.Should().Be(Pesq.HighestNarrowBand);
        Pesq.RawScore(clean, clean, 16000, PesqMode.WideBand).Value.Should().Be(4.5);
    }

    [Test]
    public void Floats_doubles_and_16_bit_integers_give_the_same_bits()
    {
        MetricVector vector = MetricVector.Named("pink20");
        short[] clean = MetricVector.ReadWav(Path.Combine(MetricVector.Folder, vector.Ref));
        short[] enhanced = MetricVector.ReadWav(Path.Combine(MetricVector.Folder, vector.Deg));
        double fromShorts = Pesq.Score(clean, enhanced, 16000, PesqMode.WideBand).Value;
        Pesq.Score(vector.Clean(), vector.Enhanced(), 16000, PesqMode.WideBand).Value.Should().Be(fromShorts);
        Pesq.Score([.. clean.Select(x => x / 32768.0)], [.. enhanced.Select(x => x / 32768.0)], 16000, PesqMode.WideBand)
            .Value.Should()
            .Be(fromShorts);
    }

    [Test]
    public void A_score_has_the_same_bits_in_every_thread()
    {
        MetricVector vector = MetricVector.Named("gainstep");
        float[] clean = vector.Clean(),
            enhanced = vector.Enhanced();
        double alone = Pesq.Score(clean, enhanced, 16000, PesqMode.WideBand).Value;
        double[] together =
        [
            .. Enumerable
                .Range(0, 8)
                .AsParallel()
                .WithDegreeOfParallelism(8)
                .Select(_ => Pesq.Score(clean, enhanced, 16000, PesqMode.WideBand).Value),
        ];
        together.Should().OnlyContain(x => x == alone);
    }

    [Test]
    public void The_raw_score_maps_to_the_score()
    {
        MetricVector vector = MetricVector.Named("echo");
        double raw = Pesq.RawScore(vector.Clean(), vector.Enhanced(), 16000, PesqMode.WideBand).Value;
        double expected = 0.999 + 4 / (1 + Math.Exp(-1.3669 * raw + 3.8224));
        Pesq.Score(vector.Clean(), vector.Enhanced(), 16000, PesqMode.WideBand).Value.Should().BeApproximately(expected, 1e-6);
    }

    [Test]
    public void The_inputs_are_left_alone()
    {
        MetricVector vector = MetricVector.Named("short_4000");
        float[] clean = vector.Clean(),
            enhanced = vector.Enhanced();
        Pesq.Score(clean, enhanced, 16000, PesqMode.WideBand);
        clean.Should().Equal(vector.Clean());
        enhanced.Should().Equal(vector.Enhanced());
    }

    // Section 2: whatever the signals, a finite score or a reason. Levels up to 1e30 apart, DC, tones outside the band, impulses.
    [Test]
    public void No_pair_of_signals_gives_NaN_or_an_exception()
    {
        const int seed = 20261122;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int trial = 0; trial < 150; trial++)
        {
            int rate = random.Next(2) == 0 ? 8000 : 16000;
            float[] clean = Odd(random, rate),
                enhanced = Odd(random, rate);
            PesqMode mode = rate == 16000 && random.Next(2) == 0 ? PesqMode.WideBand : PesqMode.NarrowBand;
            MetricResult result = Pesq.Score(clean, enhanced, rate, mode);
            if (result.TryGet(out double score))
                score.Should().BeInRange(0.999, 4.65, $"trial {trial}");
            else
                result.Sentence.Should().StartWith("PESQ has no value: ");
        }
    }

    private static float[] Odd(Random random, int rate)
    {
        var signal = new float[rate / 4 - 1 + random.Next(rate / 2)];
        double scale = Math.Pow(10, random.Next(-30, 30)),
            hertz = random.Next(1, rate / 2),
            phase = random.NextDouble();
        int kind = random.Next(7);
        for (int i = 0; i < signal.Length; i++)
        {
            double fade = Math.Sin(Math.PI * i / signal.Length);
            signal[i] = (float)(
                scale
                * kind switch
                {
                    0 => random.NextDouble() - 0.5,
                    1 => 1 + 1e-3 * (random.NextDouble() - 0.5),
                    2 => fade,
                    3 => fade * Math.Sin(2 * Math.PI * hertz * i / rate + phase),
                    4 => i == signal.Length / 2 ? 1 : 0,
                    5 => i < signal.Length / 2 ? 0 : random.NextDouble(),
                    _ => i % 2 == 0 ? 1 : -1,
                }
            );
        }

        return signal;
    }

    private static float[] Scaled(float[] signal, float gain) => [.. signal.Select(x => x * gain)];
}
