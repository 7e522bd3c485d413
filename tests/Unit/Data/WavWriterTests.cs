using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>Files written in blocks are those written at once; whatever fails leaves the old file and nothing else.</summary>
public sealed class WavWriterTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Create() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [TestCase(1), TestCase(1_000), TestCase(16_384), TestCase(16_385), TestCase(100_000)]
    public void Blocks_give_the_bytes_of_the_whole(int block)
    {
        float[] samples = [.. TemporaryFolder.Noise("noise", 40_001), 2f, -3f];
        using (var writer = new WavWriter(folder["blocks.wav"], 44_100))
        {
            foreach (float[] part in samples.Chunk(block))
                writer.Append(part);
            File.Exists(folder["blocks.wav"]).Should().BeFalse("it appears whole or not at all");
            writer.Complete();
            writer.Limited.Should().Be(2);
        }
        WavFile.WritePcm16(folder["whole.wav"], samples, 44_100).Should().Be(2);
        File.ReadAllBytes(folder["blocks.wav"])
            .Should()
            .Equal(
                new WavBytes
                {
                    Rate = 44_100,
                    Data = WavBytes.Shorts([.. samples.Select(s => (short)Math.Clamp(s * 32768, -32768, 32767))]),
                }.ToArray()
            )
            .And.Equal(File.ReadAllBytes(folder["whole.wav"]));
        Directory.GetFiles(folder.Path).Should().HaveCount(2, "nothing is left aside");
    }

    [Test]
    public void A_file_that_is_not_completed_leaves_the_old_one_and_nothing_else()
    {
        byte[] old = File.ReadAllBytes(folder.WriteClip("a.wav", 100));
        using (var writer = new WavWriter(folder["a.wav"], 16_000))
            writer.Append(new float[50_000]);
        RequireOld(old);
    }

    // Every write and the flush to the disk behind them is the one that does not fit, until all do.
    [Test]
    public void A_disk_that_is_full_leaves_the_old_file_and_nothing_else()
    {
        byte[] old = File.ReadAllBytes(folder.WriteClip("a.wav", 100));
        int fit = 0;
        for (; !TryWrite(fit); fit++)
            RequireOld(old);
        fit.Should().BeGreaterThan(4, "a header, two blocks, the sizes and the flush");
        WavFile.Read(folder["a.wav"]).Frames.Should().Be(20_000);
    }

    private bool TryWrite(int writesThatFit)
    {
        FullDisk? disk = null;
        try
        {
            using var writer = new WavWriter(folder["a.wav"], new NAudio.Wave.WaveFormat(16_000, 16, 1), 0, aside =>
                disk = new FullDisk(aside, writesThatFit)
            );
            writer.Append(new float[20_000]);
            writer.Complete();
            disk!.OnDisk.Should().BeTrue("a file gets its name once its bytes are on the disk");
            return true;
        }
        catch (AudioFileException error)
        {
            error.Message.Should().EndWith("a.wav cannot be written: No space left on device");
            return false;
        }
    }

    [Test]
    public void A_place_that_cannot_be_taken_leaves_nothing()
    {
        Directory.CreateDirectory(folder["a.wav"]);
        FluentActions
            .Invoking(() => WavFile.WritePcm16(folder["a.wav"], [0f], 16_000))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*a.wav cannot be written: *");
        Directory.GetFiles(folder.Path).Should().BeEmpty();
    }

    [Test]
    public void A_sample_that_is_not_finite_is_named_over_all_blocks()
    {
        byte[] old = File.ReadAllBytes(folder.WriteClip("a.wav", 100));
        using (var writer = new WavWriter(folder["a.wav"], 16_000))
        {
            writer.Append(new float[30_000]);
            writer
                .Invoking(w => w.Append([0f, float.NaN]))
                .Should()
                .Throw<AudioFileException>()
                .WithMessage("*a.wav is not written: sample 30001 is NaN (not a number).");
        }
        RequireOld(old);
    }

    [Test]
    public void Frames_must_be_whole()
    {
        using (var writer = new WavWriter(folder["a.wav"], 16_000, channels: 2))
        {
            writer.Append([1f, 2f, 3f]);
            writer
                .Invoking(w => w.Complete())
                .Should()
                .Throw<ArgumentException>()
                .WithMessage("3 samples are not whole frames of 2 channels.*");
        }
        Directory.GetFiles(folder.Path).Should().BeEmpty();
    }

    [Test]
    public void More_than_4_GB_make_an_RF64_file_where_they_are_announced()
    {
        float[] samples = TemporaryFolder.Noise("noise", 1001);
        // The limit is lowered for the test.
        using (var writer = new WavWriter(folder["a.wav"], new NAudio.Wave.WaveFormat(16_000, 16, 1), 1001, rf64From: 2000))
        {
            writer.Append(samples);
            writer.Complete();
        }
        byte[] bytes = File.ReadAllBytes(folder["a.wav"]);
        System.Text.Encoding.ASCII.GetString(bytes, 0, 4).Should().Be("RF64");
        WavFile.Read(folder["a.wav"]).Interleaved.ToArray().Should().Equal(samples);
        WavFile.ReadInfo(folder["a.wav"]).Note.Should().BeNull();
        FluentActions
            .Invoking(() => WavFile.Read(new MemoryStream(bytes[..^3]), "cut.wav"))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("cut.wav is truncated: its \"data\" chunk promises 2002 bytes and 1999 are there; 3 are missing.*");
    }

    [TestCase("a.aiff"), TestCase("a.aif"), TestCase("A.AIFF")]
    public void A_name_that_ends_in_aiff_makes_an_AIFF_file(string name)
    {
        float[] samples = TemporaryFolder.Noise("noise", 20_001);
        WavFile.WritePcm16(folder[name], samples, 44_100).Should().Be(0);
        System.Text.Encoding.ASCII.GetString(File.ReadAllBytes(folder[name]), 0, 4).Should().Be("FORM");
        AudioClip clip = AudioFile.Read(folder[name], sndFile: null);
        clip.Interleaved.ToArray().Should().Equal(samples);
        (clip.SampleRate, clip.Note).Should().Be((44_100, null));
        FluentActions
            .Invoking(() => new WavWriter(folder["long.aiff"], 48_000, frames: 1 << 30))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage(
                "*long.aiff is not written: 1073741824 samples of 2 bytes are more than the 2 GB of an AIFF file (1073741695 samples). "
                    + "Split the signal."
            );
    }

    [TestCase("a.flac"), TestCase("a.ogg")]
    public void A_name_that_promises_another_format_is_refused_before_any_work(string name)
    {
        FluentActions
            .Invoking(() => new WavWriter(folder[name], 16_000))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage($"*{name} is not written: WAV and AIFF are written here, not {name[2..].ToUpperInvariant()}. Name it .wav.");
        Directory.GetFiles(folder.Path).Should().BeEmpty();
    }

    private void RequireOld(byte[] old)
    {
        Directory.GetFiles(folder.Path).Should().ContainSingle("nothing is left aside");
        File.ReadAllBytes(folder["a.wav"]).Should().Equal(old);
    }

    /// <summary>A file on a disk that takes so many writes and no more.</summary>
    private sealed class FullDisk(string path, int writes)
        : FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0)
    {
        private int left = writes;

        public bool OnDisk { get; private set; }

        // FileStream's own Write(span) comes here in a derived class.
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (left-- <= 0)
                throw new IOException("No space left on device");
            base.Write(buffer, offset, count);
        }

        // Some file systems tell that they are full when they are asked to have the bytes on the disk, and not before.
        public override void Flush(bool flushToDisk)
        {
            if (flushToDisk && left-- <= 0)
                throw new IOException("No space left on device");
            base.Flush(flushToDisk);
            OnDisk |= flushToDisk;
        }
    }
}
