using System.Numerics;
using System.Runtime.CompilerServices;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels.Convolution;

/// <summary>
/// InstanceNorm (Ulyanov et al., 2016) and PReLU of one plane of numbers: u = (x - mean) * scale + bias, y = u where u is above 0, slope *
/// u elsewhere. Sums are taken over stretches of the plane and joined in double.
/// </summary>
internal static unsafe class PlaneNorm<L, T, V>
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization,
        Inline = MethodImplOptions.AggressiveInlining;
    private const long Stretch = 1024;

    /// <summary>Mean and biased variance.</summary>
    public static (double Mean, double Variance) Moments(long count, T* x)
    {
        double mean = 0,
            squares = 0;
        for (long i = 0; i < count; i += Stretch)
        {
            var n = Math.Min(Stretch, count - i);
            var (m, q) = StretchMoments(n, x + i);
            // Chan et al., 1979.
            var d = m - mean;
            mean += d * n / (i + n);
            squares += q + (d * d * i * n / (i + n));
        }
        return (mean, squares / count);
    }

    /// <summary>Sets y.</summary>
    [MethodImpl(Hot)]
    public static void Forward(long count, T* x, in Plane plane, T* y)
    {
        long i = 0;
        for (; i + L.Count <= count; i += L.Count)
            Step<L, V>(x + i, plane, y + i);
        for (; i < count; i++)
            Step<Lanes1<T>, T>(x + i, plane, y + i);
    }

    /// <summary>Sums over the plane: of the gradient of u, of it times the normalised x, and the slope's gradient.</summary>
    public static (double Sum, double Product, double Slope) BackwardSums(long count, T* x, in Plane plane, T* gy)
    {
        double sum = 0,
            product = 0,
            slope = 0;
        for (long i = 0; i < count; i += Stretch)
        {
            var (s, p, d) = StretchSums(Math.Min(Stretch, count - i), x + i, plane, gy + i);
            sum += double.CreateTruncating(s);
            product += double.CreateTruncating(p);
            slope += double.CreateTruncating(d);
        }
        return (sum, product, slope);
    }

    /// <summary>Sets the gradient of x.</summary>
    [MethodImpl(Hot)]
    public static void Backward(long count, T* x, in Plane plane, T meanSum, T meanProduct, T* gy, T* gx)
    {
        long i = 0;
        for (; i + L.Count <= count; i += L.Count)
            Back<L, V>(x + i, plane, meanSum, meanProduct, gy + i, gx + i);
        for (; i < count; i++)
            Back<Lanes1<T>, T>(x + i, plane, meanSum, meanProduct, gy + i, gx + i);
    }

    [MethodImpl(Hot)]
    private static (double Mean, double Squares) StretchMoments(long n, T* x)
    {
        var sums = L.Zero;
        var sum = T.Zero;
        long i = 0;
        for (; i + L.Count <= n; i += L.Count)
            sums = L.Add(sums, L.Load(x + i));
        for (; i < n; i++)
            sum += x[i];
        var mean = (L.Sum(sums) + sum) / T.CreateTruncating(n);
        (sums, sum) = (L.Zero, T.Zero);
        for (i = 0; i + L.Count <= n; i += L.Count)
        {
            var d = L.Sub(L.Load(x + i), L.All(mean));
            sums = L.MulAdd(d, d, sums);
        }
        for (; i < n; i++)
            sum += (x[i] - mean) * (x[i] - mean);
        return (double.CreateTruncating(mean), double.CreateTruncating(L.Sum(sums) + sum));
    }

    [MethodImpl(Hot)]
    private static (T Sum, T Product, T Slope) StretchSums(long n, T* x, in Plane plane, T* gy)
    {
        V sums = L.Zero,
            products = L.Zero,
            slopes = L.Zero;
        T sum = T.Zero,
            product = T.Zero,
            slope = T.Zero;
        long i = 0;
        for (; i + L.Count <= n; i += L.Count)
            Accumulate<L, V>(x + i, plane, gy + i, ref sums, ref products, ref slopes);
        for (; i < n; i++)
            Accumulate<Lanes1<T>, T>(x + i, plane, gy + i, ref sum, ref product, ref slope);
        return (L.Sum(sums) + sum, L.Sum(products) + product, L.Sum(slopes) + slope);
    }

    [MethodImpl(Inline)]
    private static void Step<M, W>(T* x, in Plane plane, T* y)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        var u = Normalised<M, W>(M.Load(x), plane);
        M.Store(y, M.WherePositive(u, u, M.Mul(u, M.All(plane.Slope))));
    }

    // The mean is taken away first: x * scale + (bias - mean * scale) would lose digits where the mean is large.
    [MethodImpl(Inline)]
    private static W Normalised<M, W>(W x, in Plane plane)
        where M : struct, ILanes<T, W>
        where W : struct => M.MulAdd(M.Sub(x, M.All(plane.Mean)), M.All(plane.Scale), M.All(plane.Bias));

    [MethodImpl(Inline)]
    private static void Accumulate<M, W>(T* x, in Plane plane, T* gy, ref W sum, ref W product, ref W slope)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        W v = M.Load(x),
            g = M.Load(gy),
            u = Normalised<M, W>(v, plane);
        slope = M.Add(slope, M.WherePositive(u, M.Zero, M.Mul(g, u)));
        var gu = M.WherePositive(u, g, M.Mul(g, M.All(plane.Slope)));
        sum = M.Add(sum, gu);
        product = M.MulAdd(gu, M.Mul(M.Sub(v, M.All(plane.Mean)), M.All(plane.Deviation)), product);
    }

    [MethodImpl(Inline)]
    private static void Back<M, W>(T* x, in Plane plane, T meanSum, T meanProduct, T* gy, T* gx)
        where M : struct, ILanes<T, W>
        where W : struct
    {
        W v = M.Load(x),
            g = M.Load(gy),
            u = Normalised<M, W>(v, plane);
        var gu = M.WherePositive(u, g, M.Mul(g, M.All(plane.Slope)));
        var normal = M.Mul(M.Sub(v, M.All(plane.Mean)), M.All(plane.Deviation));
        M.Store(gx, M.Mul(M.All(plane.Scale), M.Sub(M.Sub(gu, M.All(meanSum)), M.Mul(normal, M.All(meanProduct)))));
    }

    /// <summary>A plane's normalisation and slope.</summary>
    /// <param name="Mean">Of the plane.</param>
    /// <param name="Deviation">1 / sqrt(variance + eps).</param>
    /// <param name="Scale">weight * deviation.</param>
    /// <param name="Bias">The norm's.</param>
    /// <param name="Slope">PReLU's.</param>
    internal readonly record struct Plane(T Mean, T Deviation, T Scale, T Bias, T Slope);
}
