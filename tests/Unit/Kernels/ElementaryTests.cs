using System.Numerics;
using System.Runtime.Intrinsics;
using SpeechGan.Kernels;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>The kernels' exponential and dropout: right in every lane, the same in every width.</summary>
internal sealed unsafe class ElementaryTests
{
    // A Taylor series of degree 7 on half of ln 2, and the rounding of a few multiplications: two units in the last place.
    [Test]
    public void The_exponential_is_right_to_two_units_in_float() =>
        Worst<Lanes1<float>, float, float>(-87, 88).Should().BeLessThan(2 * Math.Pow(2, -23));

    [Test]
    public void The_exponential_is_right_to_two_units_in_double() =>
        Worst<Lanes1<double>, double, double>(-700, 700).Should().BeLessThan(2 * Math.Pow(2, -52));

    [TestCase(-1e30f)]
    [TestCase(1e30f)]
    [TestCase(float.NegativeInfinity)]
    public void Beyond_its_range_the_exponential_stays_a_normal_number(float x) =>
        float.IsNormal(Elementary<Lanes1<float>, float, float>.Exp(x)).Should().BeTrue();

    // A network whose weight is NaN must have a loss that is not finite, not a gate that is shut.
    [Test]
    public void What_is_not_a_number_stays_so_in_every_lane_and_width()
    {
        NotANumber<Lanes512<float>, float, Vector512<float>>();
        NotANumber<Lanes256<float>, float, Vector256<float>>();
        NotANumber<Lanes128<float>, float, Vector128<float>>();
        NotANumber<Lanes1<float>, float, float>();
        NotANumber<Lanes512<double>, double, Vector512<double>>();
        NotANumber<Lanes256<double>, double, Vector256<double>>();
        NotANumber<Lanes128<double>, double, Vector128<double>>();
        NotANumber<Lanes1<double>, double, double>();

        static void NotANumber<L, T, V>()
            where L : struct, ILanes<T, V>
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where V : struct
        {
            var found = stackalloc T[L.Count];
            L.Store(found, Elementary<L, T, V>.Exp(L.All(T.NaN)));
            for (var i = 0; i < L.Count; i++)
                T.IsNaN(found[i]).Should().BeTrue();
            L.Store(found, Elementary<L, T, V>.Sigmoid(L.All(T.NaN)));
            for (var i = 0; i < L.Count; i++)
                T.IsNaN(found[i]).Should().BeTrue();
        }
    }

    [Test]
    public void Lanes_give_what_single_numbers_give()
    {
        Same<Lanes512<float>, float, Vector512<float>>();
        Same<Lanes256<float>, float, Vector256<float>>();
        Same<Lanes128<float>, float, Vector128<float>>();
        Same<Lanes512<double>, double, Vector512<double>>();
        Same<Lanes256<double>, double, Vector256<double>>();
        Same<Lanes128<double>, double, Vector128<double>>();
    }

    [Test]
    public void An_element_is_kept_or_dropped_whatever_the_width_and_the_number_type()
    {
        var expected = Kept<Lanes1<float>, float, float>();
        expected.Count(k => k).Should().BeInRange(2900, 3500, "four fifths of 4 000, within five standard deviations of 25");
        foreach (
            var found in new[]
            {
                Kept<Lanes512<float>, float, Vector512<float>>(),
                Kept<Lanes256<float>, float, Vector256<float>>(),
                Kept<Lanes128<float>, float, Vector128<float>>(),
                Kept<Lanes512<double>, double, Vector512<double>>(),
                Kept<Lanes256<double>, double, Vector256<double>>(),
                Kept<Lanes128<double>, double, Vector128<double>>(),
                Kept<Lanes1<double>, double, double>(),
            }
        )
            found.Should().Equal(expected);
    }

    private static double Worst<L, T, V>(double from, double to)
        where L : struct, ILanes<T, V>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : struct
    {
        double worst = 0;
        for (var i = 0; i <= 20_000; i++)
        {
            var x = T.CreateTruncating(from + ((to - from) * i / 20_000));
            T found;
            L.Store(&found, Elementary<L, T, V>.Exp(L.All(x)));
            var exact = Math.Exp(double.CreateTruncating(x));
            worst = Math.Max(worst, Math.Abs((double.CreateTruncating(found) / exact) - 1));
        }
        return worst;
    }

    private static void Same<L, T, V>()
        where L : struct, ILanes<T, V>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : struct
    {
        T* numbers = stackalloc T[L.Count],
            found = stackalloc T[L.Count];
        for (var i = 0; i < L.Count; i++)
            numbers[i] = T.CreateTruncating((i * 1.37) - 4);
        L.Store(found, Elementary<L, T, V>.Exp(L.Load(numbers)));
        var sum = 0.0;
        for (var i = 0; i < L.Count; i++)
        {
            found[i].Should().Be(Elementary<Lanes1<T>, T, T>.Exp(numbers[i]));
            sum += double.CreateTruncating(numbers[i]);
        }
        double.CreateTruncating(L.Sum(L.Load(numbers))).Should().BeApproximately(sum, 1e-5);
        L.Largest(L.Load(numbers)).Should().Be(numbers[L.Count - 1]);
        L.Store(found, L.WhereInside(L.Load(numbers), 10, 12, T.Zero));
        for (var i = 0; i < L.Count; i++)
            found[i].Should().Be(10 + i < 12 ? numbers[i] : T.Zero);
    }

    private static bool[] Kept<L, T, V>()
        where L : struct, ILanes<T, V>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where V : struct
    {
        const int count = 4000;
        var dropout = Dropout<T>.Of(0.2, seed: 9, block: 3);
        double.CreateTruncating(dropout.Scale).Should().BeApproximately(1.25, 1e-6);
        var kept = new bool[count];
        var lanes = stackalloc T[L.Count];
        for (var i = 0; i < count; i += L.Count)
        {
            L.Store(lanes, L.Kept(dropout, (uint)i));
            for (var j = 0; j < L.Count && i + j < count; j++)
                kept[i + j] = lanes[j] != T.Zero;
        }
        return kept;
    }
}
