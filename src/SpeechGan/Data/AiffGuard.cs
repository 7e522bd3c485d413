using System.Buffers.Binary;
using NAudio.Utils;
using NAudio.Wave;

namespace SpeechGan.Data;

/// <summary>The same rules around AIFF. Source: Apple, Audio Interchange File Format 1.3 (1989); AIFF-C (1991).</summary>
internal static class AiffGuard
{
    /// <returns>Null where the samples are compressed or stored as the library does not read them: libsndfile may.</returns>
    /// <exception cref="AudioFileException">The file is damaged; the message says how.</exception>
    internal static PcmLayout? Inspect(Stream stream, string path)
    {
        (_, string content) = ChunkWalk.Head(stream);
        var walk = new ChunkWalk(stream, path, bigEndian: true);
        Chunk? common = null,
            sound = null;
        while ((common is null || sound is null) && walk.Next() is { } chunk)
        {
            if (chunk.Id == "COMM")
                common = chunk;
            else if (chunk.Id == "SSND")
                sound = chunk;
            else if (chunk.Size > chunk.There)
                throw PcmLayout.Truncated(path, chunk.Id, chunk.Size, chunk.There);
        }
        if (common is not { } comm || walk.Body(comm, 22) is not { Length: >= 18 } body)
            throw new AudioFileException(
                path,
                "has no COMM chunk of 18 bytes, so that nothing says how its samples are stored. Convert it again."
            );
        if (sound is not { } ssnd || ssnd.There < 8)
            throw new AudioFileException(
                path,
                "has no SSND chunk: it is an AIFF file without samples. It was probably cut short; copy or convert it again."
            );
        int channels = BinaryPrimitives.ReadUInt16BigEndian(body),
            bits = BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(6));
        uint frames = BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(2));
        string compression = content == "AIFC" && body.Length == 22 ? System.Text.Encoding.Latin1.GetString(body, 18, 4) : "NONE";
        bool swapped = compression == "sowt" && bits is 16 or 24 or 32;
        if ((compression is not ("NONE" or "none" or "twos") && !swapped) || bits is not (8 or 16 or 24 or 32))
            return null;
        var format = PcmLayout.Checked(path, WaveFormatEncoding.Pcm, bits, channels, IEEE.ConvertFromIeeeExtended(body[8..18]));

        Span<byte> skip = stackalloc byte[4];
        stream.Position = ssnd.Offset;
        stream.ReadExactly(skip);
        long from = 8 + (long)BinaryPrimitives.ReadUInt32BigEndian(skip),
            size = (long)frames * format.BlockAlign;
        if (from > ssnd.There)
            throw PcmLayout.Truncated(path, "SSND", from, ssnd.There);
        long told = Math.Max(0, ssnd.Size - from);
        // The count of frames rules; where it says more than the chunk, the chunk's size was never filled in or the file is damaged.
        string? note = null;
        if (size > told && size <= told + 8 && ssnd.Size <= ssnd.There)
        {
            // NAudio's writer, for one, counts the chunk's own eight bytes as samples.
            size = told;
            note = $"says that it has {frames} frames, and its \"SSND\" chunk holds {told / format.BlockAlign}, which are read.";
        }
        if (size > told && told > 0 && ssnd.Size <= ssnd.There)
            throw new AudioFileException(
                path,
                $"says that it has {frames} frames of {format.BlockAlign} bytes, and its \"SSND\" chunk holds {told} bytes. Convert it "
                    + $"again."
            );
        size = size > ssnd.There - from ? Math.Max(Math.Min(size, uint.MaxValue), told) : size;
        return PcmLayout.Of(
            path,
            format,
            ssnd.Offset + from,
            size,
            ssnd.There - from,
            told == 0 && walk.OnlyChunksFollow(ssnd),
            !swapped,
            "SSND",
            note
        );
    }
}
