using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SpeechGan.Dsp;

/// <content>The passes of the transform, and what they do with four lanes.</content>
public sealed partial class Fft
{
    // Stride 1: four neighbouring p at a time, results transposed so that they are stored in order.
    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static void FirstPass(ref double xr, ref double xi, ref double yr, ref double yi, int m, double[] twiddle)
    {
        ref double w = ref MemoryMarshal.GetArrayDataReference(twiddle);
        for (int p = 0; p < m; p += 4)
        {
            Butterfly(
                Vector256.LoadUnsafe(ref xr, (nuint)p),
                Vector256.LoadUnsafe(ref xi, (nuint)p),
                Vector256.LoadUnsafe(ref xr, (nuint)(p + m)),
                Vector256.LoadUnsafe(ref xi, (nuint)(p + m)),
                Vector256.LoadUnsafe(ref xr, (nuint)(p + 2 * m)),
                Vector256.LoadUnsafe(ref xi, (nuint)(p + 2 * m)),
                Vector256.LoadUnsafe(ref xr, (nuint)(p + 3 * m)),
                Vector256.LoadUnsafe(ref xi, (nuint)(p + 3 * m)),
                out Vector256<double> r0,
                out Vector256<double> i0,
                out Vector256<double> r1,
                out Vector256<double> i1,
                out Vector256<double> r2,
                out Vector256<double> i2,
                out Vector256<double> r3,
                out Vector256<double> i3
            );
            Rotate(ref r1, ref i1, Vector256.LoadUnsafe(ref w, (nuint)p), Vector256.LoadUnsafe(ref w, (nuint)(p + m)));
            Rotate(ref r2, ref i2, Vector256.LoadUnsafe(ref w, (nuint)(p + 2 * m)), Vector256.LoadUnsafe(ref w, (nuint)(p + 3 * m)));
            Rotate(ref r3, ref i3, Vector256.LoadUnsafe(ref w, (nuint)(p + 4 * m)), Vector256.LoadUnsafe(ref w, (nuint)(p + 5 * m)));
            StoreTransposed(r0, r1, r2, r3, ref Unsafe.Add(ref yr, 4 * p));
            StoreTransposed(i0, i1, i2, i3, ref Unsafe.Add(ref yi, 4 * p));
        }
    }

    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static void Pass(ref double xr, ref double xi, ref double yr, ref double yi, int m, int s, double[] twiddle)
    {
        ref double w = ref MemoryMarshal.GetArrayDataReference(twiddle);
        for (int p = 0; p < m; p++)
        {
            Vector256<double> w1r = Vector256.Create(Unsafe.Add(ref w, p)),
                w1i = Vector256.Create(Unsafe.Add(ref w, p + m));
            Vector256<double> w2r = Vector256.Create(Unsafe.Add(ref w, p + 2 * m)),
                w2i = Vector256.Create(Unsafe.Add(ref w, p + 3 * m));
            Vector256<double> w3r = Vector256.Create(Unsafe.Add(ref w, p + 4 * m)),
                w3i = Vector256.Create(Unsafe.Add(ref w, p + 5 * m));
            int from = s * p,
                to = 4 * s * p,
                step = s * m;
            for (int q = 0; q < s; q += 4)
            {
                nuint a = (nuint)(from + q),
                    b = a + (nuint)step,
                    c = b + (nuint)step,
                    d = c + (nuint)step;
                Butterfly(
                    Vector256.LoadUnsafe(ref xr, a),
                    Vector256.LoadUnsafe(ref xi, a),
                    Vector256.LoadUnsafe(ref xr, b),
                    Vector256.LoadUnsafe(ref xi, b),
                    Vector256.LoadUnsafe(ref xr, c),
                    Vector256.LoadUnsafe(ref xi, c),
                    Vector256.LoadUnsafe(ref xr, d),
                    Vector256.LoadUnsafe(ref xi, d),
                    out Vector256<double> r0,
                    out Vector256<double> i0,
                    out Vector256<double> r1,
                    out Vector256<double> i1,
                    out Vector256<double> r2,
                    out Vector256<double> i2,
                    out Vector256<double> r3,
                    out Vector256<double> i3
                );
                Rotate(ref r1, ref i1, w1r, w1i);
                Rotate(ref r2, ref i2, w2r, w2i);
                Rotate(ref r3, ref i3, w3r, w3i);
                nuint y0 = (nuint)(to + q),
                    y1 = y0 + (nuint)s,
                    y2 = y1 + (nuint)s,
                    y3 = y2 + (nuint)s;
                r0.StoreUnsafe(ref yr, y0);
                i0.StoreUnsafe(ref yi, y0);
                r1.StoreUnsafe(ref yr, y1);
                i1.StoreUnsafe(ref yi, y1);
                r2.StoreUnsafe(ref yr, y2);
                i2.StoreUnsafe(ref yi, y2);
                r3.StoreUnsafe(ref yr, y3);
                i3.StoreUnsafe(ref yi, y3);
            }
        }
    }

