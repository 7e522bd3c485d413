using System.Diagnostics;
using SpeechGan.Data;
using SpeechGan.Dsp;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>Files read in blocks hold the samples, and get the sentences, of files that are read whole.</summary>
public sealed class AudioReaderTests
{
    // Around the blocks of bytes (98 304: 49 152 samples of 16 bits) and of frames (4096).
    private static readonly int[] lengths = [0, 1, 4095, 4096, 4097, 16_385, 49_151, 49_152, 49_153];

    [Test]
    public void Every_encoding_gives_the_bits_of_the_whole_file(
        [Values("1/8", "1/16", "1/24", "1/32", "3/32", "3/64")] string encoding,
        [Values(1, 2, 3)] int channels
    )
    {
        string[] parts = encoding.Split('/');
        (int code, int bits) = (int.Parse(parts[0]), int.Parse(parts[1]));
        var random = new Random(7);
        foreach (int frames in lengths)
        {
            var data = new byte[frames * channels * bits / 8];
            random.NextBytes(data); // floats of every kind, NaN too
            byte[] bytes = new WavBytes
            {
                Code = code,
                Bits = bits,
                Channels = channels,
                Data = data,
            }.ToArray();
            uint[] whole = Bits(WavFile.Read(new MemoryStream(bytes), "a.wav").Interleaved);
            using AudioReader reader = PcmReader.Open(new MemoryStream(bytes), "a.wav")!;
            reader.Info.Should().Be(new AudioInfo(16_000, channels, frames));
            foreach (int block in (int[])[channels, 1000, 4097, 98_304])
            {
                if (block < 1000 && frames > 5000)
                    continue; // a frame at a time: once is enough
                reader.Restart();
                Bits(All(reader, block))
                    .AsSpan()
                    .SequenceEqual(whole)
                    .Should()
                    .BeTrue($"{frames} frames in blocks of {block} samples are those of the whole file");
            }
        }
    }

    [Test]
    public void One_channel_is_made_as_of_the_whole_file([Values] ChannelPolicy policy, [Values(1, 2, 5)] int channels)
    {
        using var folder = new TemporaryFolder();
        string path = folder.WriteClip("a.wav", 9_001, channels: channels);
        using AudioReader reader = AudioFile.Open(path);
        if (policy == ChannelPolicy.Refuse && channels > 1)
        {
            string whole = FluentActions
                .Invoking(() => AudioFile.Read(path).Mono(policy))
                .Should()
                .Throw<AudioFileException>()
                .Which.Message;
            FluentActions.Invoking(() => reader.Mono(policy)).Should().Throw<AudioFileException>().WithMessage(whole);
            return;
        }
        ISampleReader mono = reader.Mono(policy);
        float[] expected = AudioFile.Read(path).Mono(policy);
        mono.SampleRate.Should().Be(16_000);
        foreach (int block in (int[])[1, 4095, 4096, 4097, 20_000])
        {
            mono.Restart();
            All(mono, block).AsSpan().SequenceEqual(expected).Should().BeTrue($"in blocks of {block}");
        }
    }

    [TestCase(1, 20_000)]
    [TestCase(2, 20_001)] // the channel that is not taken
    public void A_sample_that_is_not_finite_is_named_as_in_the_whole_file(int channels, int index)
    {
        using var folder = new TemporaryFolder();
        var samples = new float[30_000];
        samples[index] = float.NaN;
        samples[^1] = float.PositiveInfinity;
        WavFile.WriteFloat32(folder["a.wav"], samples, 16_000, channels);
        string whole = FluentActions
            .Invoking(() => AudioFile.Read(folder["a.wav"]).RequireFinite())
            .Should()
            .Throw<AudioFileException>()
            .Which.Message;
        whole.Should().Contain($"its sample {index} is NaN");
        using AudioReader reader = AudioFile.Open(folder["a.wav"]);
        ISampleReader mono = reader.Mono(ChannelPolicy.First);
        for (int pass = 0; pass < 2; pass++)
        {
            FluentActions.Invoking(() => All(mono, 777)).Should().Throw<AudioFileException>().WithMessage(whole);
            mono.Restart();
        }
    }

