using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

public sealed class BandwidthTests
{
    private const int Rate = 16_000;

    /// <summary>Prints the levels that stand beside <see cref="AuditLimits.BandwidthDecibels"/>.</summary>
    [Test]
    public void Speech_brought_to_16_kHz_from_8_ends_at_4_kHz()
    {
        var speech = Speech();
        Bandwidth.Of(speech, Rate).Should().Be(8000);
        float[] narrow = new Resampler(8000, Rate).Resample(new Resampler(Rate, 8000).Resample(speech));
        TestContext.Out.WriteLine($"ends at {Bandwidth.Of(narrow, Rate)} Hz");
        Bandwidth.Of(narrow, Rate).Should().BeInRange(3500, 4250);
        // As a file of 16 bits has it.
        Bandwidth.Of([.. narrow.Select(s => MathF.Round(s * 32768) / 32768)], Rate).Should().BeInRange(3500, 4250);
    }

    [Test]
    public void Silence_and_less_than_a_frame_have_none()
    {
        Bandwidth.Of(new float[Rate], Rate).Should().BeNull();
        Bandwidth.Of(new float[100], Rate).Should().BeNull();
    }

    private static float[] Speech()
    {
        var root = TestContext.CurrentContext.TestDirectory;
        while (!Directory.Exists(Path.Combine(root, "golden", "corpus")))
            root = Path.GetDirectoryName(root)!;
        return AudioFile.Read(Path.Combine(root, "golden", "corpus", "train", "clean", "tr01-white-20dB.wav")).Mono(ChannelPolicy.Refuse);
    }
}