    // Only for 8 points, where a first pass has two columns and no vector fits.
    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static void ScalarPass(ref double xr, ref double xi, ref double yr, ref double yi, int m, int s, double[] twiddle)
    {
        for (int p = 0; p < m; p++)
        {
            for (int q = 0; q < s; q++)
            {
                int a = q + s * p,
                    b = a + s * m,
                    c = b + s * m,
                    d = c + s * m,
                    y = q + 4 * s * p;
                double sr = Unsafe.Add(ref xr, a) + Unsafe.Add(ref xr, c),
                    si = Unsafe.Add(ref xi, a) + Unsafe.Add(ref xi, c);
                double dr = Unsafe.Add(ref xr, a) - Unsafe.Add(ref xr, c),
                    di = Unsafe.Add(ref xi, a) - Unsafe.Add(ref xi, c);
                double tr = Unsafe.Add(ref xr, b) + Unsafe.Add(ref xr, d),
                    ti = Unsafe.Add(ref xi, b) + Unsafe.Add(ref xi, d);
                double er = Unsafe.Add(ref xr, b) - Unsafe.Add(ref xr, d),
                    ei = Unsafe.Add(ref xi, b) - Unsafe.Add(ref xi, d);
                Unsafe.Add(ref yr, y) = sr + tr;
                Unsafe.Add(ref yi, y) = si + ti;
                StoreRotated(ref yr, ref yi, y + s, dr + ei, di - er, twiddle[p], twiddle[p + m]);
                StoreRotated(ref yr, ref yi, y + 2 * s, sr - tr, si - ti, twiddle[p + 2 * m], twiddle[p + 3 * m]);
                StoreRotated(ref yr, ref yi, y + 3 * s, dr - ei, di + er, twiddle[p + 4 * m], twiddle[p + 5 * m]);
            }
        }
    }

    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static void StoreRotated(ref double yr, ref double yi, int at, double re, double im, double wr, double wi)
    {
        Unsafe.Add(ref yr, at) = re * wr - im * wi;
        Unsafe.Add(ref yi, at) = re * wi + im * wr;
    }

    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static void LastPass4(ref double xr, ref double xi, ref double yr, ref double yi, int s)
    {
        int q = 0;
        for (; q + 4 <= s; q += 4)
        {
            nuint a = (nuint)q,
                b = a + (nuint)s,
                c = b + (nuint)s,
                d = c + (nuint)s;
            Butterfly(
                Vector256.LoadUnsafe(ref xr, a),
                Vector256.LoadUnsafe(ref xi, a),
                Vector256.LoadUnsafe(ref xr, b),
                Vector256.LoadUnsafe(ref xi, b),
                Vector256.LoadUnsafe(ref xr, c),
                Vector256.LoadUnsafe(ref xi, c),
                Vector256.LoadUnsafe(ref xr, d),
                Vector256.LoadUnsafe(ref xi, d),
                out Vector256<double> r0,
                out Vector256<double> i0,
                out Vector256<double> r1,
                out Vector256<double> i1,
                out Vector256<double> r2,
                out Vector256<double> i2,
                out Vector256<double> r3,
                out Vector256<double> i3
            );
            r0.StoreUnsafe(ref yr, a);
            i0.StoreUnsafe(ref yi, a);
            r1.StoreUnsafe(ref yr, b);
            i1.StoreUnsafe(ref yi, b);
            r2.StoreUnsafe(ref yr, c);
            i2.StoreUnsafe(ref yi, c);
            r3.StoreUnsafe(ref yr, d);
            i3.StoreUnsafe(ref yi, d);
        }

        for (; q < s; q++)
        {
            int b = q + s,
                c = b + s,
                d = c + s;
            double sr = Unsafe.Add(ref xr, q) + Unsafe.Add(ref xr, c),
                si = Unsafe.Add(ref xi, q) + Unsafe.Add(ref xi, c);
            double dr = Unsafe.Add(ref xr, q) - Unsafe.Add(ref xr, c),
                di = Unsafe.Add(ref xi, q) - Unsafe.Add(ref xi, c);
            double tr = Unsafe.Add(ref xr, b) + Unsafe.Add(ref xr, d),
                ti = Unsafe.Add(ref xi, b) + Unsafe.Add(ref xi, d);
            double er = Unsafe.Add(ref xr, b) - Unsafe.Add(ref xr, d),
                ei = Unsafe.Add(ref xi, b) - Unsafe.Add(ref xi, d);
            Unsafe.Add(ref yr, q) = sr + tr;
            Unsafe.Add(ref yi, q) = si + ti;
            Unsafe.Add(ref yr, b) = dr + ei;
            Unsafe.Add(ref yi, b) = di - er;
            Unsafe.Add(ref yr, c) = sr - tr;
            Unsafe.Add(ref yi, c) = si - ti;
            Unsafe.Add(ref yr, d) = dr - ei;
            Unsafe.Add(ref yi, d) = di + er;
        }
    }

    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static void LastPass2(ref double xr, ref double xi, ref double yr, ref double yi, int s)
    {
        int q = 0;
        for (; q + 4 <= s; q += 4)
        {
            nuint a = (nuint)q,
                b = a + (nuint)s;
            Vector256<double> ar = Vector256.LoadUnsafe(ref xr, a),
                ai = Vector256.LoadUnsafe(ref xi, a);
            Vector256<double> br = Vector256.LoadUnsafe(ref xr, b),
                bi = Vector256.LoadUnsafe(ref xi, b);
            (ar + br).StoreUnsafe(ref yr, a);
            (ai + bi).StoreUnsafe(ref yi, a);
            (ar - br).StoreUnsafe(ref yr, b);
            (ai - bi).StoreUnsafe(ref yi, b);
        }

        for (; q < s; q++)
        {
            double ar = Unsafe.Add(ref xr, q),
                ai = Unsafe.Add(ref xi, q),
                br = Unsafe.Add(ref xr, q + s),
                bi = Unsafe.Add(ref xi, q + s);
            Unsafe.Add(ref yr, q) = ar + br;
            Unsafe.Add(ref yi, q) = ai + bi;
            Unsafe.Add(ref yr, q + s) = ar - br;
            Unsafe.Add(ref yi, q + s) = ai - bi;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static void Butterfly(
        Vector256<double> ar,
        Vector256<double> ai,
        Vector256<double> br,
        Vector256<double> bi,
        Vector256<double> cr,
        Vector256<double> ci,
        Vector256<double> dr,
        Vector256<double> di,
        out Vector256<double> r0,
        out Vector256<double> i0,
        out Vector256<double> r1,
        out Vector256<double> i1,
        out Vector256<double> r2,
        out Vector256<double> i2,
        out Vector256<double> r3,
        out Vector256<double> i3
    )
    {
        Vector256<double> sr = ar + cr,
            si = ai + ci,
            er = ar - cr,
            ei = ai - ci;
        Vector256<double> tr = br + dr,
            ti = bi + di,
            fr = br - dr,
            fi = bi - di;
        r0 = sr + tr;
        i0 = si + ti;
        r1 = er + fi;
        i1 = ei - fr;
        r2 = sr - tr;
        i2 = si - ti;
        r3 = er - fi;
        i3 = ei + fr;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static void Rotate(ref Vector256<double> re, ref Vector256<double> im, Vector256<double> wr, Vector256<double> wi)
    {
        Vector256<double> rotated = re * wr - im * wi;
        im = re * wi + im * wr;
        re = rotated;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static void StoreTransposed(
        Vector256<double> a,
        Vector256<double> b,
        Vector256<double> c,
        Vector256<double> d,
        ref double target
    )
    {
        // Pairs (a0 b0 | c0 d0) are built from halves, in moves that every CPU has.
        Vector128<double> al = a.GetLower(),
            bl = b.GetLower(),
            cl = c.GetLower(),
            dl = d.GetLower();
        Vector128<double> ah = a.GetUpper(),
            bh = b.GetUpper(),
            ch = c.GetUpper(),
            dh = d.GetUpper();
        Low(al, bl).StoreUnsafe(ref target, 0);
        Low(cl, dl).StoreUnsafe(ref target, 2);
        High(al, bl).StoreUnsafe(ref target, 4);
        High(cl, dl).StoreUnsafe(ref target, 6);
        Low(ah, bh).StoreUnsafe(ref target, 8);
        Low(ch, dh).StoreUnsafe(ref target, 10);
        High(ah, bh).StoreUnsafe(ref target, 12);
        High(ch, dh).StoreUnsafe(ref target, 14);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static Vector128<double> Low(Vector128<double> x, Vector128<double> y) => Vector128.Create(x.ToScalar(), y.ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [ExcludeFromCodeCoverage(Justification = WhyNotCounted)]
    private static Vector128<double> High(Vector128<double> x, Vector128<double> y) => Vector128.Create(x.GetElement(1), y.GetElement(1));
}
