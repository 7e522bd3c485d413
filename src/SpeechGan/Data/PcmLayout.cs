using NAudio.Wave;

namespace SpeechGan.Data;

/// <summary>
/// Where the samples of a WAV or AIFF file lie and how they are stored, as its guard found: no word of the header is believed beyond the
/// file's real length.
/// </summary>
/// <param name="Format">PCM or float, plain.</param>
/// <param name="Offset">The first sample's byte in the file.</param>
/// <param name="Bytes">Whole frames.</param>
/// <param name="BigEndian">As AIFF stores integers.</param>
/// <param name="Note">What the user should know of the file, written to follow its path; null where all is as it should be.</param>
internal sealed record PcmLayout(WaveFormat Format, long Offset, long Bytes, bool BigEndian, string? Note)
{
    private const int MostChannels = 64;
    private const int MostHertz = 768_000;

    // 0xFFFFFFFF, 0xFFFF1000, 0x7FFFFFFF, 0x7FFFF000 and 0x7F000000 are what programs write that send a file down a pipe and cannot
    // come back to fill in the size.
    private const uint NeverFilledIn = 0x7F000000;

    internal long Frames => Bytes / Format.BlockAlign;

    /// <summary>The format, after what is impossible in it was refused.</summary>
    internal static WaveFormat Checked(string path, WaveFormatEncoding code, int bits, int channels, double rate)
    {
        bool known = code == WaveFormatEncoding.Pcm ? bits is 8 or 16 or 24 or 32 : bits is 32 or 64;
        if (!known)
            throw new AudioFileException(
                path,
                $"has {bits} bits a sample; {(code == WaveFormatEncoding.Pcm ? "PCM of 8, 16, 24 or 32" : "float of 32 or 64")} "
                    + "bits is read here. Convert it to 16-bit PCM."
            );
        if (channels == 0)
            throw new AudioFileException(path, "says that it has 0 channels. Convert it again.");
        if (channels > MostChannels)
            throw new AudioFileException(
                path,
                $"says that it has {channels} channels; up to {MostChannels} are read here. It is probably damaged; convert it again."
            );
        if (rate is not (>= 1 and <= MostHertz))
            throw new AudioFileException(
                path,
                $"says that it has {rate} samples a second; 1 to {MostHertz} are read here. It is probably damaged; convert it again."
            );
        int frame = channels * bits / 8,
            hertz = (int)Math.Round(rate);
        return WaveFormat.CreateCustomFormat(code, hertz, channels, hertz * frame, frame, bits);
    }

    /// <summary>
    /// The layout of a data chunk that says its size. A size that was never filled in means all that is there, with a note; any other must
    /// be there and be whole frames.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="format">How samples are stored.</param>
    /// <param name="offset">The first sample's byte.</param>
    /// <param name="size">Bytes of samples that the header promises.</param>
    /// <param name="there">Bytes from there to the file's end.</param>
    /// <param name="nothing">Whether a size of 0 means that there are no samples.</param>
    /// <param name="bigEndian">As AIFF stores integers.</param>
    /// <param name="chunk">The chunk's name.</param>
    /// <param name="note">What else the user should know.</param>
    internal static PcmLayout Of(
        string path,
        WaveFormat format,
        long offset,
        long size,
        long there,
        bool nothing,
        bool bigEndian,
        string chunk,
        string? note
    )
    {
        bool streamed = (size == 0 && there > 0 && !nothing) || (size > there && size is >= NeverFilledIn and <= uint.MaxValue);
        if (streamed)
        {
            long behind = there % format.BlockAlign;
            note =
                $"was written into a pipe or never finished (its \"{chunk}\" chunk promises {size} bytes): "
                + $"all {there / format.BlockAlign} frames to its end are read"
                + (behind == 0 ? "." : $", and {behind} bytes of half a frame behind them are left out.");
            return new PcmLayout(format, offset, there - behind, bigEndian, note);
        }
        if (size > there)
            throw Truncated(path, chunk, size, there);
        if (size % format.BlockAlign != 0)
            throw new AudioFileException(
                path,
                $"has a data chunk of {size} bytes, which is not a whole number of frames of "
                    + $"{format.BlockAlign} bytes ({format.Channels} channel(s) of {format.BitsPerSample} bits). Convert it again."
            );
        return new PcmLayout(format, offset, size, bigEndian, note);
    }

    internal static AudioFileException Truncated(string path, string chunk, long promised, long there) =>
        new(
            path,
            $"is truncated: its {Printable(chunk)} chunk promises {promised} bytes and {there} are there; {promised - there} are "
                + $"missing. Copy or convert it again."
        );

    /// <summary>Four header bytes as a person can read them: quoted text where they are text, else hexadecimal.</summary>
    internal static string Printable(string bytes)
    {
        if (bytes.Length == 0)
            return "nothing";
        if (bytes.All(b => b is >= ' ' and <= '~'))
            return $"\"{bytes}\"";
        return "bytes " + Convert.ToHexString(System.Text.Encoding.Latin1.GetBytes(bytes));
    }
}
