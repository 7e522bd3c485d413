using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>
/// Small files as real programs leave them (<c>cases/</c>: a tone of 440 Hz, 16 kHz, one channel, 16 bits, 4000 samples): streamed ones are
/// read to their end with a note, damaged ones are refused with what was found against what was expected.
/// </summary>
public sealed class RealFileCasesTests
{
    private static string Case(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Data", "cases", name + ".wav");

    [TestCase("odd-chunk-padded")]
    [TestCase("odd-chunk-unpadded")]
    [TestCase("rf64")]
    public void Sound_files_are_read_without_a_note(string name)
    {
        AudioFile.ReadInfo(Case(name)).Should().Be(new AudioInfo(16_000, 1, 4000));
        AudioFile.Read(Case(name)).Interleaved.ToArray().Should().Equal(AudioFile.Read(Case("odd-chunk-padded")).Interleaved.ToArray());
    }

    [TestCase("streamed-zero", "0")]
    [TestCase("streamed-ff", "4294967295")]
    [TestCase("streamed-ffmpeg", "4294905856")]
    [TestCase("streamed-sox", "2147479552")]
    public void Streamed_files_are_read_to_their_end_with_a_note(string name, string size)
    {
        string note =
            $"was written into a pipe or never finished (its \"data\" chunk promises {size} bytes): all 4000 frames to its end are read.";
        AudioFile.ReadInfo(Case(name)).Should().Be(new AudioInfo(16_000, 1, 4000) { Note = note });
        AudioClip clip = AudioFile.Read(Case(name));
        clip.Note.Should().Be(note);
        clip.Interleaved.ToArray().Should().Equal(AudioFile.Read(Case("odd-chunk-padded")).Interleaved.ToArray());
    }

    [Test]
    public void A_RIFF_size_that_ends_before_the_samples_is_noted_and_not_believed()
    {
        AudioClip clip = AudioFile.Read(Case("streamed-riff4"));
        clip.Interleaved.ToArray().Should().Equal(AudioFile.Read(Case("odd-chunk-padded")).Interleaved.ToArray());
        clip.Note.Should()
            .Be(
                "says 4 bytes in its RIFF header, which ends before its samples; its data chunk's size is believed instead, and 8000 "
                    + "bytes of samples are read."
            );
    }

    [TestCase(
        "truncated",
        "is truncated: its \"data\" chunk promises 8000 bytes and 5000 are there; 3000 are missing. Copy or convert it again."
    )]
    [TestCase(
        "half-frame",
        "has a data chunk of 7999 bytes, which is not a whole number of frames of 2 bytes (1 channel(s) of 16 bits). Convert it again."
    )]
    [TestCase("channels-65535", "says that it has 65535 channels; up to 64 are read here. It is probably damaged; convert it again.")]
    [TestCase("rate-0", "says that it has 0 samples a second; 1 to 768000 are read here. It is probably damaged; convert it again.")]
    [TestCase("block-align", "says that a frame takes * bytes, and 1 channel(s) of 16 bits take 2. It is damaged; convert it again.")]
    public void Damaged_files_are_refused(string name, string sentence) =>
        FluentActions
            .Invoking(() => AudioFile.Read(Case("refuse-" + name)))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage($"{Case("refuse-" + name)} {sentence}");

    [Test]
    public void Half_a_frame_behind_a_stream_is_left_out_and_said()
    {
        byte[] bytes = [.. File.ReadAllBytes(Case("streamed-ff")), 1];
        AudioClip clip = WavFile.Read(new MemoryStream(bytes), "a.wav");
        clip.Frames.Should().Be(4000);
        clip.Note.Should().EndWith("all 4000 frames to its end are read, and 1 bytes of half a frame behind them are left out.");
    }

    [Test]
    public void A_size_of_zero_before_sound_chunks_is_a_file_without_samples()
    {
        AudioClip clip = WavFile.Read(
            new MemoryStream(new WavBytes { Behind = [.. WavBytes.Chunk("LIST", [1, 2, 3]), .. WavBytes.Chunk("id3 ", [1, 2])] }.ToArray()),
            "a.wav"
        );
        (clip.Frames, clip.Note).Should().Be((0, null));
        clip = WavFile.Read(new MemoryStream(new WavBytes { DataSize = 0, Data = new byte[4000] }.ToArray()), "a.wav");
        clip.Frames.Should().Be(2000, "silence is no chunk");
        clip.Note.Should().NotBeNull();
    }

    [Test]
    public void Samples_before_their_format_and_the_other_name_of_RF64_are_read()
    {
        byte[] format = WavBytes.Chunk(
            "fmt ",
            [
                .. WavBytes.Half(1),
                .. WavBytes.Half(1),
                .. WavBytes.Word(8000),
                .. WavBytes.Word(16_000),
                .. WavBytes.Half(2),
                .. WavBytes.Half(16),
            ]
        );
        byte[] late = [.. "RIFF\0\0\0\x1WAVE"u8, .. WavBytes.Chunk("data", WavBytes.Shorts(1, -2)), .. format];
        WavFile.Read(new MemoryStream(late), "a.wav").Interleaved.ToArray().Should().Equal(1 / 32768f, -2 / 32768f);
        byte[] named = File.ReadAllBytes(Case("rf64"));
        "BW64"u8.CopyTo(named);
        WavFile.Read(new MemoryStream(named), "a.wav").Frames.Should().Be(4000);
    }
}
