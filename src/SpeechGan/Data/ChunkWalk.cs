using System.Buffers.Binary;
using System.Text;

namespace SpeechGan.Data;

/// <summary>One chunk of a RIFF or IFF file.</summary>
/// <param name="Id">Its four characters, Latin-1.</param>
/// <param name="Offset">The first byte of its body.</param>
/// <param name="Size">What it says of its body.</param>
/// <param name="There">Bytes from there to the file's end.</param>
internal readonly record struct Chunk(string Id, long Offset, uint Size, long There);

/// <summary>Goes from chunk to chunk of a file in bounded time, and finds the next one where a writer forgot the pad byte behind an odd
/// one.</summary>
internal sealed class ChunkWalk(Stream stream, string path, bool bigEndian)
{
    // More chunks than any writer makes; without a limit a large file of empty chunks would take minutes.
    private const int Most = 10_000;
    private const int HeadBytes = 12;
    private long position = HeadBytes;
    private int count;

    /// <summary>The kind of the container and of its content: "RIFF" and "WAVE"; shorter where the file is.</summary>
    internal static (string Container, string Content) Head(Stream stream)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        stream.Position = 0;
        string text = Encoding.Latin1.GetString(head[..stream.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)]);
        return (text[..Math.Min(4, text.Length)], text.Length == HeadBytes ? text[8..] : "");
    }

    /// <summary>The next chunk; null at the end.</summary>
    internal Chunk? Next()
    {
        if (At(position) is not { } chunk)
            return null;
        if (++count > Most)
            throw new AudioFileException(path, $"has more than {Most} chunks before its samples; it is damaged. Convert it again.");
        position = Behind(chunk);
        return chunk;
    }

    /// <summary>The bytes of a chunk's body, as many as are wanted and there.</summary>
    internal byte[] Body(Chunk chunk, int most)
    {
        if (chunk.Size > chunk.There)
            throw PcmLayout.Truncated(path, chunk.Id, chunk.Size, chunk.There);
        var body = new byte[Math.Min(most, chunk.Size)];
        stream.Position = chunk.Offset;
        stream.ReadExactly(body);
        return body;
    }

    /// <summary>Whether what follows a chunk is chunks with sound names up to the file's end: then a size of 0 is meant.</summary>
    internal bool OnlyChunksFollow(Chunk chunk)
    {
        Chunk? next = At(Behind(chunk));
        for (int count = 0; next is { } follower && count < Most; count++)
        {
            if (!Sound(follower))
                return false;
            if (follower.Offset + follower.Size + 1 >= stream.Length)
                return true;
            next = At(Behind(follower));
        }
        return false;
    }

    // Chunks begin at even offsets, and the pad byte is not counted in the size. Where it is missing the next chunk's name stands in its
    // place.
    private long Behind(Chunk chunk)
    {
        long end = chunk.Offset + chunk.Size;
        return (chunk.Size & 1) == 0 || (At(end) is { } next && Sound(next)) ? end : end + 1;
    }

    private static bool Sound(Chunk chunk) =>
        chunk.Id.All(c => c is >= ' ' and <= '~') && (chunk.Size <= chunk.There || chunk.Id is "data" or "SSND");

    private Chunk? At(long position)
    {
        if (position + 8 > stream.Length)
            return null;
        Span<byte> head = stackalloc byte[8];
        stream.Position = position;
        stream.ReadExactly(head);
        uint size = bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(head[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        return new Chunk(Encoding.Latin1.GetString(head[..4]), position + 8, size, stream.Length - position - 8);
    }
}
