using System.Runtime.Intrinsics;

namespace SpeechGan.Dsp;

public static partial class PortableMath
{
    /// <summary>
    /// Four powers at once, each with the bits of the scalar <see cref="Pow(double, double)"/>. For positive normal x and results between
    /// 1e-300 and 1e300; elsewhere without meaning.
    /// </summary>
    internal static Vector256<double> Pow(Vector256<double> x, Vector256<double> y) => ExpOfNormal(y * LogOfNormal(x));

    // The same operations in the same order as Exp and Log; a change in one is a change in both.
    private static Vector256<double> ExpOfNormal(Vector256<double> x)
    {
        Vector256<double> rounder = Vector256.Create(Rounder),
            shifted = x * Log2E + rounder,
            k = shifted - rounder;
        Vector256<double> r = (x - k * Ln2High) - k * Ln2Low;
        Vector256<double> q = Vector256.Create(1.0 / 6227020800.0);
        q = q * r + Vector256.Create(1.0 / 479001600.0);
        q = q * r + Vector256.Create(1.0 / 39916800.0);
        q = q * r + Vector256.Create(1.0 / 3628800.0);
        q = q * r + Vector256.Create(1.0 / 362880.0);
        q = q * r + Vector256.Create(1.0 / 40320.0);
        q = q * r + Vector256.Create(1.0 / 5040.0);
        q = q * r + Vector256.Create(1.0 / 720.0);
        q = q * r + Vector256.Create(1.0 / 120.0);
        q = q * r + Vector256.Create(1.0 / 24.0);
        q = q * r + Vector256.Create(1.0 / 6.0);
        q = q * r + Vector256.Create(0.5);
        Vector256<double> value = Vector256<double>.One + (r + r * r * q);
        Vector256<double> scale = Vector256.ShiftLeft(shifted.AsInt64() + Vector256.Create(1023L), 52).AsDouble();
        return value * scale;
    }

    private static Vector256<double> LogOfNormal(Vector256<double> x)
    {
        Vector256<long> bits = x.AsInt64();
        // An integer below 2^52 under the bits of 2^52 is that integer plus 2^52.
        Vector256<long> over = Vector256.Create(0x4330000000000000L);
        Vector256<double> exponent =
            (Vector256.ShiftRightLogical(bits, 52) | over).AsDouble() - Vector256.Create(4503599627370496.0 + 1023.0);
        Vector256<double> m = ((bits & Vector256.Create(0x000FFFFFFFFFFFFFL)) | Vector256.Create(0x3FF0000000000000L)).AsDouble();
        Vector256<double> upper = Vector256.GreaterThan(m, Vector256.Create(Sqrt2));
        m = Vector256.ConditionalSelect(upper, m * 0.5, m);
        exponent = Vector256.ConditionalSelect(upper, exponent + Vector256<double>.One, exponent);
        Vector256<double> f = m - Vector256<double>.One;
        Vector256<double> s = f / (Vector256.Create(2.0) + f);
        Vector256<double> z = s * s;
        Vector256<double> series = Vector256.Create(2.0 / 25.0);
        series = series * z + Vector256.Create(2.0 / 23.0);
        series = series * z + Vector256.Create(2.0 / 21.0);
        series = series * z + Vector256.Create(2.0 / 19.0);
        series = series * z + Vector256.Create(2.0 / 17.0);
        series = series * z + Vector256.Create(2.0 / 15.0);
        series = series * z + Vector256.Create(2.0 / 13.0);
        series = series * z + Vector256.Create(2.0 / 11.0);
        series = series * z + Vector256.Create(2.0 / 9.0);
        series = series * z + Vector256.Create(2.0 / 7.0);
        series = series * z + Vector256.Create(2.0 / 5.0);
        series = series * z + Vector256.Create(2.0 / 3.0);
        Vector256<double> half = f * 0.5 * f;
        return exponent * Ln2High - ((half - (s * (half + z * series) + exponent * Ln2Low)) - f);
    }
}
