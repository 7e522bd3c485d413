using System.Buffers.Binary;
using NAudio.Wave;

namespace SpeechGan.Data;

/// <summary>
/// A file as the library should see it: a sound header with true sizes, then the samples. What a writer forgot or a stream could not say is
/// repaired, chunks that that are not read are gone, and a file that ends meanwhile is an error instead of silence.
/// </summary>
internal sealed class PcmFileView(Stream file, PcmLayout layout) : Stream
{
    private readonly byte[] head = Head(layout);

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => head.Length + layout.Bytes + (layout.Bytes & 1); // chunks end at even offsets
    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        long at = Position - head.Length;
        if (at < 0)
        {
            int count = (int)Math.Min(buffer.Length, -at);
            head.AsSpan((int)Position, count).CopyTo(buffer);
            Position += count;
            return count;
        }
        if (at >= layout.Bytes)
        {
            buffer = buffer[..(int)Math.Min(Length - Position, buffer.Length)];
            buffer.Clear(); // the pad byte
            Position += buffer.Length;
            return buffer.Length;
        }
        buffer = buffer[..(int)Math.Min(layout.Bytes - at, buffer.Length)];
        file.Position = layout.Offset + at;
        file.ReadExactly(buffer);
        Position += buffer.Length;
        return buffer.Length;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    // The library's own writers make the headers; the sizes are known before the samples here.
    private static byte[] Head(PcmLayout layout)
    {
        using var head = new MemoryStream();
        using Stream writer = layout.BigEndian
            ? new AiffFileWriter(head, layout.Format)
            : new WaveFileWriter(head, layout.Format, new WaveFileWriterOptions { EnableRf64 = true });
        writer.Flush();
        byte[] bytes = head.ToArray();
        if (layout.BigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.Length - 12), (uint)layout.Bytes + 8);
            return bytes;
        }
        // RF64, the form without a limit of 4 GB: its sizes stand in what was written as JUNK.
        "RF64"u8.CopyTo(bytes);
        "ds64"u8.CopyTo(bytes.AsSpan(12));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(20), long.MaxValue / 2);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(28), layout.Bytes);
        return bytes;
    }
}
