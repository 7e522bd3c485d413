using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>Files written in blocks are those written at once; whatever fails leaves the old file and nothing else.</summary>
public sealed class WavWriterTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Create() => _folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase(1), TestCase(1_000), TestCase(16_384), TestCase(16_385), TestCase(100_000)]
    public void Blocks_give_the_bytes_of_the_whole(int block)
    {
        float[] samples = [.. TemporaryFolder.Noise("noise", 40_001), 2f, -3f];
        using (var writer = new WavWriter(_folder["blocks.wav"], 44_100))
        {
            foreach (float[] part in samples.Chunk(block))
                writer.Append(part);
            File.Exists(_folder["blocks.wav"]).Should().BeFalse("it appears whole or not at all");
            writer.Complete();
            writer.Limited.Should().Be(2);
        }
        WavFile.WritePcm16(_folder["whole.wav"], samples, 44_100).Should().Be(2);
        File.ReadAllBytes(_folder["blocks.wav"]).Should().Equal(new WavBytes
        {
            Rate = 44_100,
            Data = WavBytes.Shorts([.. samples.Select(s => (short)Math.Clamp(s * 32768, -32768, 32767))]),
        }.ToArray()).And.Equal(File.ReadAllBytes(_folder["whole.wav"]));
        Directory.GetFiles(_folder.Path).Should().HaveCount(2, "nothing is left aside");
    }

    [Test]
    public void A_file_that_is_not_completed_leaves_the_old_one_and_nothing_else()
    {
        byte[] old = File.ReadAllBytes(_folder.WriteClip("a.wav", 100));
        using (var writer = new WavWriter(_folder["a.wav"], 16_000))
            writer.Append(new float[50_000]);
        RequireOld(old);
    }

    // The first write is the header's place; two blocks follow, then the header, and the last is the flush to the disk.
    [TestCase(0), TestCase(1), TestCase(2), TestCase(3), TestCase(4)]
    public void A_disk_that_is_full_leaves_the_old_file_and_nothing_else(int writesThatFit)
    {
        byte[] old = File.ReadAllBytes(_folder.WriteClip("a.wav", 100));
        FluentActions.Invoking(() =>
        {
            using var writer = new WavWriter(_folder["a.wav"], WavEncoding.Pcm, 16, 16_000, 1, aside => new FullDisk(aside, writesThatFit));
            writer.Append(new float[20_000]);
            writer.Complete();
        }).Should().Throw<AudioFileException>().WithMessage("*a.wav cannot be written: No space left on device*");
        RequireOld(old);
    }

    [Test]
    public void With_room_for_one_write_more_the_file_is_there()
    {
        using var writer = new WavWriter(_folder["a.wav"], WavEncoding.Pcm, 16, 16_000, 1, aside => new FullDisk(aside, 5));
        writer.Append(new float[20_000]);
        writer.Complete();
        WavFile.Read(_folder["a.wav"]).Frames.Should().Be(20_000);
    }

    [Test]
    public void A_place_that_cannot_be_taken_leaves_nothing()
    {
        Directory.CreateDirectory(_folder["a.wav"]);
        FluentActions.Invoking(() => WavFile.WritePcm16(_folder["a.wav"], [0f], 16_000)).Should().Throw<AudioFileException>().WithMessage("*a.wav cannot be written: *");
        Directory.GetFiles(_folder.Path).Should().BeEmpty();
    }

    [Test]
    public void A_sample_that_is_no_number_is_named_over_all_blocks()
    {
        byte[] old = File.ReadAllBytes(_folder.WriteClip("a.wav", 100));
        using (var writer = new WavWriter(_folder["a.wav"], 16_000))
        {
            writer.Append(new float[30_000]);
            writer.Invoking(w => w.Append([0f, float.NaN])).Should().Throw<AudioFileException>().WithMessage("*a.wav is not written: sample 30001 is NaN (not a number).");
        }
        RequireOld(old);
    }

    [Test]
    public void Frames_must_be_whole()
    {
        using (var writer = new WavWriter(_folder["a.wav"], 16_000, channels: 2))
        {
            writer.Append([1f, 2f, 3f]);
            writer.Invoking(w => w.Complete()).Should().Throw<ArgumentException>().WithMessage("3 samples are not whole frames of 2 channels.*");
        }
        Directory.GetFiles(_folder.Path).Should().BeEmpty();
    }

    [Test]
    public void More_than_4_GB_are_refused_before_any_work()
    {
        WavWriter.RequireRoom("a.wav", 2_147_483_629); // 4 294 967 258 bytes and 36 of the header, in a count of 32 bits
        FluentActions.Invoking(() => WavWriter.RequireRoom("a.wav", 2_147_483_630)).Should().Throw<AudioFileException>().WithMessage(
            "a.wav is not written: 2147483630 samples of 2 bytes are more than the 4 GB that a WAV file holds (2147483629 samples). Split the signal.");
    }

    private void RequireOld(byte[] old)
    {
        Directory.GetFiles(_folder.Path).Should().ContainSingle("nothing is left aside");
        File.ReadAllBytes(_folder["a.wav"]).Should().Equal(old);
    }

    /// <summary>A file on a disk that takes so many writes and no more.</summary>
    private sealed class FullDisk(string path, int writes) : FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0)
    {
        private int _left = writes;

        // FileStream's own Write(span) comes here in a derived class.
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (_left-- <= 0)
                throw new IOException("No space left on device");
            base.Write(buffer, offset, count);
        }

        // Some file systems tell that they are full when they are asked to have the bytes on the disk, and not before.
        public override void Flush(bool flushToDisk)
        {
            if (flushToDisk && _left-- <= 0)
                throw new IOException("No space left on device");
            base.Flush(flushToDisk);
        }
    }
}
