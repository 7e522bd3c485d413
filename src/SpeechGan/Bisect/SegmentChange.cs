using SpeechGan.Metrics;

namespace SpeechGan.Bisect;

/// <summary>A stretch of a file and how two versions of it differ there.</summary>
/// <param name="Start">Its first second.</param>
/// <param name="End">Where it ends, seconds.</param>
/// <param name="Before">SI-SDR of the first version there, dB; null where the clean side is silent.</param>
/// <param name="After">SI-SDR of the second.</param>
public sealed record SegmentChange(double Start, double End, double? Before, double? After)
{
    /// <summary>After minus before, dB; null where there is no value.</summary>
    public double? Change => After - Before;

    /// <summary>Cuts a file into stretches of equal length and compares two enhanced versions in each.</summary>
    /// <param name="clean">Clean side.</param>
    /// <param name="before">First version, as long.</param>
    /// <param name="after">Second version, as long.</param>
    /// <param name="sampleRate">Hz.</param>
    /// <param name="seconds">Length of a stretch; a shorter rest belongs to the last one.</param>
    public static IReadOnlyList<SegmentChange> Of(
        ReadOnlySpan<float> clean,
        ReadOnlySpan<float> before,
        ReadOnlySpan<float> after,
        int sampleRate,
        double seconds = 0.5
    )
    {
        if (before.Length != clean.Length || after.Length != clean.Length)
            throw new ArgumentException(
                $"The versions have {before.Length} and {after.Length} samples, and the clean side {clean.Length}.",
                nameof(before)
            );

        var length = Math.Max(1, (int)(seconds * sampleRate));
        var count = Math.Max(1, clean.Length / length);
        var segments = new List<SegmentChange>();
        for (var i = 0; i < count; i++)
        {
            var (from, to) = (i * length, i == count - 1 ? clean.Length : (i + 1) * length);
            segments.Add(
                new SegmentChange(
                    (double)from / sampleRate,
                    (double)to / sampleRate,
                    SiSdrOf(clean[from..to], before[from..to]),
                    SiSdrOf(clean[from..to], after[from..to])
                )
            );
        }

        return segments;
    }

    /// <summary>Signal-to-noise ratio of a noisy side, dB, noise being what it has beside the clean one; null where either has no
    /// energy.</summary>
    public static double? NoiseLevel(ReadOnlySpan<float> clean, ReadOnlySpan<float> noisy)
    {
        double signal = 0,
            noise = 0;
        for (var i = 0; i < Math.Min(clean.Length, noisy.Length); i++)
        {
            signal += (double)clean[i] * clean[i];
            noise += ((double)noisy[i] - clean[i]) * ((double)noisy[i] - clean[i]);
        }

        return signal > 0 && noise > 0 ? 10 * Math.Log10(signal / noise) : null;
    }

    private static double? SiSdrOf(ReadOnlySpan<float> clean, ReadOnlySpan<float> enhanced)
    {
        double[] a = new double[clean.Length],
            b = new double[enhanced.Length];
        for (var i = 0; i < a.Length; i++)
            (a[i], b[i]) = (clean[i], enhanced[i]);

        return SiSdr.Score(a, b).TryGet(out var value) ? value : null;
    }
}
