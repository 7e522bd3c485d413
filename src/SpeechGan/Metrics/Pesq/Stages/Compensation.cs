namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// Takes out of the spectra what a listener adapts to: a steady filter (section 12.1 of docs/pesq-algorithm.md) and slow gain
/// changes (12.2).
/// </summary>
internal static class Compensation
{
    /// <summary>What averages are divided by (Z). Quirk: all frames of the buffer, neither the counted ones nor those that count.</summary>
    internal static int Divisor(int longest, RateTable table) => (longest - 2 * table.Guard + table.Tail) / table.Hop - 1;

    /// <summary>Mean power of every band over the frames that are not silent.</summary>
    internal static double[] AveragePower(float[] spectra, bool[] silent, int divisor, RateTable table)
    {
        int bands = table.Bands;
        double[] average = new double[bands];
        for (int f = 0; f < silent.Length; f++)
        {
            if (silent[f])
                continue;
            for (int k = 0; k < bands; k++)
            {
                double p = spectra[f * bands + k];
                if (p > 100 * table.HearingThreshold[k])
                    average[k] += p;
            }
        }

        for (int k = 0; k < bands; k++)
            average[k] /= divisor;
        return average;
    }

    /// <summary>Gives the reference the mean spectrum of the degraded signal, within 20 dB.</summary>
    internal static void MatchSpectrum(float[] reference, double[] referenceAverage, double[] degradedAverage)
    {
        int bands = referenceAverage.Length;
        double[] gain = new double[bands];
        for (int k = 0; k < bands; k++)
            gain[k] = Math.Clamp((degradedAverage[k] + 1000) / (referenceAverage[k] + 1000), 0.01, 100.0);
        for (int i = 0, k = 0; i < reference.Length; i++)
        {
            reference[i] = (float)(reference[i] * gain[k]);
            if (++k == bands)
                k = 0;
        }
    }

    /// <summary>Gives one degraded frame the reference's audible power, smoothed over frames by <paramref name="previous"/>.</summary>
    internal static void MatchGain(double referencePower, Span<float> degraded, double[] threshold, bool isFirst, ref double previous)
    {
        double gain = (referencePower + 5000) / (BarkSpectrum.Audible(degraded, 1, threshold) + 5000);
        if (!isFirst)
            gain = 0.2 * previous + 0.8 * gain;
        previous = gain; // quirk: before it is limited
        gain = Math.Clamp(gain, 3e-4, 5.0);
        foreach (ref float p in degraded)
            p = (float)(p * gain);
    }
}