    [Test]
    public void Mutated_files_get_the_samples_or_the_sentence_of_the_whole_file()
    {
        const int seed = 3,
            count = 1000;
        TestContext.Out.WriteLine($"{count} files, seed {seed}");
        int read = 0;
        for (int i = 0; i < count; i++)
        {
            var random = new Random((int)CounterRandom.Bits(seed, 0, 0, i));
            byte[] bytes = WavFuzzTests.Original(random);
            for (int mutations = random.Next(1, 4); mutations > 0; mutations--)
                bytes = WavFuzzTests.Mutate(bytes, random);
            int block = random.Next(64, 300);
            string whole = Outcome(() => WavFile.Read(new MemoryStream(bytes), "fuzz.wav").Interleaved.ToArray());
            string blocks = Outcome(() =>
            {
                using AudioReader reader = PcmReader.Open(new MemoryStream(bytes), "fuzz.wav")!;
                return All(reader, block);
            });
            blocks.Should().Be(whole, $"file {i} of seed {seed} ({Convert.ToHexString(bytes)})");
            read += whole.StartsWith("fuzz.wav ", StringComparison.Ordinal) ? 0 : 1;
        }
        read.Should().BeInRange(count / 20, count * 19 / 20, "a fuzzer that only meets one outcome tests nothing");
    }

