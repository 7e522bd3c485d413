using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Attention;

/// <summary>
/// Self-attention with relative positions (Shaw et al., 2018), forward, a head and sequence at a time: s(i, j) = scale * q_i . (k_j + E[i -
/// j]), p = softmax over j, o_i = sum_j p(i, j) v_j. No matrix of length x length is stored: eight rows of scores are made, used and
/// forgotten.
/// </summary>
internal static unsafe class AttentionForward<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
    private const int Rows = AttentionLayout<L, T, V>.Rows;
    private static readonly T Lowest = T.CreateTruncating(-1e30); // exp of it is 0, and nothing overflows

    /// <summary>Sets a head's outputs and the logarithm of each row's sum, by which backward makes the scores again.</summary>
    /// <param name="head">Queries, keys and values.</param>
    /// <param name="table">As <see cref="AttentionLayout{L, T, V}.ReverseTable"/> made it.</param>
    /// <param name="scratch"><see cref="AttentionLayout{L, T, V}.Scratch"/> numbers.</param>
    /// <param name="output">Set, rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">Distance of the outputs' rows.</param>
    /// <param name="logSums">`[length]`, set.</param>
    public static void Run(in AttentionHead<T> head, T* table, T* scratch, T* output, long stride, T* logSums)
    {
        var layout = new AttentionLayout<L, T, V>(head.Length, head.Width);
        long width = layout.Width,
            length = layout.Length;
        T* key = scratch,
            value = key + (width * layout.Padded),
            p = value + (width * layout.Padded),
            q = p + (Rows * layout.RowStride),
            o = q + (Rows * width);
        T* most = stackalloc T[Rows],
            total = stackalloc T[Rows];
        layout.Transpose(head, head.Key, key);
        layout.Transpose(head, head.Value, value);
        for (long begin = 0; begin < length; begin += Rows)
        {
            // The last block lies over the one before: its rows are made twice.
            var i = Math.Max(0, Math.Min(begin, length - Rows));
            var count = Math.Min(Rows, length - i);
            layout.Gather(head, count, head.Query + (i * head.Stride), head.Stride, head.Scale, q);
            Scores(layout, i, head.Most, key, table, q, p, most);
            Exponentials(layout, p, most, total);
            AttentionSums<L, T, V>.Contract(layout, p, value, o);
            for (long r = 0; r < count; r++)
            {
                logSums[i + r] = most[r] + T.Log(total[r]);
                var inverse = T.One / total[r];
                for (long c = 0; c < head.Width; c++)
                    output[((i + r) * stride) + c] = o[(r * width) + c] * inverse;
            }
        }
    }

    [MethodImpl(Hot)]
    private static void Scores(in AttentionLayout<L, T, V> layout, long i, long reach, T* key, T* table, T* q, T* p, T* most)
    {
        long padded = layout.Padded,
            width = layout.Width,
            ts = layout.TableStride,
            rs = layout.RowStride,
            length = layout.Length,
            whole = layout.Whole;
        T* before = stackalloc T[Rows],
            after = stackalloc T[Rows];
        Far(layout, table, q, before, after);
        var columns = table + layout.TableBegin + length - 1 - i; // row r reads it r columns further left
        V m0 = L.All(Lowest),
            m1 = m0,
            m2 = m0,
            m3 = m0,
            m4 = m0,
            m5 = m0,
            m6 = m0,
            m7 = m0;
        for (long j = 0; j < padded; j += L.Count)
        {
            V s0,
                s1,
                s2,
                s3,
                s4,
                s5,
                s6,
                s7;
            T* k = key + j,
                x = q;
            bool left = j + L.Count - 1 <= i - reach,
                right = j >= i + Rows - 1 + reach;
            if (left || right)
            {
                // Positions farther than the table reaches share one vector: their part of the score is one number a row.
                var far = left ? before : after;
                s0 = L.All(far[0]);
                s1 = L.All(far[1]);
                s2 = L.All(far[2]);
                s3 = L.All(far[3]);
                s4 = L.All(far[4]);
                s5 = L.All(far[5]);
                s6 = L.All(far[6]);
                s7 = L.All(far[7]);
                for (long c = 0; c < width; c++, k += padded, x++)
                {
                    var v = L.Load(k);
                    s0 = L.MulAdd(L.All(x[0]), v, s0);
                    s1 = L.MulAdd(L.All(x[width]), v, s1);
                    s2 = L.MulAdd(L.All(x[2 * width]), v, s2);
                    s3 = L.MulAdd(L.All(x[3 * width]), v, s3);
                    s4 = L.MulAdd(L.All(x[4 * width]), v, s4);
                    s5 = L.MulAdd(L.All(x[5 * width]), v, s5);
                    s6 = L.MulAdd(L.All(x[6 * width]), v, s6);
                    s7 = L.MulAdd(L.All(x[7 * width]), v, s7);
                }
            }
            else
            {
                s0 = L.Zero;
                s1 = s0;
                s2 = s0;
                s3 = s0;
                s4 = s0;
                s5 = s0;
                s6 = s0;
                s7 = s0;
                var e = columns + j;
                for (long c = 0; c < width; c++, k += padded, e += ts, x++)
                {
                    var v = L.Load(k);
                    s0 = L.MulAdd(L.All(x[0]), L.Add(v, L.Load(e)), s0);
                    s1 = L.MulAdd(L.All(x[width]), L.Add(v, L.Load(e - 1)), s1);
                    s2 = L.MulAdd(L.All(x[2 * width]), L.Add(v, L.Load(e - 2)), s2);
                    s3 = L.MulAdd(L.All(x[3 * width]), L.Add(v, L.Load(e - 3)), s3);
                    s4 = L.MulAdd(L.All(x[4 * width]), L.Add(v, L.Load(e - 4)), s4);
                    s5 = L.MulAdd(L.All(x[5 * width]), L.Add(v, L.Load(e - 5)), s5);
                    s6 = L.MulAdd(L.All(x[6 * width]), L.Add(v, L.Load(e - 6)), s6);
                    s7 = L.MulAdd(L.All(x[7 * width]), L.Add(v, L.Load(e - 7)), s7);
                }
            }
            if (j >= whole)
            {
                s0 = L.WhereInside(s0, j, length, Lowest);
                s1 = L.WhereInside(s1, j, length, Lowest);
                s2 = L.WhereInside(s2, j, length, Lowest);
                s3 = L.WhereInside(s3, j, length, Lowest);
                s4 = L.WhereInside(s4, j, length, Lowest);
                s5 = L.WhereInside(s5, j, length, Lowest);
                s6 = L.WhereInside(s6, j, length, Lowest);
                s7 = L.WhereInside(s7, j, length, Lowest);
            }
            var to = p + j;
            m0 = L.Max(m0, s0);
            L.Store(to, s0);
            m1 = L.Max(m1, s1);
            L.Store(to + rs, s1);
            m2 = L.Max(m2, s2);
            L.Store(to + (2 * rs), s2);
            m3 = L.Max(m3, s3);
            L.Store(to + (3 * rs), s3);
            m4 = L.Max(m4, s4);
            L.Store(to + (4 * rs), s4);
            m5 = L.Max(m5, s5);
            L.Store(to + (5 * rs), s5);
            m6 = L.Max(m6, s6);
            L.Store(to + (6 * rs), s6);
            m7 = L.Max(m7, s7);
            L.Store(to + (7 * rs), s7);
        }
        most[0] = L.Largest(m0);
        most[1] = L.Largest(m1);
        most[2] = L.Largest(m2);
        most[3] = L.Largest(m3);
        most[4] = L.Largest(m4);
        most[5] = L.Largest(m5);
        most[6] = L.Largest(m6);
        most[7] = L.Largest(m7);
    }

    /// <summary>Each row's part of a score that a position beyond the table's reach has, on either side.</summary>
    private static void Far(in AttentionLayout<L, T, V> layout, T* table, T* q, T* before, T* after)
    {
        for (long r = 0; r < Rows; r++)
        {
            before[r] = after[r] = T.Zero;
            for (long c = 0; c < layout.Width; c++)
            {
                var column = table + (c * layout.TableStride) + layout.TableBegin;
                before[r] += q[(r * layout.Width) + c] * column[0];
                after[r] += q[(r * layout.Width) + c] * column[(2 * layout.Length) - 2];
            }
        }
    }

    [MethodImpl(Hot)]
    private static void Exponentials(in AttentionLayout<L, T, V> layout, T* p, T* most, T* total)
    {
        for (long r = 0; r < Rows; r++, p += layout.RowStride)
        {
            V sum = L.Zero,
                top = L.All(most[r]);
            long j = 0;
            for (; j < layout.Whole; j += L.Count)
            {
                var e = Elementary<L, T, V>.ExpBelow(L.Sub(L.Load(p + j), top));
                sum = L.Add(sum, e);
                L.Store(p + j, e);
            }
            for (; j < layout.Padded; j += L.Count)
            {
                var e = L.WhereInside(Elementary<L, T, V>.ExpBelow(L.Sub(L.Load(p + j), top)), j, layout.Length, T.Zero);
                sum = L.Add(sum, e);
                L.Store(p + j, e);
            }
            total[r] = L.Sum(sum);
        }
    }
}
