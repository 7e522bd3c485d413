using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Attention;

/// <summary>Sums over key positions: eight rows of numbers times columns, four by four in registers.</summary>
internal static unsafe class AttentionSums<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>sums[r][c] = sum over j of rows[r][j] * columns[c][j].</summary>
    [MethodImpl(Hot)]
    public static void Contract(in AttentionLayout<L, T, V> layout, T* rows, T* columns, T* sums)
    {
        long padded = layout.Padded,
            width = layout.Width,
            rs = layout.RowStride;
        for (var r = 0; r < AttentionLayout<L, T, V>.Rows; r += 4)
        for (long c = 0; c < width; c += 4)
        {
            V a0 = L.Zero,
                a1 = a0,
                a2 = a0,
                a3 = a0,
                b0 = a0,
                b1 = a0,
                b2 = a0,
                b3 = a0;
            V c0 = a0,
                c1 = a0,
                c2 = a0,
                c3 = a0,
                d0 = a0,
                d1 = a0,
                d2 = a0,
                d3 = a0;
            T* p = rows + (r * rs),
                v = columns + (c * padded),
                p3 = p + (3 * rs),
                v3 = v + (3 * padded);
            for (long j = 0; j < padded; j += L.Count)
            {
                V x,
                    k0 = L.Load(v + j),
                    k1 = L.Load(v + padded + j),
                    k2 = L.Load(v + (2 * padded) + j),
                    k3 = L.Load(v3 + j);
                x = L.Load(p + j);
                a0 = L.MulAdd(x, k0, a0);
                a1 = L.MulAdd(x, k1, a1);
                a2 = L.MulAdd(x, k2, a2);
                a3 = L.MulAdd(x, k3, a3);
                x = L.Load(p + rs + j);
                b0 = L.MulAdd(x, k0, b0);
                b1 = L.MulAdd(x, k1, b1);
                b2 = L.MulAdd(x, k2, b2);
                b3 = L.MulAdd(x, k3, b3);
                x = L.Load(p + (2 * rs) + j);
                c0 = L.MulAdd(x, k0, c0);
                c1 = L.MulAdd(x, k1, c1);
                c2 = L.MulAdd(x, k2, c2);
                c3 = L.MulAdd(x, k3, c3);
                x = L.Load(p3 + j);
                d0 = L.MulAdd(x, k0, d0);
                d1 = L.MulAdd(x, k1, d1);
                d2 = L.MulAdd(x, k2, d2);
                d3 = L.MulAdd(x, k3, d3);
            }
            var to = sums + (r * width) + c;
            Put(to, a0, a1, a2, a3);
            Put(to + width, b0, b1, b2, b3);
            Put(to + (2 * width), c0, c1, c2, c3);
            Put(to + (3 * width), d0, d1, d2, d3);
        }
    }

    /// <summary>The same where column c of row r is keys[c][j] + table[c][j - r].</summary>
    [MethodImpl(Hot)]
    public static void ContractKeys(in AttentionLayout<L, T, V> layout, T* rows, T* keys, T* table, T* sums)
    {
        long padded = layout.Padded,
            width = layout.Width,
            rs = layout.RowStride,
            ts = layout.TableStride;
        for (var r = 0; r < AttentionLayout<L, T, V>.Rows; r += 4)
        for (long c = 0; c < width; c += 4)
        {
            V a0 = L.Zero,
                a1 = a0,
                a2 = a0,
                a3 = a0,
                b0 = a0,
                b1 = a0,
                b2 = a0,
                b3 = a0;
            V c0 = a0,
                c1 = a0,
                c2 = a0,
                c3 = a0,
                d0 = a0,
                d1 = a0,
                d2 = a0,
                d3 = a0;
            T* p = rows + (r * rs),
                v = keys + (c * padded),
                p3 = p + (3 * rs),
                v3 = v + (3 * padded);
            var e = table + (c * ts) - r;
            for (long j = 0; j < padded; j += L.Count)
            {
                V x,
                    k0 = L.Load(v + j),
                    k1 = L.Load(v + padded + j),
                    k2 = L.Load(v + (2 * padded) + j),
                    k3 = L.Load(v3 + j);
                var f = e + j;
                x = L.Load(p + j);
                a0 = L.MulAdd(x, L.Add(k0, L.Load(f)), a0);
                a1 = L.MulAdd(x, L.Add(k1, L.Load(f + ts)), a1);
                a2 = L.MulAdd(x, L.Add(k2, L.Load(f + (2 * ts))), a2);
                a3 = L.MulAdd(x, L.Add(k3, L.Load(f + (3 * ts))), a3);
                x = L.Load(p + rs + j);
                b0 = L.MulAdd(x, L.Add(k0, L.Load(f - 1)), b0);
                b1 = L.MulAdd(x, L.Add(k1, L.Load(f + ts - 1)), b1);
                b2 = L.MulAdd(x, L.Add(k2, L.Load(f + (2 * ts) - 1)), b2);
                b3 = L.MulAdd(x, L.Add(k3, L.Load(f + (3 * ts) - 1)), b3);
                x = L.Load(p + (2 * rs) + j);
                c0 = L.MulAdd(x, L.Add(k0, L.Load(f - 2)), c0);
                c1 = L.MulAdd(x, L.Add(k1, L.Load(f + ts - 2)), c1);
                c2 = L.MulAdd(x, L.Add(k2, L.Load(f + (2 * ts) - 2)), c2);
                c3 = L.MulAdd(x, L.Add(k3, L.Load(f + (3 * ts) - 2)), c3);
                x = L.Load(p3 + j);
                d0 = L.MulAdd(x, L.Add(k0, L.Load(f - 3)), d0);
                d1 = L.MulAdd(x, L.Add(k1, L.Load(f + ts - 3)), d1);
                d2 = L.MulAdd(x, L.Add(k2, L.Load(f + (2 * ts) - 3)), d2);
                d3 = L.MulAdd(x, L.Add(k3, L.Load(f + (3 * ts) - 3)), d3);
            }
            var to = sums + (r * width) + c;
            Put(to, a0, a1, a2, a3);
            Put(to + width, b0, b1, b2, b3);
            Put(to + (2 * width), c0, c1, c2, c3);
            Put(to + (3 * width), d0, d1, d2, d3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(T* to, V a, V b, V c, V d)
    {
        to[0] = L.Sum(a);
        to[1] = L.Sum(b);
        to[2] = L.Sum(c);
        to[3] = L.Sum(d);
    }
}
