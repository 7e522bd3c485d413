namespace SpeechGan.Data;

/// <summary>
/// The course of a recording's loudness, a hundred values a second: small enough to be compared between all recordings of two parts. It
/// does not change with the level, and a cut of the recording has a cut of it.
/// </summary>
internal static class Envelope
{
    /// <summary>Values a second.</summary>
    public const int Rate = 100;

    private const double Emphasis = 0.95;
    private const double Compression = 0.3;

    /// <summary>The envelope of a signal; windows of two hops, so that a shift of half a hop hardly shows.</summary>
    /// <param name="signal">Samples.</param>
    /// <param name="rate">Samples a second.</param>
    public static float[] Of(ReadOnlySpan<float> signal, int rate)
    {
        int hop = Math.Max(1, rate / Rate);
        var envelope = new float[Math.Max(0, (signal.Length / hop) - 1)];
        for (var f = 0; f < envelope.Length; f++)
        {
            double power = 0;
            for (var i = Math.Max(1, f * hop); i < (f + 2) * hop; i++)
            {
                var v = signal[i] - (Emphasis * signal[i - 1]);
                power += v * v;
            }
            envelope[f] = (float)Math.Pow(power / (2 * hop), Compression / 2);
        }
        return envelope;
    }

    /// <summary>The lag at which two envelopes agree best, and their correlation over what overlaps there; null where no lag has enough of
    /// both, or nothing in them moves.</summary>
    /// <param name="first">An envelope.</param>
    /// <param name="second">Another.</param>
    /// <param name="least">Least overlap, values.</param>
    /// <returns>Values by which the second is later, and the correlation.</returns>
    public static (int Lag, double Correlation)? Compare(float[] first, float[] second, int least) =>
        Compare(new SummedEnvelope(first), new SummedEnvelope(second), least);

    /// <summary>The same of envelopes that are compared with many.</summary>
    public static (int Lag, double Correlation)? Compare(SummedEnvelope first, SummedEnvelope second, int least)
    {
        (int Lag, double Correlation)? best = null;
        for (var lag = least - first.Length; lag <= second.Length - least; lag++)
        {
            int from = Math.Max(0, -lag),
                to = Math.Min(first.Length, second.Length - lag);
            if (
                SummedEnvelope.Correlation(first, from, second, from + lag, to - from) is { } c
                && c > (best?.Correlation ?? double.NegativeInfinity)
            )
                best = (lag, c);
        }
        return best;
    }
}
