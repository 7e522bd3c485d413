using System.Buffers.Binary;
using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

public sealed class WavFileTests
{
    private static readonly short[] shorts = [0, 1, -1, 32767, -32768, 12345];

    private static AudioClip Read(WavBytes wav) => WavFile.Read(new MemoryStream(wav.ToArray()), "a.wav");

    private static string Refusal(byte[] bytes) =>
        FluentActions
            .Invoking(() => WavFile.Read(new MemoryStream(bytes), "a.wav"))
            .Should()
            .Throw<AudioFileException>()
            .Which.Should()
            .Match<AudioFileException>(e => e.Path == "a.wav")
            .And.Subject.As<AudioFileException>()
            .Message;

    private static string Refusal(WavBytes wav) => Refusal(wav.ToArray());

    [Test]
    public void Sixteen_bits_are_divided_by_32768()
    {
        AudioClip clip = Read(new WavBytes { Data = WavBytes.Shorts(shorts) });
        clip.Interleaved.ToArray().Should().Equal(shorts.Select(s => s / 32768f));
        clip.SampleRate.Should().Be(16_000);
        clip.Channels.Should().Be(1);
        clip.Frames.Should().Be(6);
    }

    [Test]
    public void Eight_bits_are_unsigned_around_128() =>
        Read(new WavBytes { Bits = 8, Data = [0, 128, 255] }).Interleaved.ToArray().Should().Equal(-1f, 0f, 127 / 128f);

    [Test]
    public void Twenty_four_bits_are_divided_by_2_to_the_23() =>
        Read(new WavBytes { Bits = 24, Data = [0, 0, 0x80, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 1, 0, 0] })
            .Interleaved.ToArray()
            .Should()
            .Equal(-1f, 8388607 / 8388608f, -1 / 8388608f, 1 / 8388608f);

    [Test]
    public void Thirty_two_bits_are_divided_by_2_to_the_31() =>
        Read(new WavBytes { Bits = 32, Data = [.. WavBytes.Word(0x80000000), .. WavBytes.Word(0x40000000), .. WavBytes.Word(1)] })
            .Interleaved.ToArray()
            .Should()
            .Equal(-1f, 0.5f, 1 / 2147483648f);

    [Test]
    public void Floats_are_taken_as_they_are()
    {
        byte[] data = [.. BitConverter.GetBytes(0.1f), .. BitConverter.GetBytes(-3.5f)];
        Read(
            new WavBytes
            {
                Code = 3,
                Bits = 32,
                Data = data,
            }
        )
            .Interleaved.ToArray()
            .Should()
            .Equal(0.1f, -3.5f);
        byte[] wide = [.. BitConverter.GetBytes(0.1), .. BitConverter.GetBytes(1e-3)];
        Read(
            new WavBytes
            {
                Code = 3,
                Bits = 64,
                Data = wide,
            }
        )
            .Interleaved.ToArray()
            .Should()
            .Equal(0.1f, 1e-3f);
    }

    [TestCase(1, 16)]
    [TestCase(1, 24)]
    [TestCase(3, 32)]
    public void Extensible_format_says_the_same_as_the_plain_one(int code, int bits)
    {
        byte[] data = [.. Enumerable.Range(0, 24).Select(i => (byte)(i * 5))];
        float[] plain = Read(
            new WavBytes
            {
                Code = code,
                Bits = bits,
                Data = data,
            }
        )
            .Interleaved.ToArray();
        Read(
            new WavBytes
            {
                Code = code,
                Bits = bits,
                Data = data,
                Extensible = true,
            }
        )
            .Interleaved.ToArray()
            .Should()
            .Equal(plain);
    }

    [Test]
    public void Channels_stay_interleaved() =>
        Read(new WavBytes { Channels = 2, Data = WavBytes.Shorts(1, 2, 3, 4) })
            .Should()
            .Match<AudioClip>(c => c.Channels == 2 && c.Frames == 2);

    [Test]
    public void Junk_chunks_of_odd_length_are_passed_over_with_their_padding()
    {
        var wav = new WavBytes
        {
            Data = WavBytes.Shorts(shorts),
            BeforeFormat = WavBytes.Chunk("JUNK", [1, 2, 3]),
            BeforeData = [.. WavBytes.Chunk("LIST", [9]), .. WavBytes.Chunk("fact", [0, 0, 0, 0])],
            Behind = [.. WavBytes.Chunk("id3 ", [1, 2, 3, 4, 5]), 7, 7, 7],
        };
        Read(wav).Interleaved.ToArray().Should().Equal(shorts.Select(s => s / 32768f));
    }

    [Test]
    public void An_odd_number_of_data_bytes_at_the_end_of_the_file_needs_no_padding()
    {
        byte[] padded = new WavBytes { Bits = 8, Data = [1, 2, 3] }.ToArray();
        WavFile.Read(new MemoryStream(padded[..^1]), "a.wav").Frames.Should().Be(3);
    }

