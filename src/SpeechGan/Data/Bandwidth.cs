using SpeechGan.Dsp;

namespace SpeechGan.Data;

/// <summary>How far up a recording reaches: material of a telephone or of an 8 kHz file that was resampled to 16 kHz ends at 4 kHz,
/// whatever its header says.</summary>
internal static class Bandwidth
{
    private const int Frame = 512;
    private const double BandHertz = 250;

    /// <summary>Upper edge of the highest band whose power is within <see cref="AuditLimits.BandwidthDecibels"/> of the strongest one's,
    /// Hz; null where there is less than a frame, or silence.</summary>
    /// <param name="signal">Samples.</param>
    /// <param name="rate">Samples a second.</param>
    public static double? Of(ReadOnlySpan<float> signal, int rate)
    {
        var fft = RealFft.For(Frame);
        double[] window = [.. Enumerable.Range(0, Frame).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Frame)))];
        double[] frame = new double[Frame],
            real = new double[fft.Bins],
            imaginary = new double[fft.Bins],
            work = new double[fft.WorkspaceLength];
        var bands = new double[(int)Math.Ceiling(rate / 2 / BandHertz)];
        for (var at = 0; at + Frame <= signal.Length; at += Frame)
        {
            for (var i = 0; i < Frame; i++)
                frame[i] = window[i] * signal[at + i];
            fft.Forward(frame, real, imaginary, work);
            // Bin 0 is an offset, no sound.
            for (var k = 1; k < fft.Bins - 1; k++)
                bands[Math.Min(bands.Length - 1, (int)((double)k * rate / Frame / BandHertz))] +=
                    (real[k] * real[k]) + (imaginary[k] * imaginary[k]);
        }
        double strongest = bands.Max();
        if (strongest == 0)
            return null;
        int highest = Array.FindLastIndex(bands, b => b > strongest * Math.Pow(10, -AuditLimits.BandwidthDecibels / 10));
        return Math.Min(rate / 2.0, (highest + 1) * BandHertz);
    }
}
