using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>How disturbed a frame sounds: symmetric (S) and asymmetric (Y) disturbance (section 13 of docs/pesq-algorithm.md).</summary>
internal sealed class Disturbance
{
    private readonly RateTable table;
    private readonly Loudness loudness;
    private readonly double[] reference,
        degraded;
    private readonly double widthSum;

    internal Disturbance(RateTable table)
    {
        this.table = table;
        loudness = new Loudness(table);
        reference = new double[loudness.PaddedBands];
        degraded = new double[loudness.PaddedBands];
        for (int k = 1; k < table.Bands; k++)
            widthSum += table.WidthBark[k];
    }

    /// <summary>S and Y of a frame from its compensated band powers.</summary>
    internal (double Symmetric, double Asymmetric) Measure(ReadOnlySpan<float> reference, ReadOnlySpan<float> degraded)
    {
        loudness.Measure(reference, this.reference);
        loudness.Measure(degraded, this.degraded);
        double squares = 0,
            asymmetric = 0;
        for (int k = 1; k < reference.Length; k++) // band 0 is in no norm
        {
            double d = this.degraded[k] - this.reference[k];
            double deadZone = 0.25 * Math.Min(this.degraded[k], this.reference[k]);
            if (d > deadZone)
                d -= deadZone;
            else if (d < -deadZone)
                d += deadZone;
            else
                continue;
            double weighted = table.WidthBark[k] * Math.Abs(d); // quirk: the width is inside the power
            squares += weighted * weighted;
            asymmetric += weighted * Asymmetry((degraded[k] + 50.0) / (reference[k] + 50.0));
        }

        return (widthSum * Math.Sqrt(squares / widthSum), asymmetric);
    }

    // ratio^1.2, at most 12, nothing below 3. 2.49^1.2 < 3 and 7.94^1.2 > 12 spare most of the powers.
    private static double Asymmetry(double ratio)
    {
        if (ratio < 2.49)
            return 0;
        if (ratio > 7.94)
            return 12;
        double factor = PortableMath.Pow(ratio, 1.2);
        if (factor > 12)
            return 12;
        if (factor < 3)
            return 0;
        return factor;
    }
}
