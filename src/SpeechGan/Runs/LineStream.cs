namespace SpeechGan.Runs;

/// <summary>Whole lines of a stream, one after the other, in a buffer that grows only for a line longer than it. A torn last line is no
/// line.</summary>
internal sealed class LineStream(Stream stream) : IDisposable
{
    private const int FirstBuffer = 1 << 16; // below the size of large objects

    private byte[] _buffer = new byte[FirstBuffer];
    private int _from;
    private int _to;
    private long _passed; // bytes of the stream before the buffer

    /// <summary>The next whole line.</summary>
    /// <param name="line">Without its line feed; valid until the next call.</param>
    /// <param name="offset">Where it begins in the stream.</param>
    /// <returns>False where there is no further one.</returns>
    public bool TryNext(out ReadOnlySpan<byte> line, out long offset)
    {
        var searched = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_from + searched, _to - _from - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                offset = _passed + _from;
                line = _buffer.AsSpan(_from, searched + end);
                _from += searched + end + 1;
                return true;
            }

            searched = _to - _from;
            if (!Fill())
            {
                line = default;
                offset = _passed + _to;
                return false;
            }
        }
    }

    /// <summary>The bytes of a line that lies further on.</summary>
    /// <param name="offset">Where it begins, not before the last one that was given.</param>
    /// <param name="length">Its length.</param>
    /// <param name="line">The bytes; valid until the next call.</param>
    /// <returns>False where the stream ends before.</returns>
    public bool TryAt(long offset, int length, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (stream.CanSeek && (offset < _passed || offset > _passed + _to))
        {
            stream.Seek(offset, SeekOrigin.Begin);
            (_passed, _from, _to) = (offset, 0, 0);
        }

        while (offset > _passed + _to)
        {
            _from = _to;
            if (!Fill())
            {
                return false;
            }
        }

        if (offset < _passed)
        {
            return false; // compressed text goes forward only
        }

        _from = (int)(offset - _passed);
        while (_to - _from < length)
        {
            if (!Fill())
            {
                return false;
            }
        }

        line = _buffer.AsSpan(_from, length);
        _from += length;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    // What is left moves to the front; a full buffer doubles.
    private bool Fill()
    {
        if (_from > 0)
        {
            _buffer.AsSpan(_from, _to - _from).CopyTo(_buffer);
            _passed += _from;
            (_from, _to) = (0, _to - _from);
        }

        if (_to == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var read = stream.Read(_buffer, _to, _buffer.Length - _to);
        _to += read;
        return read > 0;
    }
}
