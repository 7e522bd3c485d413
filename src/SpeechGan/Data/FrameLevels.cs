namespace SpeechGan.Data;

/// <summary>The levels of a recording's frames, dB of full scale, in what an audit asks of them.</summary>
/// <param name="Count">Whole frames.</param>
/// <param name="Silent">Those below <see cref="AuditLimits.SilentDecibels"/>.</param>
/// <param name="Low">The level that a tenth of them lies below; not below <see cref="AuditLimits.QuietestDecibels"/>.</param>
/// <param name="High">The level that nine tenths of them lie below; not below that either.</param>
internal sealed record FrameLevels(int Count, int Silent, double Low, double High)
{
    /// <summary>The range between loud and quiet frames, dB; 0 without a frame.</summary>
    public double Range => High - Low;

    /// <summary>Of all levels; -200 stands for digital silence.</summary>
    public static FrameLevels Of(float[] levels)
    {
        float[] sorted = [.. levels.Order()];
        return new FrameLevels(sorted.Length, sorted.Count(l => l < AuditLimits.SilentDecibels), At(0.1), At(0.9));

        // Nothing is quieter than 16 bits are.
        double At(double share) =>
            sorted.Length == 0
                ? AuditLimits.QuietestDecibels
                : Math.Max(AuditLimits.QuietestDecibels, sorted[(int)(share * (sorted.Length - 1))]);
    }
}
