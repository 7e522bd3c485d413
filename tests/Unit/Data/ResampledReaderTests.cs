using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>A signal resampled in blocks has the bits of the whole one.</summary>
public sealed class ResampledReaderTests
{
    // Around nothing, the filter's reach (94 to 564 input samples here), and the window's block of 16 384 with one and two reaches more.
    private static readonly int[] lengths =
    [
        0,
        1,
        2,
        3,
        93,
        94,
        95,
        187,
        188,
        189,
        283,
        284,
        1000,
        16_383,
        16_384,
        16_385,
        16_571,
        16_572,
        16_573,
        16_950,
        33_001,
        50_021,
    ];

    [TestCase(8_000, 16_000)]
    [TestCase(44_100, 16_000)]
    [TestCase(48_000, 16_000)]
    [TestCase(192_000, 16_000)]
    [TestCase(16_000, 8_000)]
    [TestCase(16_000, 44_100)]
    [TestCase(16_000, 48_000)]
    [TestCase(16_000, 16_000)]
    public void Blocks_have_the_bits_of_the_whole_signal(int from, int to)
    {
        var resampler = new Resampler(from, to);
        float[] noise = TemporaryFolder.Noise("noise", lengths[^1]);
        foreach (int length in lengths)
        {
            float[] signal = noise[..length],
                whole = resampler.Resample(signal);
            var source = new ArrayReader(signal, from);
            ISampleReader blocks = resampler.Resample(source);
            blocks.SampleRate.Should().Be(to);
            foreach (int block in (int[])[997, 16_384, 60_000])
            {
                blocks.Restart();
                AudioReaderTests
                    .All(blocks, block)
                    .AsSpan()
                    .SequenceEqual(whole)
                    .Should()
                    .BeTrue($"{length} samples in blocks of {block} have the bits of the whole signal");
            }
            AudioReaderTests.All(blocks, 10).Should().BeEmpty("the end stays the end");
            if (from != to)
                source.LargestRead.Should().BeLessThanOrEqualTo((2 * resampler.Reach) + 16_384, "more is never held");
        }
    }

    [Test]
    public void Rates_without_a_common_divisor_too()
    {
        var resampler = new Resampler(44_003, 16_000);
        float[] signal = TemporaryFolder.Noise("noise", 1_777);
        AudioReaderTests.All(resampler.Resample(new ArrayReader(signal, 44_003)), 100).Should().Equal(resampler.Resample(signal));
    }

    [Test]
    public void Beginning_again_in_the_middle_gives_the_same_bits()
    {
        var resampler = new Resampler(44_100, 16_000);
        float[] signal = TemporaryFolder.Noise("noise", 40_000);
        ISampleReader blocks = resampler.Resample(new ArrayReader(signal, 44_100));
        blocks.Read(new float[9_000]).Should().Be(9_000);
        blocks.Restart();
        AudioReaderTests.All(blocks, 500).Should().Equal(resampler.Resample(signal));
    }

    [Test]
    public void Another_rate_is_refused() =>
        FluentActions
            .Invoking(() => new Resampler(48_000, 16_000).Resample(new ArrayReader([0f], 44_100)))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("The signal has 44100 samples a second; this filter is for 48000.*");
}
