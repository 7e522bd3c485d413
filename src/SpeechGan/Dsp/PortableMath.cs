using System.Runtime.CompilerServices;

namespace SpeechGan.Dsp;

/// <summary>
/// Elementary functions that give the same bits on every machine. <c>Math.Exp</c>, <c>Math.Pow</c> and <c>Math.Sin</c> go to the C
/// library, which picks its code by CPU features; a score must not depend on that. Only the exactly rounded operations + - * / and
/// sqrt are used here, in a fixed order. Errors are in units in the last place (ulp) against the true value.
/// </summary>
public static partial class PortableMath
{
    // ln 2 in two parts; the first has 20 trailing zero bits, so that k * Ln2High is exact for every exponent k.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double Log2E = 1.4426950408889634;

    // Adding it rounds to an integer (ties to even) and leaves that integer in the low bits.
    private const double Rounder = 6755399441055744.0; // 1.5 * 2^52
    private const double QuarterPi = 0.78539816339744828;
    private const double QuarterPiRest = 3.0616169978683830e-17;
    private const double Sqrt2 = 1.4142135623730951;

    /// <summary>e to the power <paramref name="x"/>; error below 1 ulp (2 ulp where the result is subnormal).</summary>
    public static double Exp(double x)
    {
        if (!(x > -745.2))
            return double.IsNaN(x) ? x : 0.0;
        if (x > 709.782712893384)
            return double.PositiveInfinity;
        double k = (x * Log2E + Rounder) - Rounder;
        double r = (x - k * Ln2High) - k * Ln2Low;
        // Taylor series on |r| <= ln2/2; the first omitted term is below 5e-18.
        double q = 1.0 / 6227020800.0;
        q = q * r + 1.0 / 479001600.0;
        q = q * r + 1.0 / 39916800.0;
        q = q * r + 1.0 / 3628800.0;
        q = q * r + 1.0 / 362880.0;
        q = q * r + 1.0 / 40320.0;
        q = q * r + 1.0 / 5040.0;
        q = q * r + 1.0 / 720.0;
        q = q * r + 1.0 / 120.0;
        q = q * r + 1.0 / 24.0;
        q = q * r + 1.0 / 6.0;
        q = q * r + 0.5;
        double value = 1.0 + (r + r * r * q);
        return Scale(value, (int)k);
    }

    /// <summary>Natural logarithm; error below 1 ulp. Zero gives minus infinity, a negative number NaN.</summary>
    public static double Log(double x)
    {
        if (!(x > 0.0))
            return x == 0.0 ? double.NegativeInfinity : double.NaN;
        if (double.IsPositiveInfinity(x))
            return x;
        int exponent = 0;
        if (x < 2.2250738585072014e-308)
        {
            x *= 18014398509481984.0; // 2^54
            exponent = -54;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        exponent += (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFFL) | 0x3FF0000000000000L);
        if (m > Sqrt2)
        {
            m *= 0.5;
            exponent++;
        }

        // ln(1+f) = f - f^2/2 + s*(f^2/2 + R), s = f/(2+f), R = 2*(s^2/3 + s^4/5 + ...); s^2 <= 0.0295.
        double f = m - 1.0;
        double s = f / (2.0 + f);
        double z = s * s;
        double series = 2.0 / 25.0;
        series = series * z + 2.0 / 23.0;
        series = series * z + 2.0 / 21.0;
        series = series * z + 2.0 / 19.0;
        series = series * z + 2.0 / 17.0;
        series = series * z + 2.0 / 15.0;
        series = series * z + 2.0 / 13.0;
        series = series * z + 2.0 / 11.0;
        series = series * z + 2.0 / 9.0;
        series = series * z + 2.0 / 7.0;
        series = series * z + 2.0 / 5.0;
        series = series * z + 2.0 / 3.0;
        double half = 0.5 * f * f;
        return exponent * Ln2High - ((half - (s * (half + z * series) + exponent * Ln2Low)) - f);
    }

    /// <summary>
    /// <paramref name="x"/> to the power <paramref name="y"/> for x &gt; 0 (x = 0 gives 0 for y &gt; 0), as exp(y ln x):
    /// error below 2 + |y ln x| ulp.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Pow(double x, double y) => Exp(y * Log(x));

    /// <summary>10 log10(x), the level in dB of a power ratio.</summary>
    public static double Decibel(double powerRatio) => Log(powerRatio) * 4.3429448190325175;

    /// <summary>Sine and cosine of <paramref name="numerator"/> / <paramref name="denominator"/> of a full turn; error below 1
    /// ulp.</summary>
    public static (double Sin, double Cos) SinCosOfTurn(long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        long k = numerator % denominator;
        if (k < 0)
            k += denominator;
        // Reduced with integers to an eighth of a turn, hence no rounding before the series.
        long octant = 8 * k / denominator;
        long rest = 8 * k - octant * denominator;
        if ((octant & 1) != 0)
            rest = denominator - rest;
        double fraction = (double)rest / denominator;
        double x = fraction * QuarterPi;
        (double s, double c) = Series(x, fraction * QuarterPiRest);
        return octant switch
        {
            0 => (s, c),
            1 => (c, s),
            2 => (c, -s),
            3 => (s, -c),
            4 => (-s, -c),
            5 => (-c, -s),
            6 => (-c, s),
            _ => (-s, c),
        };
    }

    private static (double Sin, double Cos) Series(double x, double rest)
    {
        double z = x * x;
        double s = 1.0 / 355687428096000.0;
        s = s * z - 1.0 / 1307674368000.0;
        s = s * z + 1.0 / 6227020800.0;
        s = s * z - 1.0 / 39916800.0;
        s = s * z + 1.0 / 362880.0;
        s = s * z - 1.0 / 5040.0;
        s = s * z + 1.0 / 120.0;
        s = s * z - 1.0 / 6.0;
        double c = -1.0 / 6402373705728000.0;
        c = c * z + 1.0 / 20922789888000.0;
        c = c * z - 1.0 / 87178291200.0;
        c = c * z + 1.0 / 479001600.0;
        c = c * z - 1.0 / 3628800.0;
        c = c * z + 1.0 / 40320.0;
        c = c * z - 1.0 / 720.0;
        c = c * z + 1.0 / 24.0;
        // 1 - z/2 loses its low bits; they are added back, together with what x lacks of the true angle.
        double half = 0.5 * z;
        double head = 1.0 - half;
        double sin = x + (x * z * s + rest);
        double cos = head + (((1.0 - head) - half) + (z * z * c - x * rest));
        return (sin, cos);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Scale(double value, int exponent)
    {
        if (exponent >= -1021 && exponent <= 1023)
            return value * BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);
        if (exponent > 1023)
            return value * 2.0 * BitConverter.Int64BitsToDouble((long)(exponent - 1 + 1023) << 52);
        return value * BitConverter.Int64BitsToDouble((long)(exponent + 100 + 1023) << 52) * 7.888609052210118e-31; // 2^-100
    }
}
