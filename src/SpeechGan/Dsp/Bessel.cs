namespace SpeechGan.Dsp;

/// <summary>The function that Kaiser windows are made of.</summary>
internal static class Bessel
{
    /// <summary>Modified Bessel function of the first kind, order 0: the sum of ((x/2)^k / k!)^2 (Abramowitz and Stegun, 9.6.12).</summary>
    public static double I0(double x)
    {
        double sum = 1,
            term = 1,
            quarter = x * x / 4;
        for (int k = 1; term > sum * 1e-17; k++)
        {
            term *= quarter / ((double)k * k);
            sum += term;
        }
        return sum;
    }
}
