using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>AIFF without libsndfile, under the same rules as WAV; with it, the same bits.</summary>
public sealed class AiffFileTests
{
    private static readonly byte[] Six = [.. Enumerable.Range(0, 48).Select(i => (byte)(i * 37))];

    private static AudioClip Read(AiffBytes aiff) => WavFile.Read(new MemoryStream(aiff.ToArray()), "a.aiff");

    private static string Refusal(byte[] bytes) =>
        FluentActions.Invoking(() => WavFile.Read(new MemoryStream(bytes), "a.aiff")).Should().Throw<AudioFileException>().Which.Message;

    [TestCase(8, 1)]
    [TestCase(16, 1)]
    [TestCase(16, 6)]
    [TestCase(24, 2)]
    [TestCase(32, 1)]
    [TestCase(32, 3)]
    public void Integers_are_those_of_a_WAV_file_in_the_other_order_of_bytes(int bits, int channels)
    {
        byte[] data = Six[..(Six.Length / (channels * bits / 8) * (channels * bits / 8))];
        byte[] swapped = [.. data.Chunk(bits / 8).SelectMany(sample => bits == 8 ? [(byte)(sample[0] ^ 0x80)] : sample.Reverse())];
        AudioClip aiff = Read(
            new AiffBytes
            {
                Bits = bits,
                Channels = channels,
                Data = data,
                Rate = 44_100,
                Skipped = [1, 2, 3, 4],
                Before = AiffBytes.Chunk("NAME", [65]),
            }
        );
        AudioClip wav = WavFile.Read(
            new MemoryStream(
                new WavBytes
                {
                    Bits = bits,
                    Channels = channels,
                    Data = swapped,
                }.ToArray()
            ),
            "a.wav"
        );
        aiff.Interleaved.ToArray().Should().Equal(wav.Interleaved.ToArray());
        (aiff.SampleRate, aiff.Channels, aiff.Note).Should().Be((44_100, channels, null));
    }

    [TestCase("sowt", 16)]
    [TestCase("sowt", 24)]
    [TestCase("NONE", 16)]
    [TestCase("twos", 16)]
    public void Uncompressed_AIFC_is_read(string compression, int bits)
    {
        bool little = compression == "sowt";
        byte[] wanted = little ? Six : [.. Six.Chunk(bits / 8).SelectMany(s => s.Reverse())];
        Read(
            new AiffBytes
            {
                Compression = compression,
                Bits = bits,
                Data = Six,
            }
        )
            .Interleaved.ToArray()
            .Should()
            .Equal(WavFile.Read(new MemoryStream(new WavBytes { Bits = bits, Data = wanted }.ToArray()), "a.wav").Interleaved.ToArray());
    }

    [TestCase(8)]
    [TestCase(16)]
    [TestCase(24)]
    [TestCase(32)]
    public void Samples_are_bit_identical_to_those_of_libsndfile(int bits)
    {
        if (SndFile.Installed is not { } library)
        {
            Assert.Ignore("libsndfile is not installed (apt-get install libsndfile1): nothing to compare with.");
            return;
        }
        using var folder = new TemporaryFolder();
        string path = folder.Write(
            "a.aiff",
            new AiffBytes
            {
                Bits = bits,
                Channels = 2,
                Data = SampleBitsTests.Stored(1, bits, 2000),
            }.ToArray()
        );
        using AudioReader theirs = library.OpenReader(path);
        AudioFile
            .Read(path)
            .Interleaved.ToArray()
            .Select(BitConverter.SingleToUInt32Bits)
            .Should()
            .Equal(theirs.Whole().Interleaved.ToArray().Select(BitConverter.SingleToUInt32Bits));
    }

    [TestCase("fl32", 32)]
    [TestCase("ulaw", 16)]
    [TestCase("sowt", 8)]
    public void Other_kinds_need_libsndfile_and_say_so(string compression, int bits)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(
            "a.aiff",
            new AiffBytes
            {
                Compression = compression,
                Bits = bits,
                Data = Six,
            }.ToArray()
        );
        FluentActions
            .Invoking(() => AudioFile.Read(path, sndFile: null))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage(
                "*a.aiff is an AIFF file of another kind than uncompressed integers, and libsndfile, which reads it, is not installed. "
                    + "Install*"
            );
    }

    [Test]
    public void Damaged_files_are_refused_with_what_was_found()
    {
        byte[] whole = new AiffBytes { Data = Six }.ToArray();
        Refusal(whole[..^5])
            .Should()
            .Be("a.aiff is truncated: its \"SSND\" chunk promises 48 bytes and 43 are there; 5 are missing. Copy or convert it again.");
        Refusal(
                new AiffBytes
                {
                    Data = Six,
                    Channels = 65_535,
                    Frames = 1,
                }.ToArray()
            )
            .Should()
            .Contain("says that it has 65535 channels; up to 64");
        Refusal(new AiffBytes { Data = Six, Channels = 0 }.ToArray()).Should().Contain("says that it has 0 channels");
        Refusal(new AiffBytes { Data = Six, Rate = 0 }.ToArray()).Should().Contain("says that it has 0 samples a second");
        Refusal(new AiffBytes { Data = Six, Frames = 30 }.ToArray())
            .Should()
            .Be("a.aiff says that it has 30 frames of 2 bytes, and its \"SSND\" chunk holds 48 bytes. Convert it again.");
        Refusal("FORM\0\0\0\0AIFF"u8.ToArray()).Should().Contain("has no COMM chunk of 18 bytes");
        Refusal(whole[..^(Six.Length + 16)]).Should().Contain("has no SSND chunk");
    }

    [Test]
    public void A_count_of_frames_that_holds_the_chunks_own_eight_bytes_is_corrected_and_noted()
    {
        AudioClip clip = Read(new AiffBytes { Data = Six, Frames = 28 });
        clip.Frames.Should().Be(24);
        clip.Note.Should().Be("says that it has 28 frames, and its \"SSND\" chunk holds 24, which are read.");
    }

    [TestCase(0u, 0u)]
    [TestCase(0xFFFFFFFFu, 0xFFFFFFFFu)]
    [TestCase(0x7F000000u, 0x7F000000u)]
    public void Streamed_files_are_read_to_their_end_with_a_note(uint frames, uint size)
    {
        AudioClip clip = Read(
            new AiffBytes
            {
                Data = Six,
                Frames = frames,
                DataSize = size,
            }
        );
        clip.Frames.Should().Be(24);
        clip.Note.Should().Contain("was written into a pipe or never finished").And.Contain("all 24 frames");
    }
}
