using SpeechGan.Reports;
using SpeechGan.Tests.Unit.Data;

namespace SpeechGan.Tests.Unit.Reports;

public sealed class EmbeddedWavTests
{
    [Test]
    public void Sound_is_encoded_as_the_projects_own_WAV_writer_does()
    {
        using var folder = new TemporaryFolder();
        float[] samples = [0, 0.5f, -0.5f, 1, -1, 1.5f, 1 / 3f];
        SpeechGan.Data.WavFile.WritePcm16(folder["x.wav"], samples, 16000);
        EmbeddedWav.Encode(samples, 16000).Should().Equal(File.ReadAllBytes(folder["x.wav"]));
    }
}
