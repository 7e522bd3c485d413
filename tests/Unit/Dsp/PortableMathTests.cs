using System.Runtime.Intrinsics;
using SpeechGan.Dsp;

namespace SpeechGan.Tests.Unit.Dsp;

public sealed class PortableMathTests
{
    // glibc's own functions are within 1 ulp of the truth, ours within 1 (2 for the power's products): so 2 and the documented bound.
    [Test]
    public void Exp_is_within_two_ulp_of_the_library()
    {
        var random = new Random(1);
        double worst = 0;
        for (int i = 0; i < 200_000; i++)
        {
            double x = (random.NextDouble() - 0.5) * 1400;
            worst = Math.Max(worst, Ulps(PortableMath.Exp(x), Math.Exp(x)));
        }

        TestContext.Out.WriteLine($"worst {worst} ulp");
        worst.Should().BeLessThanOrEqualTo(2);
    }

    [Test]
    public void Log_is_within_two_ulp_of_the_library()
    {
        var random = new Random(2);
        double worst = 0;
        for (int i = 0; i < 200_000; i++)
        {
            double x =
                i % 2 == 0 ? Math.Exp((random.NextDouble() - 0.5) * 1400) : 1 + (random.NextDouble() - 0.5) * Math.Pow(2, -random.Next(50));
            worst = Math.Max(worst, Ulps(PortableMath.Log(x), Math.Log(x)));
        }

        TestContext.Out.WriteLine($"worst {worst} ulp");
        worst.Should().BeLessThanOrEqualTo(2);
    }

    [Test]
    public void Pow_is_within_its_documented_bound()
    {
        var random = new Random(3);
        for (int i = 0; i < 100_000; i++)
        {
            double x = Math.Exp((random.NextDouble() - 0.5) * 60),
                y = random.NextDouble() * 2;
            Ulps(PortableMath.Pow(x, y), Math.Pow(x, y)).Should().BeLessThanOrEqualTo(3 + Math.Abs(y * Math.Log(x)), $"{x}^{y}");
        }
    }

    [Test]
    public void Four_powers_at_once_have_the_bits_of_one()
    {
        var random = new Random(4);
        for (int i = 0; i < 20_000; i++)
        {
            double x = Math.Exp((random.NextDouble() - 0.5) * 120),
                y = (random.NextDouble() - 0.5) * 4;
            var four = PortableMath.Pow(Vector256.Create(x), Vector256.Create(y));
            four[0].Should().Be(PortableMath.Pow(x, y), $"{x}^{y}");
            four[3].Should().Be(four[0]);
        }
    }

    [Test]
    public void SinCosOfTurn_is_within_two_ulp_of_the_library_where_its_argument_is_exact_enough()
    {
        for (long n = 1; n <= 4096; n *= 2)
        {
            for (long k = 0; k <= n / 8; k++)
            {
                double x = 2 * Math.PI * k / n;
                var (sin, cos) = PortableMath.SinCosOfTurn(k, n);
                Ulps(sin, Math.Sin(x)).Should().BeLessThanOrEqualTo(2, $"sine of {k}/{n}");
                Ulps(cos, Math.Cos(x)).Should().BeLessThanOrEqualTo(2, $"cosine of {k}/{n}");
            }
        }
    }

    [TestCase(0, 4, 0.0, 1.0)]
    [TestCase(1, 4, 1.0, 0.0)]
    [TestCase(2, 4, 0.0, -1.0)]
    [TestCase(3, 4, -1.0, 0.0)]
    [TestCase(5, 4, 1.0, 0.0)]
    [TestCase(-1, 4, -1.0, 0.0)]
    public void Quarter_turns_are_exact(int k, int n, double sin, double cos) => PortableMath.SinCosOfTurn(k, n).Should().Be((sin, cos));

    [Test]
    public void All_octants_agree_with_the_library()
    {
        for (int k = -40; k < 80; k++)
        {
            var (sin, cos) = PortableMath.SinCosOfTurn(k, 37);
            sin.Should().BeApproximately(Math.Sin(2 * Math.PI * k / 37), 4e-15);
            cos.Should().BeApproximately(Math.Cos(2 * Math.PI * k / 37), 4e-15);
        }
    }

    [Test]
    public void Edges_are_those_of_the_functions()
    {
        PortableMath.Exp(0).Should().Be(1);
        PortableMath.Exp(double.NegativeInfinity).Should().Be(0);
        PortableMath.Exp(710).Should().Be(double.PositiveInfinity);
        PortableMath.Exp(double.NaN).Should().Be(double.NaN);
        PortableMath.Exp(-740).Should().BeApproximately(Math.Exp(-740), 1e-323);
        PortableMath.Log(1).Should().Be(0);
        PortableMath.Log(0).Should().Be(double.NegativeInfinity);
        PortableMath.Log(-1).Should().Be(double.NaN);
        PortableMath.Log(double.Epsilon).Should().BeApproximately(Math.Log(double.Epsilon), 1e-12);
        PortableMath.Pow(0, 0.5).Should().Be(0);
        PortableMath.Decibel(100).Should().BeApproximately(20, 1e-14);
    }

    private static double Ulps(double actual, double expected) =>
        actual == expected ? 0 : Math.Abs(actual - expected) / Math.Max(Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected), 5e-324);
}
