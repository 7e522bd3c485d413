using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Evaluation;
using SpeechGan.Tests.Unit.Data;
using SpeechGan.Training;

namespace SpeechGan.Tests.Unit.Evaluation;

/// <summary>A file enhanced in blocks is, byte for byte, the file that is enhanced whole.</summary>
[RequiresTensorEngine]
internal sealed class FileEnhancerTests
{
    private Networks networks = null!;
    private Enhancer enhancer = null!;
    private TemporaryFolder folder = null!;

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
        enhancer = new Enhancer(networks.Generator, networks.Spectrum, longestPiece: 8_000, overlap: 1_600);
    }

    [OneTimeTearDown]
    public void TearDown() => networks.Dispose();

    [SetUp]
    public void Create() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [TestCase(8_000, 1, 10_001, ChannelPolicy.Refuse)]
    [TestCase(16_000, 1, 1, ChannelPolicy.Refuse)]
    [TestCase(16_000, 1, 8_000, ChannelPolicy.Refuse)]
    [TestCase(16_000, 1, 20_801, ChannelPolicy.Refuse)]
    [TestCase(16_000, 2, 16_385, ChannelPolicy.First)]
    [TestCase(44_100, 1, 60_013, ChannelPolicy.Refuse)]
    [TestCase(44_100, 2, 30_001, ChannelPolicy.Second)]
    [TestCase(48_000, 2, 49_153, ChannelPolicy.Mean)]
    [TestCase(48_000, 1, 2, ChannelPolicy.Refuse)]
    public void A_file_has_the_bytes_of_the_whole_way(int rate, int channels, int frames, ChannelPolicy policy)
    {
        var noisy = folder.WriteClip("noisy.wav", frames, rate, channels);
        var limited = FileEnhancer.Enhance(enhancer, noisy, folder["blocks.wav"], policy);
        limited.Should().Be(Whole(noisy, folder["whole.wav"], policy));
        File.ReadAllBytes(folder["blocks.wav"]).AsSpan().SequenceEqual(File.ReadAllBytes(folder["whole.wav"])).Should().BeTrue();
        AudioFile.ReadInfo(folder["blocks.wav"]).Should().Be(new AudioInfo(rate, 1, frames));
        Directory.GetFiles(folder.Path).Should().HaveCount(3, "nothing is left aside");
    }

    [Test]
    public void A_file_may_be_enhanced_in_its_own_place()
    {
        var noisy = folder.WriteClip("noisy.wav", 10_001, 8_000);
        Whole(noisy, folder["whole.wav"], ChannelPolicy.Refuse);
        FileEnhancer.Enhance(enhancer, noisy, noisy, ChannelPolicy.Refuse);
        File.ReadAllBytes(noisy).Should().Equal(File.ReadAllBytes(folder["whole.wav"]));
    }

    [Test]
    public void What_cannot_be_enhanced_gets_a_sentence_and_leaves_the_old_result_and_nothing_else()
    {
        var old = File.ReadAllBytes(folder.WriteClip("out.wav", 100));
        Refusal(folder.Write("in.wav", new WavBytes().ToArray())).Should().EndWith("in.wav holds no samples: there is nothing to enhance.");
        Refusal(folder.WriteClip("in.wav", 100, 3_999))
            .Should()
            .EndWith("in.wav has 3999 samples a second; rates from 4000 to 384000 are enhanced. Convert it.");
        Refusal(folder.WriteClip("in.wav", 100, channels: 2)).Should().Contain("in.wav has 2 channels, and one is needed.");
        Refusal(folder["none.wav"]).Should().EndWith("none.wav does not exist.");
        var spoiled = new float[20_000];
        spoiled[17_000] = float.NegativeInfinity;
        WavFile.WriteFloat32(folder["in.wav"], spoiled, 16_000);
        Refusal(folder["in.wav"]).Should().Contain("in.wav cannot be used: its sample 17000 is infinite");
        var loud = new float[2_000];
        for (var i = 0; i < loud.Length; i++)
            loud[i] = i % 40 < 20 ? float.MaxValue : -float.MaxValue;
        WavFile.WriteFloat32(folder["in.wav"], loud, 48_000);
        Refusal(folder["in.wav"]).Should().Contain("in.wav cannot be resampled to 16000 samples a second");
        File.ReadAllBytes(folder["out.wav"]).Should().Equal(old);
        Directory.GetFiles(folder.Path).Select(Path.GetFileName).Should().BeEquivalentTo("in.wav", "out.wav");
    }

    [Test]
    public void Stopping_leaves_the_old_result_and_nothing_else()
    {
        var old = File.ReadAllBytes(folder.WriteClip("out.wav", 100));
        FluentActions
            .Invoking(() =>
                FileEnhancer.Enhance(
                    enhancer,
                    folder.WriteClip("in.wav", 20_000),
                    folder["out.wav"],
                    ChannelPolicy.Refuse,
                    stop: new CancellationToken(canceled: true)
                )
            )
            .Should()
            .Throw<OperationCanceledException>();
        File.ReadAllBytes(folder["out.wav"]).Should().Equal(old);
        Directory.GetFiles(folder.Path).Should().HaveCount(2);
    }

    [Test]
    public void A_result_that_its_kind_cannot_hold_is_refused_before_work_starts()
    {
        // 8 bits become 16: 2.2 GB, a file with a hole, become 4.4 GB. (As WAV they become RF64: WavWriterTests.)
        var path = folder.Write("long.wav", new WavBytes { Bits = 8, DataSize = 2_200_000_000 }.ToArray());
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
            file.SetLength(file.Length + 2_200_000_000);
        FluentActions
            .Invoking(() => FileEnhancer.Enhance(enhancer, path, folder["out.aiff"], ChannelPolicy.Refuse))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*out.aiff is not written: 2200000000 samples of 2 bytes are more than the 2 GB of an AIFF file*");
        Directory.GetFiles(folder.Path).Should().ContainSingle();
    }

    private string Refusal(string noisy) =>
        FluentActions
            .Invoking(() => FileEnhancer.Enhance(enhancer, noisy, folder["out.wav"], ChannelPolicy.Refuse))
            .Should()
            .Throw<AudioFileException>()
            .Which.Message;

    /// <summary>The way before there were blocks.</summary>
    private int Whole(string from, string to, ChannelPolicy policy)
    {
        var clip = AudioFile.Read(from);
        var samples = clip.Mono(policy);
        var enhanced = enhancer.Enhance(new Resampler(clip.SampleRate, RunConfig.SampleRate).Resample(samples));
        enhanced = new Resampler(RunConfig.SampleRate, clip.SampleRate).Resample(enhanced);
        return WavFile.WritePcm16(to, enhanced.AsSpan(0, samples.Length), clip.SampleRate);
    }
}
