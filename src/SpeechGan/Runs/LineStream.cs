namespace SpeechGan.Runs;

/// <summary>Whole lines of a stream, one after the other, in a buffer that grows only for a line longer than it. A torn last line is no
/// line.</summary>
internal sealed class LineStream(Stream stream) : IDisposable
{
    private const int FirstBuffer = 1 << 16; // below the size of large objects

    private byte[] buffer = new byte[FirstBuffer];
    private int from;
    private int to;
    private long passed; // bytes of the stream before the buffer

    /// <summary>The next whole line.</summary>
    /// <param name="line">Without its line feed; valid until the next call.</param>
    /// <param name="offset">Where it begins in the stream.</param>
    /// <returns>False where there is no further one.</returns>
    public bool TryNext(out ReadOnlySpan<byte> line, out long offset)
    {
        var searched = 0;
        while (true)
        {
            var end = buffer.AsSpan(from + searched, to - from - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                offset = passed + from;
                line = buffer.AsSpan(from, searched + end);
                from += searched + end + 1;
                return true;
            }

            searched = to - from;
            if (!Fill())
            {
                line = default;
                offset = passed + to;
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
        if (stream.CanSeek && (offset < passed || offset > passed + to))
        {
            stream.Seek(offset, SeekOrigin.Begin);
            (passed, from, to) = (offset, 0, 0);
        }

        while (offset > passed + to)
        {
            from = to;
            if (!Fill())
                return false;
        }

        if (offset < passed)
            return false;

        from = (int)(offset - passed);
        while (to - from < length)
        {
            if (!Fill())
                return false;
        }

        line = buffer.AsSpan(from, length);
        from += length;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    // What is left moves to the front; a full buffer doubles.
    private bool Fill()
    {
        if (from > 0)
        {
            buffer.AsSpan(from, to - from).CopyTo(buffer);
            passed += from;
            (from, to) = (0, to - from);
        }

        if (to == buffer.Length)
            Array.Resize(ref buffer, 2 * buffer.Length);

        var read = stream.Read(buffer, to, buffer.Length - to);
        to += read;
        return read > 0;
    }
}
