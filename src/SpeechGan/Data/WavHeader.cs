using System.Buffers.Binary;

namespace SpeechGan.Data;

/// <summary>How the samples of a WAV file are stored.</summary>
internal enum WavEncoding
{
    /// <summary>Integers: unsigned at 8 bits, signed little-endian above.</summary>
    Pcm,

    /// <summary>IEEE 754 numbers, little-endian.</summary>
    Float,
}

/// <summary>
/// Where the samples of a RIFF/WAVE file lie and how they are stored. No word of the header is believed beyond the file's real length.
/// Source: Microsoft and IBM, Multimedia Programming Interface 1.0 (1991); WAVE_FORMAT_EXTENSIBLE, mmreg.h.
/// </summary>
internal sealed record WavHeader(WavEncoding Encoding, int Bits, int Channels, int SampleRate, long DataOffset, long DataBytes)
{
    // More chunks than any writer makes; without a limit a large file of empty chunks would take minutes.
    private const int MostChunks = 10_000;
    private const int MostChannels = 64;
    private const int MostHertz = 768_000;
    private const int ExtensibleCode = 0xFFFE;

    // The last 14 bytes of the GUIDs of WAVE_FORMAT_EXTENSIBLE; the first two are an ordinary format code.
    private static ReadOnlySpan<byte> GuidTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    internal int BytesPerFrame => Channels * (Bits / 8);

    internal long Frames => DataBytes / BytesPerFrame;

    internal static WavHeader Parse(Stream stream, string path)
    {
        long length = stream.Length;
        Span<byte> head = stackalloc byte[12];
        CheckRiff(head[..ReadUpTo(stream, head)], length, path);

        (WavEncoding Encoding, int Bits, int Channels, int Rate)? format = null;
        long position = 12;
        Span<byte> chunk = stackalloc byte[8];
        for (int count = 0; position + 8 <= length; count++)
        {
            if (count == MostChunks)
                throw new AudioFileException(path, $"has more than {MostChunks} chunks before its samples; it is damaged. Convert it again.");
            stream.Position = position;
            stream.ReadExactly(chunk);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            long body = position + 8, there = length - body;
            if (size > there)
                throw Truncated(path, Printable(chunk[..4]), size, there);
            if (chunk[..4].SequenceEqual("fmt "u8))
            {
                format ??= ReadFormat(stream, (int)Math.Min(size, 40), path);
            }
            else if (chunk[..4].SequenceEqual("data"u8))
            {
                var (encoding, bits, channels, rate) = format
                    ?? throw new AudioFileException(path, "has no fmt chunk before its data chunk, so that nothing says how its samples are stored. Convert it again.");
                var header = new WavHeader(encoding, bits, channels, rate, body, size);
                if (size % header.BytesPerFrame != 0)
                    throw new AudioFileException(path, $"has a data chunk of {size} bytes, which is no whole number of frames of " +
                        $"{header.BytesPerFrame} bytes ({channels} channel(s) of {bits} bits). Convert it again.");
                return header;
            }
            // Chunks begin at even offsets; the padding byte is not counted in the size.
            position = body + size + (size & 1);
        }
        throw new AudioFileException(path, "has no data chunk: it is a WAV file without samples. It was probably cut short; copy or convert it again.");
    }

    private static void CheckRiff(ReadOnlySpan<byte> head, long length, string path)
    {
        if (length == 0)
            throw new AudioFileException(path, "is empty (0 bytes). Copy or convert it again.");
        if (head.Length >= 4 && (head[..4].SequenceEqual("RF64"u8) || head[..4].SequenceEqual("BW64"u8)))
            throw new AudioFileException(path, $"is an {Printable(head[..4])} file (WAV beyond 4 GB), which is not read here. " +
                "Split it, or convert it to WAV or FLAC.");
        if (head.Length >= 4 && head[..4].SequenceEqual("RIFX"u8))
            throw new AudioFileException(path, "is a big-endian RIFX file, which is not read here. Convert it to WAV.");
        if (head.Length < 4 || !head[..4].SequenceEqual("RIFF"u8))
            throw new AudioFileException(path, $"is not a WAV file: it begins with {Printable(head[..Math.Min(4, head.Length)])} where \"RIFF\" is expected. " +
                "Convert it to WAV, or take it out of the folder.");
        if (length < 12)
            throw new AudioFileException(path, $"is truncated: the RIFF header takes 12 bytes and {length} are there. Copy or convert it again.");
        if (!head[8..12].SequenceEqual("WAVE"u8))
            throw new AudioFileException(path, $"is a RIFF file of kind {Printable(head[8..12])}, not \"WAVE\". Convert it to WAV, or take it out of the folder.");
    }