    [Test]
    public void A_file_of_gigabytes_is_read_a_block_at_a_time()
    {
        byte[] header = new WavBytes { Channels = 2, DataSize = 0xFFFFFF00 }.ToArray();
        using var stream = new CountingStream(header, header.Length + 0xFFFFFF00L);
        using AudioReader reader = PcmReader.Open(stream, "huge.wav")!;
        reader.Info.Frames.Should().Be(0xFFFFFF00L / 4);
        ISampleReader mono = reader.Mono(ChannelPolicy.Mean);
        var block = new float[10_000];
        mono.Read(block).Should().Be(block.Length); // compiled and warm
        var large = new float[1_000_000];
        long handedOut = block.Length,
            before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 200; i++)
        {
            handedOut += mono.Read(block);
            (stream.Position - header.Length)
                .Should()
                .BeInRange(handedOut * 4, (handedOut * 4) + PcmReader.BlockBytes, "nothing is read far ahead");
        }
        reader.Read(large).Should().Be(large.Length);
        stream.LargestRead.Should().Be(PcmReader.BlockBytes, "also for one who asks for more at once");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20, "of 8 MB that were read nothing is kept");
    }

    [Test]
    public void A_file_that_is_cut_short_while_it_is_read_is_told()
    {
        byte[] bytes = new WavBytes { Data = WavBytes.Shorts(new short[200_000]) }.ToArray();
        var stream = new MemoryStream();
        stream.Write(bytes);
        using AudioReader reader = PcmReader.Open(stream, "a.wav")!;
        var block = new float[1000];
        reader.Read(block).Should().Be(1000);
        stream.SetLength(200_000);
        FluentActions.Invoking(() => All(reader, 1000)).Should().Throw<AudioFileException>().WithMessage("a.wav cannot be read: *");
    }

    [Test]
    public void Room_for_less_than_a_frame_is_refused()
    {
        using AudioReader reader = PcmReader.Open(
            new MemoryStream(new WavBytes { Channels = 2, Data = WavBytes.Shorts(1, 2) }.ToArray()),
            "a.wav"
        )!;
        reader
            .Invoking(r => r.Read(new float[1]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("Room for 1 samples holds no frame of 2 channels.*");
    }

    [TestCase("flac")]
    [TestCase("ogg")]
    [TestCase("aiff")]
    public void Other_kinds_give_the_bits_of_the_whole_file(string ending)
    {
        using var folder = new TemporaryFolder();
        string path = Converted(folder, ending, channels: 2);
        float[] whole = AudioFile.Read(path).Interleaved.ToArray();
        using AudioReader reader = AudioFile.Open(path);
        reader.Info.Should().Be(AudioFile.ReadInfo(path));
        foreach (int block in (int[])[4097, 8192, 100_000])
        {
            reader.Restart();
            All(reader, block).AsSpan().SequenceEqual(whole).Should().BeTrue($"in blocks of {block}");
        }
        All(reader, 100).Should().BeEmpty("the end stays the end");
        FluentActions
            .Invoking(() => reader.Mono(ChannelPolicy.Refuse))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*has 2 channels, and one is needed.*");
    }

    [Test]
    public void Damaged_and_changed_files_of_other_kinds_are_told()
    {
        using var folder = new TemporaryFolder();
        string path = Converted(folder, "flac", channels: 1);
        byte[] bytes = File.ReadAllBytes(path);
        string half = folder.Write("half.flac", bytes[..(bytes.Length / 2)]);
        string whole = FluentActions.Invoking(() => AudioFile.Read(half)).Should().Throw<AudioFileException>().Which.Message;
        using (AudioReader reader = AudioFile.Open(half))
            FluentActions
                .Invoking(() => All(reader, 5000))
                .Should()
                .Throw<AudioFileException>()
                .WithMessage(whole.Replace("*", "\\*", StringComparison.Ordinal));
        using (AudioReader reader = AudioFile.Open(path))
        {
            _ = All(reader, 5000);
            File.Copy(Converted(folder, "aiff", channels: 2), path, overwrite: true);
            FluentActions
                .Invoking(reader.Restart)
                .Should()
                .Throw<AudioFileException>()
                .WithMessage(
                    "*changed while it was read: its header said 20000 frames of 1 channel(s) at 16000 Hz and says 10000 frames of 2 "
                        + "channel(s) at 16000 Hz now. Start again when nothing writes it."
                );
        }
        FluentActions
            .Invoking(() => AudioFile.Open(folder.Write("a.flac", "fLaC and so on"u8.ToArray()), sndFile: null))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*a.flac is a FLAC file, and libsndfile, which reads it, is not installed.*");
    }

    internal static float[] All(AudioReader reader, int block)
    {
        var samples = new List<float>();
        var room = new float[block];
        for (int count; (count = reader.Read(room)) > 0; )
            samples.AddRange(room[..count]);
        return [.. samples];
    }

    internal static float[] All(ISampleReader reader, int block)
    {
        var samples = new List<float>();
        var room = new float[block];
        for (int count; (count = reader.Read(room)) > 0; )
            samples.AddRange(room[..count]);
        return [.. samples];
    }

    private static uint[] Bits(ReadOnlySpan<float> samples) => [.. samples.ToArray().Select(BitConverter.SingleToUInt32Bits)];

    private static string Outcome(Func<float[]> read)
    {
        try
        {
            return "samples " + string.Join(' ', Bits(read()));
        }
        catch (AudioFileException refusal)
        {
            return refusal.Message;
        }
    }

    private static string Converted(TemporaryFolder folder, string ending, int channels)
    {
        if (SndFile.Installed is null)
            Assert.Ignore("libsndfile is not installed: apt-get install libsndfile1.");
        string wav = folder.WriteClip("a.wav", 20_000 / channels, channels: channels),
            converted = folder[$"a{channels}.{ending}"];
        try
        {
            using Process sox = Process.Start(new ProcessStartInfo("sox", [wav, converted]))!;
            sox.WaitForExit();
            sox.ExitCode.Should().Be(0);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("sox, which makes the files for this test, is not installed: apt-get install sox.");
        }
        return converted;
    }

    /// <summary>A file that is a header and then zeros for as long as it says, and that counts how much is asked for at once.</summary>
    private sealed class CountingStream(byte[] header, long length) : Stream
    {
        public int LargestRead { get; private set; }

        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            LargestRead = Math.Max(LargestRead, buffer.Length);
            int count = (int)Math.Min(buffer.Length, length - Position);
            for (int i = 0; i < count; i++)
                buffer[i] = Position + i < header.Length ? header[Position + i] : (byte)0;
            Position += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();
    }
}
