namespace SpeechGan.Data;

/// <summary>Reads a file that libsndfile decodes block by block. How many frames there are is known at the end, and held against the header
/// there.</summary>
internal sealed class SndFileReader(SndFile library, nint opened, string path, AudioInfo info) : AudioReader(path, info)
{
    private nint file = opened; // 0 when closed
    private long done; // frames
    private bool ended;

    ~SndFileReader() => Dispose(false);

    public override int Read(Span<float> interleaved)
    {
        ObjectDisposedException.ThrowIf(file == 0, this);
        interleaved = WholeFrames(interleaved);
        int filled = 0;
        while (filled < interleaved.Length && !ended)
        {
            long frames = library.ReadFrames(file, interleaved[filled..], Info.Channels);
            if (frames <= 0)
            {
                ended = true;
                if (done != Info.Frames)
                    throw new AudioFileException(
                        Path,
                        $"is truncated: its header promises {Info.Frames} frames and {done} are there. Copy or convert it again."
                    );
                break;
            }
            done += frames;
            filled += (int)frames * Info.Channels;
        }
        return filled;
    }

    internal override AudioClip Whole()
    {
        var blocks = new List<float[]>();
        long total = 0;
        while (true)
        {
            var block = new float[4096 * Info.Channels];
            int count = Read(block);
            if (count == 0)
                break;
            total += count;
            if (total > SndFile.MostSamples)
                throw new AudioFileException(
                    Path,
                    $"holds more than {SndFile.MostSamples} samples, the most that is decoded here. Split it."
                );
            blocks.Add(count == block.Length ? block : block[..count]);
        }
        var samples = new float[total];
        int position = 0;
        foreach (float[] block in blocks)
        {
            block.CopyTo(samples, position);
            position += block.Length;
        }
        return new AudioClip(Path, Info.SampleRate, Info.Channels, samples);
    }

    public override void Restart()
    {
        ObjectDisposedException.ThrowIf(file == 0, this);
        nint again = library.Reopen(Path, Info);
        library.Close(file);
        (file, done, ended) = (again, 0, false);
    }

    protected override void Dispose(bool disposing)
    {
        if (file != 0)
            library.Close(file);
        file = 0;
    }
}
