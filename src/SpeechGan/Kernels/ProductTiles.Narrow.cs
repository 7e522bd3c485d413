using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels;

/// <content>Panels of one vector: what is left at the right edge of a matrix.</content>
internal static unsafe partial class ProductTiles<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    /// <summary>Rows [0, m) of the result for a panel of one vector.</summary>
    /// <param name="m">Rows.</param>
    /// <param name="k">Terms of each sum.</param>
    /// <param name="a">First number of a.</param>
    /// <param name="row">Distance of a's rows.</param>
    /// <param name="step">Distance of a row's numbers.</param>
    /// <param name="b">The panel, k rows of one vector.</param>
    /// <param name="c">First number of the result.</param>
    /// <param name="stride">Distance of the result's rows.</param>
    /// <param name="add">Adds to the result instead of setting it.</param>
    public static void Narrow(long m, long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
    {
        long i = 0;
        for (; i + 12 <= m; i += 12)
            Tile12x1(k, a + (i * row), row, step, b, c + (i * stride), stride, add);
        for (; i + 4 <= m; i += 4)
            Tile4x1(k, a + (i * row), row, step, b, c + (i * stride), stride, add);
        for (; i < m; i++)
            Tile1x1(k, a + (i * row), row, step, b, c + (i * stride), stride, add);
    }

    [MethodImpl(Hot)]
    private static void Tile12x1(long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
    {
        V c0 = L.Zero,
            c1 = c0,
            c2 = c0,
            c3 = c0,
            c4 = c0,
            c5 = c0,
            c6 = c0,
            c7 = c0,
            c8 = c0,
            c9 = c0,
            c10 = c0,
            c11 = c0;
        T* a3 = a + (3 * row),
            a6 = a + (6 * row),
            a9 = a + (9 * row);
        long width = L.Count,
            twice = 2 * row;
        for (long i = 0; i < k; i++, b += width, a += step, a3 += step, a6 += step, a9 += step)
        {
            V x = L.Load(b);
            c0 = L.MulAdd(L.All(*a), x, c0);
            c1 = L.MulAdd(L.All(a[row]), x, c1);
            c2 = L.MulAdd(L.All(a[twice]), x, c2);
            c3 = L.MulAdd(L.All(*a3), x, c3);
            c4 = L.MulAdd(L.All(a3[row]), x, c4);
            c5 = L.MulAdd(L.All(a3[twice]), x, c5);
            c6 = L.MulAdd(L.All(*a6), x, c6);
            c7 = L.MulAdd(L.All(a6[row]), x, c7);
            c8 = L.MulAdd(L.All(a6[twice]), x, c8);
            c9 = L.MulAdd(L.All(*a9), x, c9);
            c10 = L.MulAdd(L.All(a9[row]), x, c10);
            c11 = L.MulAdd(L.All(a9[twice]), x, c11);
        }
        Put(c, c0, add);
        Put(c + (1 * stride), c1, add);
        Put(c + (2 * stride), c2, add);
        Put(c + (3 * stride), c3, add);
        Put(c + (4 * stride), c4, add);
        Put(c + (5 * stride), c5, add);
        Put(c + (6 * stride), c6, add);
        Put(c + (7 * stride), c7, add);
        Put(c + (8 * stride), c8, add);
        Put(c + (9 * stride), c9, add);
        Put(c + (10 * stride), c10, add);
        Put(c + (11 * stride), c11, add);
    }

    [MethodImpl(Hot)]
    private static void Tile4x1(long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
    {
        V c0 = L.Zero,
            c1 = c0,
            c2 = c0,
            c3 = c0;
        T* a3 = a + (3 * row);
        long width = L.Count,
            twice = 2 * row;
        for (long i = 0; i < k; i++, b += width, a += step, a3 += step)
        {
            V x = L.Load(b);
            c0 = L.MulAdd(L.All(*a), x, c0);
            c1 = L.MulAdd(L.All(a[row]), x, c1);
            c2 = L.MulAdd(L.All(a[twice]), x, c2);
            c3 = L.MulAdd(L.All(*a3), x, c3);
        }
        Put(c, c0, add);
        Put(c + (1 * stride), c1, add);
        Put(c + (2 * stride), c2, add);
        Put(c + (3 * stride), c3, add);
    }

    [MethodImpl(Hot)]
    private static void Tile1x1(long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
    {
        V c0 = L.Zero;
        long width = L.Count;
        for (long i = 0; i < k; i++, b += width, a += step)
        {
            V x = L.Load(b);
            c0 = L.MulAdd(L.All(*a), x, c0);
        }
        Put(c, c0, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T* to, V x, bool add) => L.Store(to, add ? L.Add(x, L.Load(to)) : x);
}