    [Test]
    public void A_file_without_samples_is_a_clip_without_samples() => Read(new WavBytes()).Frames.Should().Be(0);

    [Test]
    public void A_truncated_file_tells_promised_against_found() =>
        Refusal(new WavBytes { Data = WavBytes.Shorts(shorts) }.ToArray()[..^5])
            .Should()
            .Be("a.wav is truncated: its \"data\" chunk promises 12 bytes and 7 are there; 5 are missing. Copy or convert it again.");

    [Test]
    public void Absurd_sizes_allocate_nothing()
    {
        byte[] bytes = new WavBytes { Data = WavBytes.Shorts(shorts), DataSize = 0x7EFFFFFE }.ToArray();
        Refusal(bytes); // compiled and warm
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(bytes);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Test]
    public void A_text_named_wav_shows_what_it_begins_with() =>
        Refusal("Hello, this is a text"u8.ToArray())
            .Should()
            .Be(
                "a.wav is not a WAV file: it begins with \"Hell\" where \"RIFF\" is expected. Convert it to WAV, or remove it from "
                    + "the folder."
            );

    [Test]
    public void Other_containers_are_named()
    {
        Refusal([]).Should().Be("a.wav is empty (0 bytes). Copy or convert it again.");
        Refusal("RIFF\0\0"u8.ToArray()).Should().Contain("the RIFF header takes 12 bytes and 6 are there");
        Refusal([0, 1]).Should().Contain("begins with bytes 0001");
        Refusal(new WavBytes { Riff = "RIFX" }).Should().Contain("big-endian RIFX");
        Refusal(new WavBytes { Wave = "AVI " }).Should().Contain("is a RIFF file of kind \"AVI \"");
    }

    [Test]
    public void Unknown_formats_are_named()
    {
        Refusal(new WavBytes { Code = 7, Bits = 8 })
            .Should()
            .Be("a.wav has format code 7 (mu-law); 1 (PCM) and 3 (float) are read here. Convert it to 16-bit PCM.");
        Refusal(new WavBytes { Code = 85 }).Should().Contain("(MP3)");
        Refusal(new WavBytes { Code = 999 }).Should().Contain("999 (unknown)");
        Refusal(new WavBytes { Bits = 12, BlockAlign = 2 }).Should().Contain("has 12 bits a sample; PCM of 8, 16, 24 or 32");
        Refusal(new WavBytes { Code = 3, Bits = 16 }).Should().Contain("has 16 bits a sample; float of 32 or 64");
        byte[] strange = new WavBytes { Extensible = true, Data = WavBytes.Shorts(1) }.ToArray();
        strange[50] ^= 1; // inside the GUID
        Refusal(strange).Should().Contain("neither PCM nor float");
    }

    [Test]
    public void Impossible_headers_are_refused()
    {
        Refusal(new WavBytes { Channels = 0, BlockAlign = 2 }).Should().Be("a.wav says that it has 0 channels. Convert it again.");
        Refusal(new WavBytes { Channels = 65 }).Should().Contain("says that it has 65 channels; up to 64");
        Refusal(new WavBytes { Rate = 0 }).Should().Contain("0 samples a second; 1 to 768000");
        Refusal(new WavBytes { Rate = 3_000_000_000 }).Should().Contain("3000000000 samples a second");
        Refusal(new WavBytes { BlockAlign = 4 }).Should().Contain("a frame takes 4 bytes, and 1 channel(s) of 16 bits take 2");
        Refusal(new WavBytes { Data = [1, 2, 3] }).Should().Contain("3 bytes, which is not a whole number of frames of 2 bytes");
        Refusal([.. "RIFF\0\0\0\0WAVE"u8, .. WavBytes.Chunk("data", [0, 0])])
            .Should()
            .Contain("has no fmt chunk, so that nothing says how");
        byte[] noData = new WavBytes().ToArray()[..^8];
        Refusal(noData).Should().Contain("has no data chunk");
        Refusal([.. noData, .. "LIST"u8, .. WavBytes.Word(100)]).Should().Contain("its \"LIST\" chunk promises 100 bytes and 0 are there");
        Refusal([.. "RIFF\0\0\0\0WAVE"u8, .. WavBytes.Chunk("fmt ", new byte[14])])
            .Should()
            .Contain("fmt chunk of 14 bytes, and 16 are needed");
        Refusal([.. noData, .. Enumerable.Repeat(WavBytes.Chunk("junk", []), 10_000).SelectMany(c => c)])
            .Should()
            .Contain("more than 10000 chunks");
    }

