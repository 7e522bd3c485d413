using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>From the disturbances of frames to one raw score (section 15 of docs/pesq-algorithm.md).</summary>
internal static class Aggregation
{
    private const int IntervalLength = 20;
    private const int IntervalHop = 10;
    private const double MostDisturbance = 45;

    /// <summary>Louder frames weigh less; no frame counts more than 45.</summary>
    internal static void WeighFrames(double[] symmetric, double[] asymmetric, double[] audiblePower)
    {
        for (int f = 0; f < symmetric.Length; f++)
        {
            double h = PortableMath.Pow((audiblePower[f] + 1e5) / 1e7, 0.04);
            symmetric[f] = Math.Min(MostDisturbance, symmetric[f] / h);
            asymmetric[f] = Math.Min(MostDisturbance, asymmetric[f] / h);
        }
    }

    /// <summary>Weight of frame <paramref name="frame"/>: later frames count more in long signals.</summary>
    internal static double TimeWeight(int frame, int frames, int longest, RateTable table)
    {
        if (frames <= 1000)
            return 1;
        double n = (longest - 2 * table.Guard) / table.Hop - 1;
        double c = Math.Min(0.5, (n - 1000) / 5500);
        return 1 - c + c * frame / n;
    }

    /// <summary>Sixth-power mean within intervals of 20 frames, root mean square over intervals.</summary>
    internal static double OverTime(double[] disturbance, int first, int longest, RateTable table)
    {
        double sum = 0,
            weights = 0;
        for (int f0 = first; f0 < disturbance.Length; f0 += IntervalHop)
        {
            double sixth = 0;
            for (int f = f0; f < Math.Min(f0 + IntervalLength, disturbance.Length); f++)
            {
                double cube = disturbance[f] * disturbance[f] * disturbance[f];
                sixth += cube * cube;
            }

            double mean = PortableMath.Pow(sixth / IntervalLength, 1.0 / 6.0);
            double weight = TimeWeight(f0 - first, disturbance.Length, longest, table); // quirk: counted from the first frame
            sum += weight * mean * (weight * mean);
            weights += weight * weight;
        }

        return Math.Sqrt(sum / weights);
    }
}
