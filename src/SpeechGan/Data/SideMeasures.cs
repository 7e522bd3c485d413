using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace SpeechGan.Data;

/// <summary>One file in numbers, measured block by block: memory does not depend on its length.</summary>
internal sealed record SideMeasures
{
    private const int Block = 1 << 15;
    private const double FrameSeconds = 0.02;

    public required string Path { get; init; }
    public required int SampleRate { get; init; }
    public required int Channels { get; init; }
    public required long Samples { get; init; }
    public required double Peak { get; init; }
    public required double Mean { get; init; }
    public required double RootMeanSquare { get; init; }
    public required long Clipped { get; init; }

    /// <summary>Levels of its whole frames of 20 ms.</summary>
    public required FrameLevels Frames { get; init; }

    /// <summary>The first seconds, as many as are correlated.</summary>
    public required float[] Beginning { get; init; }

    /// <summary>Course of the loudness over the first seconds.</summary>
    [JsonConverter(typeof(FloatsAsBase64))]
    public required float[] Envelope { get; init; }

    /// <summary>How far up the first seconds reach, Hz; null where they are silent.</summary>
    public double? Bandwidth { get; init; }

    /// <summary>SHA-256 of the samples, whatever the file's header and name.</summary>
    public required string Content { get; init; }

    /// <summary>What the user should know of the file; null where it is as it should be.</summary>
    public string? Note { get; init; }

    public double Seconds => (double)Samples / SampleRate;

    public double? SilentShare => Frames.Count == 0 ? null : (double)Frames.Silent / Frames.Count;

    /// <summary>The first seconds of a file, as many as are correlated; of several channels their mean.</summary>
    /// <exception cref="AudioFileException">It cannot be read.</exception>
    public static float[] BeginningOf(string path)
    {
        using var reader = AudioFile.Open(path);
        int channels = reader.Info.Channels,
            count = 0;
        float[] beginning = Room(reader.Info);
        var interleaved = new float[Block * channels];
        for (int read; count < beginning.Length && (read = reader.Read(interleaved)) > 0; )
        for (var i = 0; i < read && count < beginning.Length; i += channels)
        {
            float sample = 0;
            for (var c = 0; c < channels; c++)
                sample += interleaved[i + c];
            beginning[count++] = sample / channels;
        }
        return Cut(beginning, count);
    }

    // Of the length that the header says: a list that grows would leave several times as much behind for the garbage collector.
    private static float[] Room(AudioInfo info) => new float[Math.Min((long)(AuditLimits.Correlated * info.SampleRate), info.Frames)];

    private static float[] Cut(float[] samples, int count) => count == samples.Length ? samples : samples[..count];

    /// <summary>Measures a file; of several channels their mean.</summary>
    /// <exception cref="AudioFileException">It cannot be read, or a sample is not finite.</exception>
    public static SideMeasures Of(string path)
    {
        using var reader = AudioFile.Open(path);
        int rate = reader.Info.SampleRate,
            channels = reader.Info.Channels,
            frame = Math.Max(1, (int)(rate * FrameSeconds));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var levels = new List<float>();
        float[] beginning = Room(reader.Info);
        var interleaved = new float[Block * channels];
        double sum = 0,
            power = 0,
            framePower = 0;
        float peak = 0;
        long samples = 0,
            clipped = 0,
            run = 0;
        int inFrame = 0,
            heard = 0;
        for (int read; (read = reader.Read(interleaved)) > 0; )
        {
            hash.AppendData(MemoryMarshal.AsBytes(interleaved.AsSpan(0, read)));
            for (var i = 0; i < read; i += channels)
            {
                float sample = 0;
                for (var c = 0; c < channels; c++)
                    sample += interleaved[i + c];
                sample /= channels;
                if (!float.IsFinite(sample))
                    throw AudioFile.NonFinite(path, samples, sample);
                samples++;
                sum += sample;
                power += (double)sample * sample;
                framePower += (double)sample * sample;
                float size = MathF.Abs(sample);
                peak = Math.Max(peak, size);
                run = size >= AuditLimits.ClippedFrom ? run + 1 : 0;
                clipped +=
                    run == AuditLimits.ClippedRun ? AuditLimits.ClippedRun
                    : run > AuditLimits.ClippedRun ? 1
                    : 0;
                if (heard < beginning.Length)
                    beginning[heard++] = sample;
                if (++inFrame == frame)
                {
                    levels.Add(framePower > 0 ? (float)Math.Max(-200, 10 * Math.Log10(framePower / frame)) : -200f);
                    (inFrame, framePower) = (0, 0);
                }
            }
        }
        hash.AppendData(BitConverter.GetBytes(rate));
        beginning = Cut(beginning, heard);
        return new SideMeasures
        {
            Path = path,
            Note = reader.Info.Note,
            SampleRate = rate,
            Channels = channels,
            Samples = samples,
            Peak = peak,
            Mean = samples > 0 ? sum / samples : 0,
            RootMeanSquare = samples > 0 ? Math.Sqrt(power / samples) : 0,
            Clipped = clipped,
            Frames = FrameLevels.Of([.. levels]),
            Beginning = beginning,
            Envelope = Data.Envelope.Of(beginning, rate),
            Bandwidth = Data.Bandwidth.Of(beginning, rate),
            Content = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };
    }
}