    [Test]
    public void Samples_that_are_not_finite_are_read_and_told()
    {
        byte[] data =
        [
            .. BitConverter.GetBytes(0.5f),
            .. BitConverter.GetBytes(float.NegativeInfinity),
            .. BitConverter.GetBytes(float.NaN),
        ];
        AudioClip clip = Read(
            new WavBytes
            {
                Code = 3,
                Bits = 32,
                Data = data,
            }
        );
        clip.FirstNonFinite.Should().Be(1);
        clip.Invoking(c => c.RequireFinite())
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("a.wav cannot be used: its sample 1 is infinite*take the pair out*");
        Read(new WavBytes { Data = WavBytes.Shorts(shorts) }).FirstNonFinite.Should().BeNull();
    }

    [Test]
    public void Missing_files_and_folders_are_told()
    {
        using var folder = new TemporaryFolder();
        FluentActions
            .Invoking(() => WavFile.Read(folder["no.wav"]))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*no.wav does not exist.");
        FluentActions
            .Invoking(() => WavFile.Read(folder["no/no.wav"]))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*does not exist.");
        FluentActions
            .Invoking(() => WavFile.Read(folder.Path))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*is a folder, and a file is needed.");
    }

    [Test]
    public void Sixteen_bits_survive_reading_and_writing()
    {
        using var folder = new TemporaryFolder();
        float[] all = [.. Enumerable.Range(-32768, 65536).Select(i => i / 32768f)];
        WavFile.WritePcm16(folder["a.wav"], all, 16_000).Should().Be(0);
        WavFile.Read(folder["a.wav"]).Interleaved.ToArray().Should().Equal(all);
        WavFile.ReadInfo(folder["a.wav"]).Should().Be(new AudioInfo(16_000, 1, 65536));
        Directory.GetFiles(folder.Path).Should().ContainSingle("nothing is left aside");
    }

    [Test]
    public void Samples_beyond_full_scale_are_limited_and_counted()
    {
        using var folder = new TemporaryFolder();
        WavFile.WritePcm16(folder["a.wav"], [1f, -1f, 2f, -2f, float.PositiveInfinity, 0.5f], 16_000).Should().Be(4);
        WavFile.Read(folder["a.wav"]).Interleaved.ToArray().Should().Equal(32767 / 32768f, -1f, 32767 / 32768f, -1f, 32767 / 32768f, 0.5f);
    }

    [Test]
    public void Not_a_number_is_not_written_as_16_bits()
    {
        using var folder = new TemporaryFolder();
        FluentActions
            .Invoking(() => WavFile.WritePcm16(folder["a.wav"], [0f, float.NaN], 16_000))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*a.wav is not written: sample 1 is NaN*");
        Directory.GetFiles(folder.Path).Should().BeEmpty();
    }

    [Test]
    public void Floats_survive_reading_and_writing()
    {
        using var folder = new TemporaryFolder();
        float[] samples = [0.1f, -7f, 1e-30f, float.MaxValue];
        WavFile.WriteFloat32(folder["a.wav"], samples, 48_000, channels: 2);
        AudioClip clip = WavFile.Read(folder["a.wav"]);
        clip.Interleaved.ToArray().Should().Equal(samples);
        clip.SampleRate.Should().Be(48_000);
        clip.Channels.Should().Be(2);
    }

    [Test]
    public void A_file_that_cannot_be_written_is_told()
    {
        using var folder = new TemporaryFolder();
        FluentActions
            .Invoking(() => WavFile.WriteFloat32(folder["no/a.wav"], [0f], 16_000))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*a.wav cannot be written: *");
    }

    [TestCase(1, 8)]
    [TestCase(1, 16)]
    [TestCase(1, 24)]
    [TestCase(1, 32)]
    [TestCase(3, 32)]
    [TestCase(3, 64)]
    public void Samples_are_bit_identical_to_those_of_libsndfile(int code, int bits)
    {
        if (SndFile.Installed is not { } library)
        {
            Assert.Ignore("libsndfile is not installed (apt-get install libsndfile1): nothing to compare with.");
            return;
        }
        var data = new byte[3000 * bits / 8];
        new Random(20).NextBytes(data);
        if (code == 3)
        {
            var random = new Random(21);
            for (int i = 0; i < 3000; i++)
            {
                if (bits == 32)
                    BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), (float)((random.NextDouble() * 4) - 2));
                else
                    BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(8 * i), (random.NextDouble() * 4) - 2);
            }
        }
        using var folder = new TemporaryFolder();
        string path = folder.Write(
            "a.wav",
            new WavBytes
            {
                Code = code,
                Bits = bits,
                Channels = 2,
                Rate = 44_100,
                Data = data,
            }.ToArray()
        );
        using AudioReader reader = library.OpenReader(path);
        AudioClip ours = WavFile.Read(path),
            theirs = reader.Whole();
        ours.Interleaved.ToArray()
            .Select(BitConverter.SingleToUInt32Bits)
            .Should()
            .Equal(theirs.Interleaved.ToArray().Select(BitConverter.SingleToUInt32Bits));
        theirs.SampleRate.Should().Be(ours.SampleRate);
        theirs.Channels.Should().Be(ours.Channels);
    }
}
