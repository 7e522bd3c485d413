using System.Diagnostics;
using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

public sealed class AudioFileTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Create() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    private string Convert(string ending, int samples = 20_000)
    {
        if (SndFile.Installed is null)
            Assert.Ignore("libsndfile is not installed: apt-get install libsndfile1.");
        string wav = folder.WriteClip("a.wav", samples),
            converted = folder["a." + ending];
        Process? sox = null;
        try
        {
            sox = Process.Start(new ProcessStartInfo("sox", [wav, converted]));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("sox, which makes the files for this test, is not installed: apt-get install sox.");
        }
        sox!.WaitForExit();
        sox.ExitCode.Should().Be(0);
        sox.Dispose();
        return converted;
    }

    [TestCase("flac")]
    [TestCase("aiff")]
    public void Lossless_files_hold_the_samples_of_the_WAV_file(string ending)
    {
        string path = Convert(ending);
        AudioFile.Read(path).Interleaved.ToArray().Should().Equal(TemporaryFolder.Noise("a.wav", 20_000));
        AudioFile.ReadInfo(path).Should().Be(new AudioInfo(16_000, 1, 20_000));
    }

    [Test]
    public void Vorbis_files_are_read()
    {
        string path = Convert("ogg");
        AudioFile.Read(path).Frames.Should().Be(20_000);
        AudioFile.ReadInfo(path).Frames.Should().Be(20_000);
    }

    [Test]
    public void Content_decides_and_not_the_ending()
    {
        string flac = Convert("flac");
        File.Move(flac, folder["really-flac.wav"]);
        AudioFile.Read(folder["really-flac.wav"]).Frames.Should().Be(20_000);
        File.Move(folder["a.wav"], folder["really-wav.flac"]);
        AudioFile.Read(folder["really-wav.flac"]).Frames.Should().Be(20_000);
    }

    [Test]
    public void A_damaged_FLAC_file_is_told()
    {
        byte[] bytes = File.ReadAllBytes(Convert("flac"));
        string half = folder.Write("half.flac", bytes[..(bytes.Length / 2)]),
            head = folder.Write("head.flac", bytes[..20]);
        FluentActions
            .Invoking(() => AudioFile.Read(half))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*half.flac is truncated: its header promises 20000 frames and *");
        FluentActions
            .Invoking(() => AudioFile.Read(head))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*head.flac cannot be decoded: libsndfile says*");
    }

    [Test]
    public void Without_libsndfile_it_is_told_what_to_install()
    {
        SndFile.TryLoad(["libno-such-library.so.9"]).Should().BeNull();
        string path = folder.Write("a.flac", "fLaC and so on"u8.ToArray());
        FluentActions
            .Invoking(() => AudioFile.Read(path, sndFile: null))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage(
                "*a.flac is a FLAC file, and libsndfile, which reads it, is not installed. Install it (Debian, Ubuntu: apt-get install "
                    + "libsndfile1), or convert*"
            );
    }

    [Test]
    public void Anything_else_is_told_by_what_it_begins_with()
    {
        string path = folder.Write("a.flac", "some text"u8.ToArray());
        FluentActions
            .Invoking(() => AudioFile.Read(path))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*a.flac is not a WAV file: it begins with \"some\"*");
        FluentActions
            .Invoking(() => AudioFile.Read(folder["none.ogg"]))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*none.ogg does not exist.");
        FluentActions
            .Invoking(() => AudioFile.ReadInfo(folder.Path))
            .Should()
            .Throw<AudioFileException>()
            .WithMessage("*is a folder, and a file is needed.");
    }
}
