using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Attention;

/// <summary>The backward pass of <see cref="AttentionForward{L, T, V}"/>: the scores are made again, eight rows at a time.</summary>
internal static unsafe class AttentionBackward<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
    private const int Rows = AttentionLayout<L, T, V>.Rows;

    /// <summary>Sets the gradients of a head's queries, keys and values; adds to the table's.</summary>
    /// <param name="head">Queries, keys and values.</param>
    /// <param name="table">As <see cref="AttentionLayout{L, T, V}.ReverseTable"/> made it.</param>
    /// <param name="logSums">`[length]`, from the forward pass.</param>
    /// <param name="output">The outputs, rows <paramref name="stride"/> apart.</param>
    /// <param name="goutput">Their gradient, laid out as they are.</param>
    /// <param name="stride">Distance of the outputs' rows.</param>
    /// <param name="scratch"><see cref="AttentionLayout{L, T, V}.Scratch"/> numbers.</param>
    /// <param name="gradient">Where the gradients of queries, keys and values go: laid out as the head itself.</param>
    /// <param name="gtable">Laid out as the table, added to.</param>
    public static void Run(
        in AttentionHead<T> head,
        T* table,
        T* logSums,
        T* output,
        T* goutput,
        long stride,
        T* scratch,
        in AttentionHead<T> gradient,
        T* gtable
    )
    {
        var layout = new AttentionLayout<L, T, V>(head.Length, head.Width);
        long width = layout.Width,
            length = layout.Length,
            matrix = width * layout.Padded,
            rows = Rows * layout.RowStride;
        T* key = scratch,
            value = key + matrix,
            gkey = value + matrix,
            gvalue = gkey + matrix,
            p = gvalue + matrix,
            w = p + rows,
            q = w + (2 * rows),
            go = q + (Rows * width),
            gq = go + (Rows * width),
            sums = stackalloc T[Rows],
            means = stackalloc T[Rows];
        layout.Transpose(head, head.Key, key);
        layout.Transpose(head, head.Value, value);
        new Span<T>(gkey, checked((int)(2 * matrix))).Clear();
        new Span<T>(w, checked((int)(2 * rows))).Clear(); // a row's margin is the end of the one before
        w += AttentionLayout<L, T, V>.RowBegin;
        for (long begin = 0; begin < length; begin += Rows)
        {
            // The last block lies over the one before: what was done already counts as 0.
            var i = Math.Max(0, Math.Min(begin, length - Rows));
            long count = Math.Min(Rows, length - i),
                done = begin - i;
            layout.Gather(head, count, head.Query + (i * head.Stride), head.Stride, head.Scale, q);
            layout.Gather(head, count, goutput + (i * stride), stride, T.One, go);
            new Span<T>(go, checked((int)(done * width))).Clear();
            for (long r = 0; r < Rows; r++)
            {
                sums[r] = r < count ? logSums[i + r] : T.Zero;
                // The mean of a row's gradients under its probabilities is the output's product with its gradient (Dao et al., 2022,
                // section B.2).
                means[r] = T.Zero;
                for (long c = 0; r < count && c < head.Width; c++)
                    means[r] += go[(r * width) + c] * output[((i + r) * stride) + c];
            }
            var columns = table + layout.TableBegin + length - 1 - i;
            Scores(layout, key, value, columns, q, go, sums, means, p, w);
            AttentionSums<L, T, V>.ContractKeys(layout, w, key, columns, gq);
            Outer(layout, q, go, w, p, gkey, gvalue);
            Table(layout, q, w - (Rows - 1), gtable + layout.TableBegin + length - 1 - i - (Rows - 1));
            for (var r = done; r < count; r++)
            for (long c = 0; c < head.Width; c++)
                gradient.Query[((i + r) * head.Stride) + c] = gq[(r * width) + c] * head.Scale;
        }
        layout.TransposeBack(head, gkey, gradient.Key);
        layout.TransposeBack(head, gvalue, gradient.Value);
    }

    /// <summary>Probabilities p, and the scores' gradients w = p * (gp - mean) where gp is the gradient of p.</summary>
    [MethodImpl(Hot)]
    private static void Scores(
        in AttentionLayout<L, T, V> layout,
        T* key,
        T* value,
        T* columns,
        T* q,
        T* go,
        T* logSums,
        T* means,
        T* p,
        T* w
    )
    {
        long padded = layout.Padded,
            width = layout.Width,
            ts = layout.TableStride,
            rs = layout.RowStride,
            length = layout.Length,
            whole = layout.Whole;
        for (long j = 0; j < padded; j += L.Count)
        {
            V s0 = L.Zero,
                s1 = s0,
                s2 = s0,
                s3 = s0,
                s4 = s0,
                s5 = s0,
                s6 = s0,
                s7 = s0;
            V g0 = s0,
                g1 = s0,
                g2 = s0,
                g3 = s0,
                g4 = s0,
                g5 = s0,
                g6 = s0,
                g7 = s0;
            T* k = key + j,
                v = value + j,
                e = columns + j,
                x = q,
                y = go;
            for (long c = 0; c < width; c++, k += padded, v += padded, e += ts, x++, y++)
            {
                V a = L.Load(k),
                    b = L.Load(v);
                s0 = L.MulAdd(L.All(x[0]), L.Add(a, L.Load(e)), s0);
                g0 = L.MulAdd(L.All(y[0]), b, g0);
                s1 = L.MulAdd(L.All(x[width]), L.Add(a, L.Load(e - 1)), s1);
                g1 = L.MulAdd(L.All(y[width]), b, g1);
                s2 = L.MulAdd(L.All(x[2 * width]), L.Add(a, L.Load(e - 2)), s2);
                g2 = L.MulAdd(L.All(y[2 * width]), b, g2);
                s3 = L.MulAdd(L.All(x[3 * width]), L.Add(a, L.Load(e - 3)), s3);
                g3 = L.MulAdd(L.All(y[3 * width]), b, g3);
                s4 = L.MulAdd(L.All(x[4 * width]), L.Add(a, L.Load(e - 4)), s4);
                g4 = L.MulAdd(L.All(y[4 * width]), b, g4);
                s5 = L.MulAdd(L.All(x[5 * width]), L.Add(a, L.Load(e - 5)), s5);
                g5 = L.MulAdd(L.All(y[5 * width]), b, g5);
                s6 = L.MulAdd(L.All(x[6 * width]), L.Add(a, L.Load(e - 6)), s6);
                g6 = L.MulAdd(L.All(y[6 * width]), b, g6);
                s7 = L.MulAdd(L.All(x[7 * width]), L.Add(a, L.Load(e - 7)), s7);
                g7 = L.MulAdd(L.All(y[7 * width]), b, g7);
            }
            var end = j >= whole;
            Probability(s0, g0, logSums[0], means[0], p + j, w + j, end, j, length);
            Probability(s1, g1, logSums[1], means[1], p + rs + j, w + rs + j, end, j, length);
            Probability(s2, g2, logSums[2], means[2], p + (2 * rs) + j, w + (2 * rs) + j, end, j, length);
            Probability(s3, g3, logSums[3], means[3], p + (3 * rs) + j, w + (3 * rs) + j, end, j, length);
            Probability(s4, g4, logSums[4], means[4], p + (4 * rs) + j, w + (4 * rs) + j, end, j, length);
            Probability(s5, g5, logSums[5], means[5], p + (5 * rs) + j, w + (5 * rs) + j, end, j, length);
            Probability(s6, g6, logSums[6], means[6], p + (6 * rs) + j, w + (6 * rs) + j, end, j, length);
            Probability(s7, g7, logSums[7], means[7], p + (7 * rs) + j, w + (7 * rs) + j, end, j, length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Probability(V score, V gradient, T logSum, T mean, T* p, T* w, bool end, long j, long length)
    {
        var e = Elementary<L, T, V>.ExpBelow(L.Sub(score, L.All(logSum)));
        if (end)
            e = L.WhereInside(e, j, length, T.Zero);
        L.Store(p, e);
        L.Store(w, L.Mul(e, L.Sub(gradient, L.All(mean))));
    }

    /// <summary>gkey[c][j] += q[r][c] w[r][j], gvalue[c][j] += go[r][c] p[r][j], over the eight rows.</summary>
    [MethodImpl(Hot)]
    private static void Outer(in AttentionLayout<L, T, V> layout, T* q, T* go, T* w, T* p, T* gkey, T* gvalue)
    {
        long padded = layout.Padded,
            width = layout.Width,
            rs = layout.RowStride;
        for (long j = 0; j < padded; j += L.Count)
        {
            var a0 = L.Load(w + j);
            var a1 = L.Load(w + rs + j);
            var a2 = L.Load(w + (2 * rs) + j);
            var a3 = L.Load(w + (3 * rs) + j);
            var a4 = L.Load(w + (4 * rs) + j);
            var a5 = L.Load(w + (5 * rs) + j);
            var a6 = L.Load(w + (6 * rs) + j);
            var a7 = L.Load(w + (7 * rs) + j);
            var b0 = L.Load(p + j);
            var b1 = L.Load(p + rs + j);
            var b2 = L.Load(p + (2 * rs) + j);
            var b3 = L.Load(p + (3 * rs) + j);
            var b4 = L.Load(p + (4 * rs) + j);
            var b5 = L.Load(p + (5 * rs) + j);
            var b6 = L.Load(p + (6 * rs) + j);
            var b7 = L.Load(p + (7 * rs) + j);
            T* gk = gkey + j,
                gv = gvalue + j,
                x = q,
                y = go;
            for (long c = 0; c < width; c++, gk += padded, gv += padded, x++, y++)
            {
                V k = L.Load(gk),
                    v = L.Load(gv);
                k = L.MulAdd(L.All(x[0]), a0, k);
                v = L.MulAdd(L.All(y[0]), b0, v);
                k = L.MulAdd(L.All(x[width]), a1, k);
                v = L.MulAdd(L.All(y[width]), b1, v);
                k = L.MulAdd(L.All(x[2 * width]), a2, k);
                v = L.MulAdd(L.All(y[2 * width]), b2, v);
                k = L.MulAdd(L.All(x[3 * width]), a3, k);
                v = L.MulAdd(L.All(y[3 * width]), b3, v);
                k = L.MulAdd(L.All(x[4 * width]), a4, k);
                v = L.MulAdd(L.All(y[4 * width]), b4, v);
                k = L.MulAdd(L.All(x[5 * width]), a5, k);
                v = L.MulAdd(L.All(y[5 * width]), b5, v);
                k = L.MulAdd(L.All(x[6 * width]), a6, k);
                v = L.MulAdd(L.All(y[6 * width]), b6, v);
                k = L.MulAdd(L.All(x[7 * width]), a7, k);
                v = L.MulAdd(L.All(y[7 * width]), b7, v);
                L.Store(gk, k);
                L.Store(gv, v);
            }
        }
    }

    /// <summary>Column t of the table meets position j = t - (length - 1 - i - r) of row r: the rows' margins give zeros outside.</summary>
    [MethodImpl(Hot)]
    private static void Table(in AttentionLayout<L, T, V> layout, T* q, T* shifted, T* columns)
    {
        long width = layout.Width,
            rs = layout.RowStride,
            ts = layout.TableStride;
        for (long t = 0; t < layout.Length + Rows - 1; t += L.Count)
        {
            var s = shifted + t;
            var a0 = L.Load(s);
            var a1 = L.Load(s + rs + 1);
            var a2 = L.Load(s + (2 * rs) + 2);
            var a3 = L.Load(s + (3 * rs) + 3);
            var a4 = L.Load(s + (4 * rs) + 4);
            var a5 = L.Load(s + (5 * rs) + 5);
            var a6 = L.Load(s + (6 * rs) + 6);
            var a7 = L.Load(s + (7 * rs) + 7);
            T* g = columns + t,
                x = q;
            for (long c = 0; c < width; c++, g += ts, x++)
            {
                var k = L.Load(g);
                k = L.MulAdd(L.All(x[0]), a0, k);
                k = L.MulAdd(L.All(x[width]), a1, k);
                k = L.MulAdd(L.All(x[2 * width]), a2, k);
                k = L.MulAdd(L.All(x[3 * width]), a3, k);
                k = L.MulAdd(L.All(x[4 * width]), a4, k);
                k = L.MulAdd(L.All(x[5 * width]), a5, k);
                k = L.MulAdd(L.All(x[6 * width]), a6, k);
                k = L.MulAdd(L.All(x[7 * width]), a7, k);
                L.Store(g, k);
            }
        }
    }
}
