using System.Numerics;
using System.Runtime.Intrinsics;
using SpeechGan.Kernels;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>The matrix product against three loops in double, for each vector width and number type: any sizes, any distances, added or
/// set.</summary>
internal sealed unsafe class MatrixProductTests
{
    private const int Seed = 5,
        Products = 300;

    // Sums of up to 30 terms below 1/4.
    [Test]
    public void A_product_is_that_of_three_loops_in_float([Values] VectorWidth width) =>
        Largest<float>(width).Should().BeLessThan(30 * 0.25 * Math.Pow(2, -23));

    [Test]
    public void A_product_is_that_of_three_loops_in_double([Values] VectorWidth width) =>
        Largest<double>(width).Should().BeLessThan(30 * 0.25 * Math.Pow(2, -52));

    private static double Largest<T>(VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!VectorWidths.Has(width))
            Assert.Ignore($"this processor has no vectors of {width}");
        TestContext.Out.WriteLine($"seed {Seed}");
        return width switch
        {
            VectorWidth.Bits512 => Largest<Lanes512<T>, T, Vector512<T>>(),
            VectorWidth.Bits256 => Largest<Lanes256<T>, T, Vector256<T>>(),
            _ => Largest<Lanes128<T>, T, Vector128<T>>(),
        };
    }

    private static double Largest<L, T, V>()
        where L : struct, ILanes<T, V>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : struct
    {
        var random = new Random(Seed);
        double largest = 0;
        for (var i = 0; i < Products; i++)
        {
            // Now and then more rows than one sweep over the panels takes.
            int m = i % 50 == 0 ? 1000 + random.Next(100) : random.Next(1, 40),
                n = random.Next(1, 80),
                k = random.Next(1, 30),
                gap = random.Next(4);
            bool transposedA = random.Next(2) == 0,
                transposedB = random.Next(2) == 0,
                add = random.Next(2) == 0;
            double[] a = Values(random, m * k),
                b = Values(random, k * n),
                c = Values(random, m * (n + gap));
            T[] left = Numbers<T>(a),
                right = Numbers<T>(b),
                result = Numbers<T>(c);
            using var packed = new NativeArray<T>(MatrixProduct<L, T, V>.Packed(k, n));
            fixed (
                T* pa = left,
                    pb = right,
                    pc = result
            )
            {
                MatrixProduct<L, T, V>.Pack(k, n, pb, transposedB ? 1 : n, transposedB ? k : 1, packed.Pointer);
                MatrixProduct<L, T, V>.Multiply(m, n, k, pa, transposedA ? 1 : k, transposedA ? m : 1, packed.Pointer, add, pc, n + gap);
            }
            for (var row = 0; row < m; row++)
            for (var column = 0; column < n + gap; column++)
            {
                var at = (row * (n + gap)) + column;
                var sum = column >= n || add ? c[at] : 0; // beyond the columns nothing is written
                for (var q = 0; column < n && q < k; q++)
                    sum += a[transposedA ? (q * m) + row : (row * k) + q] * b[transposedB ? (column * k) + q : (q * n) + column];
                largest = Math.Max(largest, Math.Abs(sum - double.CreateTruncating(result[at])));
            }
        }
        return largest;
    }

    // Numbers that float holds exactly, so that the loops in double see the same.
    private static double[] Values(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (double)(float)(random.NextDouble() - 0.5))];

    private static T[] Numbers<T>(double[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. values.Select(T.CreateTruncating)];
}
