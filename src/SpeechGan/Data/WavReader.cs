namespace SpeechGan.Data;

/// <summary>Reads the samples of a WAV file block by block; it holds one block of bytes.</summary>
internal sealed class WavReader : AudioReader
{
    private readonly Stream _stream;
    private readonly WavHeader _header;
    private byte[] _buffer = []; // whole samples of every width; there once samples are read
    private long _left; // samples of all channels

    private WavReader(Stream stream, string path, WavHeader header)
        : base(path, new AudioInfo(header.SampleRate, header.Channels, header.Frames))
    {
        (_stream, _header) = (stream, header);
        Begin();
    }

    /// <summary>The most that is read at once and held.</summary>
    internal const int BlockBytes = 24 * 4096;

    private int Width => _header.Bits / 8;

    /// <summary>Reads the header and stands at the first sample.</summary>
    /// <exception cref="AudioFileException">The file is no WAV file that can be read; the message says why.</exception>
    internal static WavReader Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Open(stream, path);
        }
        catch (Exception error)
        {
            stream?.Dispose();
            if (IsReadError(error))
                throw AudioFile.Unreadable(path, error);
            throw;
        }
    }

    /// <summary>The same for a stream that can seek; it is taken over once the header has been read.</summary>
    internal static WavReader Open(Stream stream, string path) => new(stream, path, WavHeader.Parse(stream, path));

    public override int Read(Span<float> interleaved)
    {
        interleaved = WholeFrames(interleaved);
        int count = (int)Math.Min(interleaved.Length, _left);
        if (_buffer.Length == 0)
            _buffer = new byte[(int)Math.Min(_header.DataBytes, BlockBytes)];
        try
        {
            for (int done = 0; done < count;)
            {
                int take = Math.Min(_buffer.Length / Width, count - done);
                _stream.ReadExactly(_buffer, 0, take * Width);
                WavFile.Decode(_buffer.AsSpan(0, take * Width), _header.Encoding, _header.Bits, interleaved.Slice(done, take));
                done += take;
            }
        }
        catch (Exception error) when (IsReadError(error))
        {
            throw AudioFile.Unreadable(Path, error);
        }
        _left -= count;
        return count;
    }

    public override void Restart()
    {
        try
        {
            Begin();
        }
        catch (Exception error) when (IsReadError(error))
        {
            throw AudioFile.Unreadable(Path, error);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream.Dispose();
    }

    private void Begin()
    {
        _stream.Position = _header.DataOffset;
        _left = _header.DataBytes / Width;
    }

    private static bool IsReadError(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException;
}
