using SpeechGan.Configuration;
using SpeechGan.Dsp;
using SpeechGan.Evaluation;
using SpeechGan.Tests.Unit.Data;
using SpeechGan.Training;

namespace SpeechGan.Tests.Unit.Evaluation;

[RequiresTensorEngine]
internal sealed class EnhancerTests
{
    private Networks networks = null!;

    [OneTimeSetUp]
    public void SetUp()
    {
        networks = new Networks(
            new RunConfig
            {
                Model = new ModelConfig
                {
                    Channels = 2,
                    Heads = 1,
                    Blocks = 1,
                },
                Loss = new LossConfig { Weights = new LossWeights { Gan = 0 } },
            }
        );
        networks.Train(false);
    }

    [OneTimeTearDown]
    public void TearDown() => networks.Dispose();

    [
        TestCase(1),
        TestCase(99),
        TestCase(200),
        TestCase(201),
        TestCase(399),
        TestCase(400),
        TestCase(401),
        TestCase(8_000),
        TestCase(8_001),
        TestCase(15_050),
        TestCase(30_010)
    ]
    public void Any_length_comes_back_as_long_and_finite(int samples)
    {
        var enhanced = new Enhancer(networks.Generator, networks.Spectrum, longestPiece: 8_000, overlap: 1_600).Enhance(Signal(samples));
        enhanced.Should().HaveCount(samples);
        enhanced.Should().OnlyContain(x => float.IsFinite(x));
    }

    [Test]
    public void Digital_silence_stays_silence() =>
        new Enhancer(networks.Generator, networks.Spectrum).Enhance(new float[1_000]).Should().OnlyContain(x => x == 0);

    [Test]
    public void Gain_goes_through()
    {
        var signal = Signal(4_000);
        var enhancer = new Enhancer(networks.Generator, networks.Spectrum);
        var once = enhancer.Enhance(signal);
        var louder = enhancer.Enhance(Array.ConvertAll(signal, x => 4 * x));
        // Normalised before the network and back after it; a power of two changes no rounding.
        louder.Should().Equal(Array.ConvertAll(once, x => 4 * x));
    }

    [Test]
    public void A_signal_up_to_the_longest_piece_is_one_piece()
    {
        var signal = Signal(8_000);
        new Enhancer(networks.Generator, networks.Spectrum, 8_000, 1_600)
            .Enhance(signal)
            .Should()
            .Equal(new Enhancer(networks.Generator, networks.Spectrum).Enhance(signal));
    }

    [Test]
    public void The_same_signal_twice_gives_the_same_bits()
    {
        var enhancer = new Enhancer(networks.Generator, networks.Spectrum, 8_000, 1_600);
        var signal = Signal(20_000);
        enhancer.Enhance(signal).Should().Equal(enhancer.Enhance(signal));
    }

    [TestCase(1), TestCase(7_999), TestCase(8_000), TestCase(8_001), TestCase(8_800), TestCase(8_801), TestCase(100_000)]
    public void Pieces_cover_every_sample_and_overlap_as_told(int samples)
    {
        var pieces = Enhancer.Pieces(samples, 8_000, 1_600).ToList();
        var window = samples <= 8_000 ? 8_000 : 4_000; // one piece while it fits, windows of half its length beyond
        pieces[0].Should().Be((0L, Math.Min(samples, window), 0));
        for (var k = 1; k < pieces.Count; k++)
        {
            pieces[k].FadeIn.Should().Be(1_600);
            pieces[k].Start.Should().Be(pieces[k - 1].Start + pieces[k - 1].Length - 1_600);
            pieces[k].Length.Should().BeGreaterThan(1_600).And.BeLessThanOrEqualTo(window);
        }
        (pieces[^1].Start + pieces[^1].Length).Should().Be(samples);
    }

    // Around blocks, the longest piece (8 000) and the ends of windows (4 000, then 2 400 further each: 8 800, 11 200).
    [
        TestCase(1),
        TestCase(399),
        TestCase(7_999),
        TestCase(8_000),
        TestCase(8_001),
        TestCase(8_799),
        TestCase(8_800),
        TestCase(8_801),
        TestCase(11_199),
        TestCase(11_201),
        TestCase(30_011)
    ]
    public void Blocks_have_the_bits_of_the_whole_signal(int samples)
    {
        var signal = Signal(samples);
        var enhancer = new Enhancer(networks.Generator, networks.Spectrum, 8_000, 1_600);
        var source = new ArrayReader(signal, 16_000);
        var blocks = enhancer.Enhance(source);
        var whole = enhancer.Enhance(signal);
        AudioReaderTests.All(blocks, 777).Should().Equal(whole);
        blocks.Restart();
        AudioReaderTests.All(blocks, 100_000).Should().Equal(whole);
        source.LargestRead.Should().BeLessThanOrEqualTo(8_000, "no more than a piece is held");
    }

    [Test]
    public void Digital_silence_in_blocks_stays_silence() =>
        AudioReaderTests
            .All(new Enhancer(networks.Generator, networks.Spectrum, 8_000, 1_600).Enhance(new ArrayReader(new float[20_000], 16_000)), 777)
            .Should()
            .HaveCount(20_000)
            .And.OnlyContain(x => x == 0);

    [Test]
    public void What_cannot_be_enhanced_in_blocks_is_refused_in_a_sentence()
    {
        var enhancer = new Enhancer(networks.Generator, networks.Spectrum);
        FluentActions
            .Invoking(() => enhancer.Enhance(new ArrayReader([], 16_000)))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("There is no sample to enhance.*");
        var spoiled = new float[20_000];
        spoiled[17_000] = float.NaN;
        FluentActions
            .Invoking(() => enhancer.Enhance(new ArrayReader(spoiled, 16_000)))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("Sample 17000 is NaN; all must be finite.*");
        FluentActions
            .Invoking(() => enhancer.Enhance(new ArrayReader([1], 8_000)))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("The signal has 8000 samples a second; 16000 are enhanced.*");
        using var stop = new CancellationTokenSource();
        var blocks = enhancer.Enhance(new ArrayReader([1, 2], 16_000), stop.Token);
        stop.Cancel();
        blocks.Invoking(b => b.Read(new float[2])).Should().Throw<OperationCanceledException>();
    }

    [Test]
    public void What_cannot_be_enhanced_is_refused_in_a_sentence()
    {
        var enhancer = new Enhancer(networks.Generator, networks.Spectrum);
        FluentActions
            .Invoking(() => enhancer.Enhance([]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("There is no sample to enhance.*");
        FluentActions
            .Invoking(() => enhancer.Enhance([0, float.NaN]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("Sample 1 is NaN; all must be finite.*");
    }

    private static float[] Signal(int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)((0.3 * Math.Sin(i * 0.1)) + (0.1 * CounterRandom.Double(1, 2, 3, i))))];
}
