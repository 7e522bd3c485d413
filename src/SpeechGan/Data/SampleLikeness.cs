using System.Numerics.Tensors;

namespace SpeechGan.Data;

/// <summary>Whether two recordings are one, by their samples: the correlation of the differences of neighbours, from which the slope
/// of speech's spectrum is gone, at about 16 kHz.</summary>
internal static class SampleLikeness
{
    private const int Seconds = 2; // that decide

    /// <summary>The largest correlation at the lags around one, its sign left out.</summary>
    /// <param name="first">A recording.</param>
    /// <param name="second">Another.</param>
    /// <param name="rate">Samples a second of both.</param>
    /// <param name="lag">Samples by which the second is later, to a value of its envelope.</param>
    public static double Of(float[] first, float[] second, int rate, int lag)
    {
        int factor = Decimation.Factor(rate),
            reach = rate / Envelope.Rate,
            most = Seconds * rate / factor;
        Differences a = new(Decimation.Of(first, factor));
        double best = 0;
        // A recording that was cut anywhere lies between the samples of a decimated one: each phase of the second is tried.
        for (var phase = 0; phase < factor; phase++)
        {
            Differences b = new(Decimation.Of(second, factor, phase));
            int from = (lag - reach - phase) / factor,
                to = (lag + reach - phase) / factor;
            for (var shift = from; shift <= to; shift++)
                best = Math.Max(best, Math.Abs(Differences.Correlation(a, b, shift, most)));
        }
        return best;
    }

    private sealed class Differences
    {
        private readonly float[] values;
        private readonly double[] powers; // of all values before

        public Differences(float[] signal)
        {
            values = new float[Math.Max(0, signal.Length - 1)];
            powers = new double[values.Length + 1];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = signal[i + 1] - signal[i];
                powers[i + 1] = powers[i] + ((double)values[i] * values[i]);
            }
        }

        public static double Correlation(Differences a, Differences b, int shift, int most)
        {
            int from = Math.Max(0, -shift),
                length = Math.Min(most, Math.Min(a.values.Length - from, b.values.Length - from - shift));
            if (length <= 0)
                return 0;
            double power = (a.powers[from + length] - a.powers[from]) * (b.powers[from + shift + length] - b.powers[from + shift]);
            return power > 0
                ? TensorPrimitives.Dot(a.values.AsSpan(from, length), b.values.AsSpan(from + shift, length)) / Math.Sqrt(power)
                : 0;
        }
    }
}
