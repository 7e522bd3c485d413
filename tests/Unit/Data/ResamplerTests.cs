using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

public sealed class ResamplerTests
{
    private static float[] Sine(double hertz, int rate, int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * hertz * i / rate)))];

    // Without the ends, where the clip begins and stops abruptly.
    private static double Largest(IEnumerable<double> values, int samples) => values.Skip(samples / 4).Take(samples / 2).Max(Math.Abs);

    private static double Decibels(double peak) => 20 * Math.Log10(peak / 0.5);

    /// <summary>Four outputs are computed together, by vectors: the bits are those of one after the other by plain arithmetic.</summary>
    [TestCase(48_000, 16_000)]
    [TestCase(44_100, 16_000)]
    [TestCase(22_050, 48_000)]
    [TestCase(16_000, 48_000)]
    [TestCase(8_000, 16_000)]
    public void Outputs_that_are_computed_together_have_the_bits_of_those_computed_alone(int from, int to)
    {
        var random = new Random(3);
        float[] signal = [.. Enumerable.Range(0, 3001).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        var resampler = new Resampler(from, to);
        float[] together = resampler.Resample(signal);
        var alone = new float[together.Length];
        for (int m = 0; m < alone.Length; m++)
            resampler.Compute(m, signal, 0, alone.AsSpan(m, 1));
        together.Select(BitConverter.SingleToInt32Bits).Should().Equal(alone.Select(BitConverter.SingleToInt32Bits));
    }

    [TestCase(8_000, 3_600)]
    [TestCase(11_025, 5_000)]
    [TestCase(22_050, 7_300)]
    [TestCase(32_000, 1_000)]
    [TestCase(44_100, 50)]
    [TestCase(44_100, 7_300)]
    [TestCase(48_000, 7_300)]
    [TestCase(96_000, 3_000)]
    [TestCase(192_000, 440)]
    [TestCase(44_003, 997)] // no common divisor: taps are computed one by one
    public void A_sine_in_the_pass_band_stays_that_sine(int rate, double hertz)
    {
        float[] output = new Resampler(rate, 16_000).Resample(Sine(hertz, rate, rate / (rate == 44_003 ? 32 : 8)));
        float[] exact = Sine(hertz, 16_000, output.Length);
        double error = Decibels(Largest(output.Zip(exact, (a, b) => (double)a - b), output.Length));
        TestContext.Out.WriteLine($"{rate} Hz, sine of {hertz} Hz: error {error:F1} dB");
        // Images, ripple and delay together; measured -124 dB or less, of which float32's rounding is -138 dB.
        error.Should().BeLessThan(-120);
    }

    [TestCase(44_100)]
    [TestCase(48_000)]
    [TestCase(96_000)]
    public void What_would_alias_is_gone(int rate)
    {
        var resampler = new Resampler(rate, 16_000);
        double worst = double.NegativeInfinity;
        for (double hertz = 8_000; hertz < (rate / 2) - 50; hertz += ((rate / 2) - 8_000) / 20.7)
        {
            float[] output = resampler.Resample(Sine(hertz, rate, rate / (rate == 44_003 ? 32 : 8)));
            worst = Math.Max(worst, Decibels(Largest(output.Select(s => (double)s), output.Length)));
        }
        TestContext.Out.WriteLine($"{rate} Hz: worst alias {worst:F1} dB");
        worst.Should().BeLessThan(-120); // measured -127 dB
    }

    [TestCase(8_000)]
    [TestCase(44_100)]
    [TestCase(48_000)]
    public void A_constant_stays_exactly_that_constant(int rate)
    {
        var constant = new float[rate / 2];
        Array.Fill(constant, 0.3f);
        float[] output = new Resampler(rate, 16_000).Resample(constant);
        output.Skip(output.Length / 4).Take(output.Length / 2).Should().OnlyContain(s => s == 0.3f);
    }

    [TestCase(0, 48_000, 0)]
    [TestCase(1, 48_000, 1)]
    [TestCase(3, 48_000, 1)]
    [TestCase(4, 48_000, 2)]
    [TestCase(441, 44_100, 160)]
    [TestCase(442, 44_100, 161)]
    [TestCase(5, 8_000, 10)]
    public void The_length_is_rounded_up(int samples, int rate, int expected)
    {
        Resampler.Length(samples, rate, 16_000).Should().Be(expected);
        new Resampler(rate, 16_000).Resample(new float[samples]).Should().HaveCount(expected);
    }

    [Test]
    public void The_same_rate_changes_nothing() =>
        new Resampler(16_000, 16_000).Resample([0.1f, float.MaxValue]).Should().Equal(0.1f, float.MaxValue);

    [Test]
    public void Delay_is_taken_out()
    {
        var click = new float[3001];
        click[1500] = 1;
        float[] output = new Resampler(48_000, 16_000).Resample(click);
        for (int i = 1; i < 200; i++)
            output[500 + i].Should().Be(output[500 - i], $"{i} samples from the click");
        output.Select(MathF.Abs).Max().Should().Be(output[500]);
    }

    [Test]
    public void A_clip_begins_alike_whatever_follows()
    {
        float[] noise = TemporaryFolder.Noise("noise", 5000);
        var resampler = new Resampler(44_100, 16_000);
        float[] whole = resampler.Resample(noise),
            part = resampler.Resample(noise.AsSpan(0, 3000));
        // The filter reaches 269 input samples ahead, 98 at the output.
        part.Take(part.Length - 98).Should().Equal(whole.Take(part.Length - 98));
        new Resampler(44_100, 16_000).Resample(noise).Should().Equal(whole);
    }

    [Test]
    public void Absurd_rates_are_refused()
    {
        FluentActions
            .Invoking(() => new Resampler(3_999, 16_000))
            .Should()
            .Throw<ArgumentOutOfRangeException>()
            .WithMessage("A rate of 3999 Hz is not resampled; 4000 to 384000 Hz are.*");
        FluentActions.Invoking(() => new Resampler(16_000, 400_000)).Should().Throw<ArgumentOutOfRangeException>();
    }
}
