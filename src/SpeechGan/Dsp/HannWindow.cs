namespace SpeechGan.Dsp;

/// <summary>Hann windows, 0.5 (1 - cos 2 pi x), with the same bits on every machine.</summary>
public static class HannWindow
{
    /// <summary>Periodic window: w[n] = 0.5 (1 - cos(2 pi n / N)), n = 0..N-1. Its sum over hops of N/2 or N/4 is constant.</summary>
    public static double[] Periodic(int length) => Sampled(length, 0, length);

    /// <summary>Symmetric window without its zero end points: w[n] = 0.5 (1 - cos(2 pi (n+1) / (N+1))), n = 0..N-1.</summary>
    public static double[] WithoutEndPoints(int length) => Sampled(length, 1, length + 1);

    private static double[] Sampled(int length, int offset, int period)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        double[] window = new double[length];
        for (int n = 0; n < length; n++)
            window[n] = 0.5 * (1.0 - PortableMath.SinCosOfTurn(n + offset, period).Cos);
        return window;
    }
}
