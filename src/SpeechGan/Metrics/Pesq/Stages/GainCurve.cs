namespace SpeechGan.Metrics.PesqStages;

/// <summary>A breakpoint of a gain curve: frequency in Hz and gain in dB.</summary>
internal readonly record struct GainPoint(double Hertz, double Decibel);

/// <summary>A gain over frequency, linear in dB against Hz between breakpoints; the end segments continue outwards.</summary>
internal sealed class GainCurve(params GainPoint[] points)
{
    /// <summary>The band in which the level is measured (350 to 3250 Hz), section 4 of docs/pesq-algorithm.md.</summary>
    internal static GainCurve LevelAlignment { get; } =
        new([
            new(0.0, -500.0),
            new(50.0, -500.0),
            new(100.0, -500.0),
            new(125.0, -500.0),
            new(160.0, -500.0),
            new(200.0, -500.0),
            new(250.0, -500.0),
            new(300.0, -500.0),
            new(350.0, 0.0),
            new(400.0, 0.0),
            new(500.0, 0.0),
            new(600.0, 0.0),
            new(630.0, 0.0),
            new(800.0, 0.0),
            new(1000.0, 0.0),
            new(1250.0, 0.0),
            new(1600.0, 0.0),
            new(2000.0, 0.0),
            new(2500.0, 0.0),
            new(3000.0, 0.0),
            new(3250.0, 0.0),
            new(3500.0, -500.0),
            new(4000.0, -500.0),
            new(5000.0, -500.0),
            new(6300.0, -500.0),
            new(8000.0, -500.0),
        ]);

    /// <summary>Receive characteristic of a telephone handset (modified IRS), section 5.</summary>
    internal static GainCurve IrsReceive { get; } =
        new([
            new(0.0, -200.0),
            new(50.0, -40.0),
            new(100.0, -20.0),
            new(125.0, -12.0),
            new(160.0, -6.0),
            new(200.0, 0.0),
            new(250.0, 4.0),
            new(300.0, 6.0),
            new(350.0, 8.0),
            new(400.0, 10.0),
            new(500.0, 11.0),
            new(600.0, 12.0),
            new(700.0, 12.0),
            new(800.0, 12.0),
            new(1000.0, 12.0),
            new(1300.0, 12.0),
            new(1600.0, 12.0),
            new(2000.0, 12.0),
            new(2500.0, 12.0),
            new(3000.0, 12.0),
            new(3250.0, 12.0),
            new(3500.0, 4.0),
            new(4000.0, -200.0),
            new(5000.0, -200.0),
            new(6300.0, -200.0),
            new(8000.0, -200.0),
        ]);

    /// <summary>Gain in dB at a frequency; <paramref name="segment"/> remembers where the last, lower frequency was found.</summary>
    internal double At(double hertz, ref int segment)
    {
        while (segment < points.Length - 2 && hertz > points[segment + 1].Hertz)
            segment++;
        GainPoint a = points[segment],
            b = points[segment + 1];
        return a.Decibel + (hertz - a.Hertz) * (b.Decibel - a.Decibel) / (b.Hertz - a.Hertz);
    }

    /// <summary>Gain in dB at a frequency.</summary>
    internal double At(double hertz)
    {
        int segment = 0;
        return At(hertz, ref segment);
    }
}
