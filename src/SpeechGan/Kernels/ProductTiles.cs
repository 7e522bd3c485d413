using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels;

/// <summary>
/// The inner loops of the matrix product: a tile of the result stays in registers while its row of a and its panel of b pass by. The
/// accumulators are named variables: an array of vectors would live in memory.
/// </summary>
internal static unsafe partial class ProductTiles<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>Rows [0, m) of the result for a panel of two vectors.</summary>
    /// <param name="m">Rows.</param>
    /// <param name="k">Terms of each sum.</param>
    /// <param name="a">First number of a.</param>
    /// <param name="row">Distance of a's rows.</param>
    /// <param name="step">Distance of a row's numbers.</param>
    /// <param name="b">The panel, k rows of two vectors.</param>
    /// <param name="c">First number of the result.</param>
    /// <param name="stride">Distance of the result's rows.</param>
    /// <param name="add">Adds to the result instead of setting it.</param>
    public static void Wide(long m, long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
    {
        long i = 0;
        if (HasManyRegisters)
            for (; i + 12 <= m; i += 12)
                Tile12x2(k, a + (i * row), row, step, b, c + (i * stride), stride, add);
        if (HasManyRegisters)
            for (; i + 8 <= m; i += 8)
                Tile8x2(k, a + (i * row), row, step, b, c + (i * stride), stride, add);
        for (; i + 6 <= m; i += 6)
            Tile6x2(k, a + (i * row), row, step, b, c + (i * stride), stride, add);
        for (; i + 4 <= m; i += 4)
            Tile4x2(k, a + (i * row), row, step, b, c + (i * stride), stride, add);
        for (; i + 2 <= m; i += 2)
            Tile2x2(k, a + (i * row), row, step, b, c + (i * stride), stride, add);
        for (; i < m; i++)
            Tile1x2(k, a + (i * row), row, step, b, c + (i * stride), stride, add);
    }

    // 32 vector registers with AVX-512, whatever the width; 16 below.
    private static bool HasManyRegisters => Vector512.IsHardwareAccelerated;

    [MethodImpl(Hot)]
    private static void Tile12x2(long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
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
        V d0 = c0,
            d1 = c0,
            d2 = c0,
            d3 = c0,
            d4 = c0,
            d5 = c0,
            d6 = c0,
            d7 = c0,
            d8 = c0,
            d9 = c0,
            d10 = c0,
            d11 = c0;
        T* a3 = a + (3 * row),
            a6 = a + (6 * row),
            a9 = a + (9 * row);
        long width = 2 * L.Count,
            twice = 2 * row;
        for (long i = 0; i < k; i++, b += width, a += step, a3 += step, a6 += step, a9 += step)
        {
            V x = L.Load(b),
                y = L.Load(b + L.Count),
                v;
            v = L.All(*a);
            c0 = L.MulAdd(v, x, c0);
            d0 = L.MulAdd(v, y, d0);
            v = L.All(a[row]);
            c1 = L.MulAdd(v, x, c1);
            d1 = L.MulAdd(v, y, d1);
            v = L.All(a[twice]);
            c2 = L.MulAdd(v, x, c2);
            d2 = L.MulAdd(v, y, d2);
            v = L.All(*a3);
            c3 = L.MulAdd(v, x, c3);
            d3 = L.MulAdd(v, y, d3);
            v = L.All(a3[row]);
            c4 = L.MulAdd(v, x, c4);
            d4 = L.MulAdd(v, y, d4);
            v = L.All(a3[twice]);
            c5 = L.MulAdd(v, x, c5);
            d5 = L.MulAdd(v, y, d5);
            v = L.All(*a6);
            c6 = L.MulAdd(v, x, c6);
            d6 = L.MulAdd(v, y, d6);
            v = L.All(a6[row]);
            c7 = L.MulAdd(v, x, c7);
            d7 = L.MulAdd(v, y, d7);
            v = L.All(a6[twice]);
            c8 = L.MulAdd(v, x, c8);
            d8 = L.MulAdd(v, y, d8);
            v = L.All(*a9);
            c9 = L.MulAdd(v, x, c9);
            d9 = L.MulAdd(v, y, d9);
            v = L.All(a9[row]);
            c10 = L.MulAdd(v, x, c10);
            d10 = L.MulAdd(v, y, d10);
            v = L.All(a9[twice]);
            c11 = L.MulAdd(v, x, c11);
            d11 = L.MulAdd(v, y, d11);
        }
        Put(c, c0, d0, add);
        Put(c + (1 * stride), c1, d1, add);
        Put(c + (2 * stride), c2, d2, add);
        Put(c + (3 * stride), c3, d3, add);
        Put(c + (4 * stride), c4, d4, add);
        Put(c + (5 * stride), c5, d5, add);
        Put(c + (6 * stride), c6, d6, add);
        Put(c + (7 * stride), c7, d7, add);
        Put(c + (8 * stride), c8, d8, add);
        Put(c + (9 * stride), c9, d9, add);
        Put(c + (10 * stride), c10, d10, add);
        Put(c + (11 * stride), c11, d11, add);
    }

    [MethodImpl(Hot)]
    private static void Tile8x2(long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
    {
        V c0 = L.Zero,
            c1 = c0,
            c2 = c0,
            c3 = c0,
            c4 = c0,
            c5 = c0,
            c6 = c0,
            c7 = c0;
        V d0 = c0,
            d1 = c0,
            d2 = c0,
            d3 = c0,
            d4 = c0,
            d5 = c0,
            d6 = c0,
            d7 = c0;
        T* a3 = a + (3 * row),
            a6 = a + (6 * row);
        long width = 2 * L.Count,
            twice = 2 * row;
        for (long i = 0; i < k; i++, b += width, a += step, a3 += step, a6 += step)
        {
            V x = L.Load(b),
                y = L.Load(b + L.Count),
                v;
            v = L.All(*a);
            c0 = L.MulAdd(v, x, c0);
            d0 = L.MulAdd(v, y, d0);
            v = L.All(a[row]);
            c1 = L.MulAdd(v, x, c1);
            d1 = L.MulAdd(v, y, d1);
            v = L.All(a[twice]);
            c2 = L.MulAdd(v, x, c2);
            d2 = L.MulAdd(v, y, d2);
            v = L.All(*a3);
            c3 = L.MulAdd(v, x, c3);
            d3 = L.MulAdd(v, y, d3);
            v = L.All(a3[row]);
            c4 = L.MulAdd(v, x, c4);
            d4 = L.MulAdd(v, y, d4);
            v = L.All(a3[twice]);
            c5 = L.MulAdd(v, x, c5);
            d5 = L.MulAdd(v, y, d5);
            v = L.All(*a6);
            c6 = L.MulAdd(v, x, c6);
            d6 = L.MulAdd(v, y, d6);
            v = L.All(a6[row]);
            c7 = L.MulAdd(v, x, c7);
            d7 = L.MulAdd(v, y, d7);
        }
        Put(c, c0, d0, add);
        Put(c + (1 * stride), c1, d1, add);
        Put(c + (2 * stride), c2, d2, add);
        Put(c + (3 * stride), c3, d3, add);
        Put(c + (4 * stride), c4, d4, add);
        Put(c + (5 * stride), c5, d5, add);
        Put(c + (6 * stride), c6, d6, add);
        Put(c + (7 * stride), c7, d7, add);
    }

    [MethodImpl(Hot)]
    private static void Tile6x2(long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
    {
        V c0 = L.Zero,
            c1 = c0,
            c2 = c0,
            c3 = c0,
            c4 = c0,
            c5 = c0;
        V d0 = c0,
            d1 = c0,
            d2 = c0,
            d3 = c0,
            d4 = c0,
            d5 = c0;
        T* a3 = a + (3 * row);
        long width = 2 * L.Count,
            twice = 2 * row;
        for (long i = 0; i < k; i++, b += width, a += step, a3 += step)
        {
            V x = L.Load(b),
                y = L.Load(b + L.Count),
                v;
            v = L.All(*a);
            c0 = L.MulAdd(v, x, c0);
            d0 = L.MulAdd(v, y, d0);
            v = L.All(a[row]);
            c1 = L.MulAdd(v, x, c1);
            d1 = L.MulAdd(v, y, d1);
            v = L.All(a[twice]);
            c2 = L.MulAdd(v, x, c2);
            d2 = L.MulAdd(v, y, d2);
            v = L.All(*a3);
            c3 = L.MulAdd(v, x, c3);
            d3 = L.MulAdd(v, y, d3);
            v = L.All(a3[row]);
            c4 = L.MulAdd(v, x, c4);
            d4 = L.MulAdd(v, y, d4);
            v = L.All(a3[twice]);
            c5 = L.MulAdd(v, x, c5);
            d5 = L.MulAdd(v, y, d5);
        }
        Put(c, c0, d0, add);
        Put(c + (1 * stride), c1, d1, add);
        Put(c + (2 * stride), c2, d2, add);
        Put(c + (3 * stride), c3, d3, add);
        Put(c + (4 * stride), c4, d4, add);
        Put(c + (5 * stride), c5, d5, add);
    }

    [MethodImpl(Hot)]
    private static void Tile4x2(long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
    {
        V c0 = L.Zero,
            c1 = c0,
            c2 = c0,
            c3 = c0;
        V d0 = c0,
            d1 = c0,
            d2 = c0,
            d3 = c0;
        T* a3 = a + (3 * row);
        long width = 2 * L.Count,
            twice = 2 * row;
        for (long i = 0; i < k; i++, b += width, a += step, a3 += step)
        {
            V x = L.Load(b),
                y = L.Load(b + L.Count),
                v;
            v = L.All(*a);
            c0 = L.MulAdd(v, x, c0);
            d0 = L.MulAdd(v, y, d0);
            v = L.All(a[row]);
            c1 = L.MulAdd(v, x, c1);
            d1 = L.MulAdd(v, y, d1);
            v = L.All(a[twice]);
            c2 = L.MulAdd(v, x, c2);
            d2 = L.MulAdd(v, y, d2);
            v = L.All(*a3);
            c3 = L.MulAdd(v, x, c3);
            d3 = L.MulAdd(v, y, d3);
        }
        Put(c, c0, d0, add);
        Put(c + (1 * stride), c1, d1, add);
        Put(c + (2 * stride), c2, d2, add);
        Put(c + (3 * stride), c3, d3, add);
    }

    [MethodImpl(Hot)]
    private static void Tile2x2(long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
    {
        V c0 = L.Zero,
            c1 = c0;
        V d0 = c0,
            d1 = c0;
        long width = 2 * L.Count;
        for (long i = 0; i < k; i++, b += width, a += step)
        {
            V x = L.Load(b),
                y = L.Load(b + L.Count),
                v;
            v = L.All(*a);
            c0 = L.MulAdd(v, x, c0);
            d0 = L.MulAdd(v, y, d0);
            v = L.All(a[row]);
            c1 = L.MulAdd(v, x, c1);
            d1 = L.MulAdd(v, y, d1);
        }
        Put(c, c0, d0, add);
        Put(c + (1 * stride), c1, d1, add);
    }

    [MethodImpl(Hot)]
    private static void Tile1x2(long k, T* a, long row, long step, T* b, T* c, long stride, bool add)
    {
        V c0 = L.Zero;
        V d0 = c0;
        long width = 2 * L.Count;
        for (long i = 0; i < k; i++, b += width, a += step)
        {
            V x = L.Load(b),
                y = L.Load(b + L.Count),
                v;
            v = L.All(*a);
            c0 = L.MulAdd(v, x, c0);
            d0 = L.MulAdd(v, y, d0);
        }
        Put(c, c0, d0, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T* to, V x, V y, bool add)
    {
        if (add)
        {
            x = L.Add(x, L.Load(to));
            y = L.Add(y, L.Load(to + L.Count));
        }
        L.Store(to, x);
        L.Store(to + L.Count, y);
    }
}