    private static AudioFileException Truncated(string path, string chunk, uint promised, long there)
    {
        // 0xFFFFFFFF, 0x7FFFFFFF and 0x7FFFF000 are what programs write that send a WAV file down a pipe and cannot come back to fill in the size.
        string advice = promised >= 0x7FFFF000
            ? "The program that wrote it sent it through a pipe and never filled in the size: write it to a file instead, or convert it."
            : "Copy or convert it again.";
        return new AudioFileException(path, $"is truncated: its {chunk} chunk promises {promised} bytes and {there} are there. {advice}");
    }

    private static (WavEncoding Encoding, int Bits, int Channels, int Rate) ReadFormat(Stream stream, int size, string path)
    {
        if (size < 16)
            throw new AudioFileException(path, $"has a fmt chunk of {size} bytes, and 16 are needed. Convert it again.");
        Span<byte> body = stackalloc byte[40];
        stream.ReadExactly(body[..size]);
        int code = BinaryPrimitives.ReadUInt16LittleEndian(body);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
        uint rate = BinaryPrimitives.ReadUInt32LittleEndian(body[4..]);
        int blockAlign = BinaryPrimitives.ReadUInt16LittleEndian(body[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(body[14..]);
        if (code == ExtensibleCode)
        {
            if (size < 40)
                throw new AudioFileException(path, $"says WAVE_FORMAT_EXTENSIBLE with a fmt chunk of {size} bytes, and 40 are needed. Convert it again.");
            if (!body[26..40].SequenceEqual(GuidTail))
                throw new AudioFileException(path, "has an extensible format that is neither PCM nor float. Convert it to 16-bit PCM.");
            code = BinaryPrimitives.ReadUInt16LittleEndian(body[24..]);
        }
        WavEncoding encoding = code switch
        {
            1 => WavEncoding.Pcm,
            3 => WavEncoding.Float,
            _ => throw new AudioFileException(path, $"has format code {code} ({NameOf(code)}); 1 (PCM) and 3 (float) are read here. Convert it to 16-bit PCM."),
        };
        bool known = encoding == WavEncoding.Pcm ? bits is 8 or 16 or 24 or 32 : bits is 32 or 64;
        if (!known)
            throw new AudioFileException(path, $"has {bits} bits a sample; {(encoding == WavEncoding.Pcm ? "PCM of 8, 16, 24 or 32" : "float of 32 or 64")} " +
                "bits is read here. Convert it to 16-bit PCM.");
        if (channels == 0)
            throw new AudioFileException(path, "says that it has 0 channels. Convert it again.");
        if (channels > MostChannels)
            throw new AudioFileException(path, $"says that it has {channels} channels; up to {MostChannels} are read here. It is probably damaged; convert it again.");
        if (rate is 0 or > MostHertz)
            throw new AudioFileException(path, $"says that it has {rate} samples a second; 1 to {MostHertz} are read here. It is probably damaged; convert it again.");
        if (blockAlign != channels * (bits / 8))
            throw new AudioFileException(path, $"says that a frame takes {blockAlign} bytes, and {channels} channel(s) of {bits} bits take {channels * (bits / 8)}. " +
                "It is damaged; convert it again.");
        return (encoding, bits, channels, (int)rate);
    }

    private static string NameOf(int code) => code switch
    {
        2 => "Microsoft ADPCM",
        6 => "A-law",
        7 => "mu-law",
        0x11 => "IMA ADPCM",
        0x31 => "GSM 6.10",
        0x50 => "MPEG",
        0x55 => "MP3",
        _ => "unknown",
    };

    /// <summary>Four header bytes as a person can read them: quoted text where they are text, else hexadecimal.</summary>
    internal static string Printable(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
            return "nothing";
        foreach (byte b in bytes)
            if (b is < 0x20 or > 0x7E)
                return "bytes " + Convert.ToHexString(bytes);
        return "\"" + System.Text.Encoding.ASCII.GetString(bytes) + "\"";
    }

    private static int ReadUpTo(Stream stream, Span<byte> buffer)
    {
        stream.Position = 0;
        return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
    }
}
