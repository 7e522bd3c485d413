using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels;

/// <summary>Elementary functions of vectors.</summary>
internal static class Elementary<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    /// <summary>exp(x) = 2^k exp(r), r = x - k ln 2 in [-ln 2 / 2, ln 2 / 2]: the Taylor series to the last bit's size there.</summary>
    /// <remarks>Clamped to results that are normal numbers; NaN stays NaN, which is why the bounds come first.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x) => ExpBelow(L.Min(C(typeof(T) == typeof(float) ? 88 : 708), x));

    /// <summary>The same for arguments that are not large: at most 88 in float, 708 in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpBelow(V x)
    {
        if (typeof(T) == typeof(float))
        {
            x = L.Max(C(-87), x);
            var shifted = L.MulAdd(x, C(1.4426950408889634074), C(12582912)); // k in the lowest bits
            var k = L.Sub(shifted, C(12582912));
            var r = L.MulAdd(k, C(2.12194440e-4), L.MulAdd(k, C(-0.693359375), x)); // ln 2 in two parts
            var p = C(1.0 / 5040);
            p = L.MulAdd(p, r, C(1.0 / 720));
            p = L.MulAdd(p, r, C(1.0 / 120));
            p = L.MulAdd(p, r, C(1.0 / 24));
            p = L.MulAdd(p, r, C(1.0 / 6));
            p = L.MulAdd(p, r, C(0.5));
            p = L.MulAdd(p, r, C(1));
            p = L.MulAdd(p, r, C(1));
            return L.Scale(p, shifted);
        }
        else
        {
            x = L.Max(C(-708), x);
            var shifted = L.MulAdd(x, C(1.4426950408889634074), C(6755399441055744));
            var k = L.Sub(shifted, C(6755399441055744));
            var r = L.MulAdd(k, C(-1.90821492927058770002e-10), L.MulAdd(k, C(-0.693147180369123816490), x));
            var p = C(1.0 / 6227020800);
            p = L.MulAdd(p, r, C(1.0 / 479001600));
            p = L.MulAdd(p, r, C(1.0 / 39916800));
            p = L.MulAdd(p, r, C(1.0 / 3628800));
            p = L.MulAdd(p, r, C(1.0 / 362880));
            p = L.MulAdd(p, r, C(1.0 / 40320));
            p = L.MulAdd(p, r, C(1.0 / 5040));
            p = L.MulAdd(p, r, C(1.0 / 720));
            p = L.MulAdd(p, r, C(1.0 / 120));
            p = L.MulAdd(p, r, C(1.0 / 24));
            p = L.MulAdd(p, r, C(1.0 / 6));
            p = L.MulAdd(p, r, C(0.5));
            p = L.MulAdd(p, r, C(1));
            p = L.MulAdd(p, r, C(1));
            return L.Scale(p, shifted);
        }
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid(V x) => L.Div(C(1), L.Add(C(1), Exp(L.Sub(L.Zero, x))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V C(double value) => L.All(T.CreateTruncating(value));
}
