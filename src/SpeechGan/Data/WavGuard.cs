using System.Buffers.Binary;
using NAudio.Wave;

namespace SpeechGan.Data;

/// <summary>
/// The rules around the library that reads WAV and RF64 files: it takes damaged ones in silence. Source: Microsoft and IBM, Multimedia
/// Programming Interface 1.0 (1991); WAVE_FORMAT_EXTENSIBLE, mmreg.h; RF64: EBU Tech 3306.
/// </summary>
internal static class WavGuard
{
    // The last 14 bytes of the GUIDs of WAVE_FORMAT_EXTENSIBLE; the first two are an ordinary format code.
    private static ReadOnlySpan<byte> GuidTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <exception cref="AudioFileException">The file is not a WAV file that can be read; the message says why.</exception>
    internal static PcmLayout Inspect(Stream stream, string path)
    {
        CheckRiff(stream, path);
        var walk = new ChunkWalk(stream, path, bigEndian: false);
        WaveFormat? format = null;
        Chunk? data = null;
        long? longSize = null;
        while ((format is null || data is null) && walk.Next() is { } chunk)
        {
            if (chunk.Id == "fmt ")
                format ??= Format(walk.Body(chunk, 40), path);
            else if (chunk.Id == "ds64" && walk.Body(chunk, 16) is { Length: 16 } sizes)
                longSize = BinaryPrimitives.ReadInt64LittleEndian(sizes.AsSpan(8));
            else if (chunk.Id == "data")
                data ??= chunk;
            else if (chunk.Size > chunk.There)
                throw PcmLayout.Truncated(path, chunk.Id, chunk.Size, chunk.There);
        }
        if (data is not { } found)
            throw new AudioFileException(
                path,
                "has no data chunk: it is a WAV file without samples. It was probably cut short; copy or convert it again."
            );
        if (format is null)
            throw new AudioFileException(path, "has no fmt chunk, so that nothing says how its samples are stored. Convert it again.");
        // RF64 keeps the size elsewhere and fills its old place with ones.
        long size = found.Size == uint.MaxValue && longSize is >= 0 ? longSize.Value : found.Size;
        return PcmLayout.Of(
            path,
            format,
            found.Offset,
            size,
            found.There,
            walk.OnlyChunksFollow(found),
            bigEndian: false,
            "data",
            NoteOfRiff(stream, found, size)
        );
    }

    private static string? NoteOfRiff(Stream stream, Chunk data, long size)
    {
        Span<byte> word = stackalloc byte[4];
        stream.Position = 4;
        stream.ReadExactly(word);
        uint riff = BinaryPrimitives.ReadUInt32LittleEndian(word);
        return size == 0 || riff + 8L > data.Offset
            ? null
            : $"says {riff} bytes in its RIFF header, which ends before its samples; its data chunk's size is believed instead, and "
                + $"{size} bytes of samples are read.";
    }

    private static void CheckRiff(Stream stream, string path)
    {
        long length = stream.Length;
        (string container, string content) = ChunkWalk.Head(stream);
        if (length == 0)
            throw new AudioFileException(path, "is empty (0 bytes). Copy or convert it again.");
        if (container == "RIFX")
            throw new AudioFileException(path, "is a big-endian RIFX file, which is not read here. Convert it to WAV.");
        if (container is not ("RIFF" or "RF64" or "BW64"))
            throw new AudioFileException(
                path,
                $"is not a WAV file: it begins with {PcmLayout.Printable(container)} where \"RIFF\" is expected. "
                    + "Convert it to WAV, or remove it from the folder."
            );
        if (length < 12)
            throw new AudioFileException(
                path,
                $"is truncated: the RIFF header takes 12 bytes and {length} are there. Copy or convert it again."
            );
        if (content != "WAVE")
            throw new AudioFileException(
                path,
                $"is a RIFF file of kind {PcmLayout.Printable(content)}, not \"WAVE\". Convert it to WAV, or remove it from the folder."
            );
    }

    private static WaveFormat Format(byte[] body, string path)
    {
        if (body.Length < 16)
            throw new AudioFileException(path, $"has a fmt chunk of {body.Length} bytes, and 16 are needed. Convert it again.");
        WaveFormat told;
        using (var reader = new BinaryReader(new MemoryStream(body)))
            told = WaveFormat.FromFormatChunk(reader, 16);
        var code = told.Encoding;
        if (code == WaveFormatEncoding.Extensible)
        {
            if (body.Length < 40)
                throw new AudioFileException(
                    path,
                    $"says WAVE_FORMAT_EXTENSIBLE with a fmt chunk of {body.Length} bytes, and 40 are needed. Convert it again."
                );
            if (!body.AsSpan(26, 14).SequenceEqual(GuidTail))
                throw new AudioFileException(path, "has an extensible format that is neither PCM nor float. Convert it to 16-bit PCM.");
            code = (WaveFormatEncoding)BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(24));
        }
        if (code is not (WaveFormatEncoding.Pcm or WaveFormatEncoding.IeeeFloat))
            throw new AudioFileException(
                path,
                $"has format code {(ushort)code} ({Name(code)}); 1 (PCM) and 3 (float) are read here. Convert it to 16-bit PCM."
            );
        // The library keeps channels and block align with a sign.
        int channels = (ushort)told.Channels,
            blockAlign = (ushort)told.BlockAlign,
            bits = told.BitsPerSample;
        var format = PcmLayout.Checked(path, code, bits, channels, (uint)told.SampleRate);
        if (blockAlign != format.BlockAlign)
            throw new AudioFileException(
                path,
                $"says that a frame takes {blockAlign} bytes, and {channels} channel(s) of {bits} bits take {format.BlockAlign}. "
                    + "It is damaged; convert it again."
            );
        return format;
    }

    private static string Name(WaveFormatEncoding code) =>
        code switch
        {
            WaveFormatEncoding.Adpcm => "Microsoft ADPCM",
            WaveFormatEncoding.ALaw => "A-law",
            WaveFormatEncoding.MuLaw => "mu-law",
            WaveFormatEncoding.MpegLayer3 => "MP3",
            _ => Enum.IsDefined(code) ? code.ToString() : "unknown",
        };
}
