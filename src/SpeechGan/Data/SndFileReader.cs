namespace SpeechGan.Data;

/// <summary>Reads a file that libsndfile decodes block by block. How many frames there are is known at the end, and held against the header
/// there.</summary>
internal sealed class SndFileReader(SndFile library, nint file, string path, AudioInfo info) : AudioReader(path, info)
{
    private nint _file = file; // 0 when closed
    private long _done; // frames
    private bool _ended;

    ~SndFileReader() => Dispose(false);

    public override int Read(Span<float> interleaved)
    {
        ObjectDisposedException.ThrowIf(_file == 0, this);
        interleaved = WholeFrames(interleaved);
        int filled = 0;
        while (filled < interleaved.Length && !_ended)
        {
            long frames = library.ReadFrames(_file, interleaved[filled..], Info.Channels);
            if (frames <= 0)
            {
                _ended = true;
                if (_done != Info.Frames)
                    throw new AudioFileException(
                        Path,
                        $"is truncated: its header promises {Info.Frames} frames and {_done} are there. Copy or convert it again."
                    );
                break;
            }
            _done += frames;
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
        ObjectDisposedException.ThrowIf(_file == 0, this);
        nint again = library.Reopen(Path, Info);
        library.Close(_file);
        (_file, _done, _ended) = (again, 0, false);
    }

    protected override void Dispose(bool disposing)
    {
        if (_file != 0)
            library.Close(_file);
        _file = 0;
    }
}
