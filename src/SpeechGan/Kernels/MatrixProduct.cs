using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels;

/// <summary>
/// c = a b or c += a b, row-major, on this thread: b is packed into panels of two vectors' width (a weight once for many products), a is
/// read in place with any distances between its rows and numbers, so that a transposed matrix or a convolution's overlapping rows need no
/// copy.
/// </summary>
/// <remarks>Goto and van de Geijn, 2008, without its blocking over k: here k is at most a few hundred and a panel stays in the first-level
/// cache.</remarks>
internal static unsafe class MatrixProduct<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    // Rows of a in one sweep over all panels: they stay in the second-level cache.
    private const long Sweep = 480;

    /// <summary>Numbers in a packed matrix of k rows and n columns: the last panel is filled up with zeros.</summary>
    public static long Packed(long k, long n) => k * ((n + L.Count - 1) / L.Count * L.Count);

    /// <summary>Packs b.</summary>
    /// <param name="k">Rows of b.</param>
    /// <param name="n">Columns of b.</param>
    /// <param name="b">First number.</param>
    /// <param name="row">Distance of b's rows.</param>
    /// <param name="step">Distance of a row's numbers; one of the two distances is 1.</param>
    /// <param name="packed">At least <see cref="Packed"/> numbers.</param>
    public static void Pack(long k, long n, T* b, long row, long step, T* packed)
    {
        long j = 0;
        for (; j + (2 * L.Count) <= n; j += 2 * L.Count, packed += 2 * L.Count * k)
            Panel(k, 2 * L.Count, 2 * L.Count, b + (j * step), row, step, packed);
        for (; j < n; j += L.Count, packed += L.Count * k)
            Panel(k, Math.Min(L.Count, n - j), L.Count, b + (j * step), row, step, packed);
    }

    /// <summary>Multiplies.</summary>
    /// <param name="m">Rows of a and c.</param>
    /// <param name="n">Columns of b and c.</param>
    /// <param name="k">Columns of a, rows of b.</param>
    /// <param name="a">First number of a.</param>
    /// <param name="row">Distance of a's rows.</param>
    /// <param name="step">Distance of a row's numbers.</param>
    /// <param name="packed">b as <see cref="Pack"/> made it.</param>
    /// <param name="add">Adds to c instead of setting it.</param>
    /// <param name="c">First number of c.</param>
    /// <param name="stride">Distance of c's rows.</param>
    public static void Multiply(long m, long n, long k, T* a, long row, long step, T* packed, bool add, T* c, long stride)
    {
        for (long i = 0; i < m; i += Sweep)
            Rows(Math.Min(Sweep, m - i), n, k, a + (i * row), row, step, packed, add, c + (i * stride), stride);
    }

    private static void Rows(long m, long n, long k, T* a, long row, long step, T* packed, bool add, T* c, long stride)
    {
        long j = 0;
        for (; j + (2 * L.Count) <= n; j += 2 * L.Count, packed += 2 * L.Count * k)
            ProductTiles<L, T, V>.Wide(m, k, a, row, step, packed, c + j, stride, add);
        if (j + L.Count <= n)
        {
            ProductTiles<L, T, V>.Narrow(m, k, a, row, step, packed, c + j, stride, add);
            j += L.Count;
            packed += L.Count * k;
        }
        if (j < n)
            Rest(m, n - j, k, a, row, step, packed, add, c + j, stride);
    }

    /// <summary>Columns that fill no vector, by way of a small buffer.</summary>
    private static void Rest(long m, long n, long k, T* a, long row, long step, T* packed, bool add, T* c, long stride)
    {
        const int rows = 12;
        var buffer = stackalloc T[rows * L.Count];
        for (long i = 0; i < m; i += rows)
        {
            var now = Math.Min(rows, m - i);
            ProductTiles<L, T, V>.Narrow(now, k, a + (i * row), row, step, packed, buffer, L.Count, false);
            for (long r = 0; r < now; r++)
            for (long j = 0; j < n; j++)
            {
                var to = c + ((i + r) * stride) + j;
                *to = add ? *to + buffer[(r * L.Count) + j] : buffer[(r * L.Count) + j];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel(long k, long columns, long width, T* b, long row, long step, T* packed)
    {
        if (columns == width && step == 1)
        {
            for (long i = 0; i < k; i++, b += row, packed += width)
            for (long j = 0; j < width; j += L.Count)
                L.Store(packed + j, L.Load(b + j));
            return;
        }
        for (long j = 0; j < width; j++, b += step)
        {
            T* from = b,
                to = packed + j;
            if (j < columns)
                for (long i = 0; i < k; i++, from += row, to += width)
                    *to = *from;
            else
                for (long i = 0; i < k; i++, to += width)
                    *to = T.Zero;
        }
    }
}
