using SpeechGan.Dsp;

namespace SpeechGan.Tests.Unit.Dsp;

public sealed class FftTests
{
    // Rounding grows with log2 N; 4e-15 is eight times the largest error seen up to 65536 points on samples below one (scaled by sqrt N).
    private const double Rounding = 4e-15;

    private static readonly int[] Sizes = [1, 2, 4, 8, 16, 32, 64, 256, 512, 1024, 2048];

    [Test]
    public void An_impulse_has_a_flat_spectrum([Values(2, 4, 8, 16, 512, 1024)] int size)
    {
        var (re, im, work) = Arrays(size);
        re[0] = 1;
        Fft.For(size).Forward(re, im, work);
        re.Should().OnlyContain(x => x == 1.0);
        im.Should().OnlyContain(x => x == 0.0);
    }

    [Test]
    public void A_constant_has_only_a_first_bin([Values(2, 4, 8, 16, 512, 1024)] int size)
    {
        var (re, im, work) = Arrays(size);
        Array.Fill(re, 1.0);
        Fft.For(size).Forward(re, im, work);
        re[0].Should().Be(size);
        re.Skip(1).Concat(im).Should().OnlyContain(x => Math.Abs(x) < size * Rounding);
    }

    [TestCaseSource(nameof(Sizes))]
    public void The_transform_equals_its_definition(int size)
    {
        var (re, im, work) = Random(size);
        double[] r = [.. re],
            i = [.. im];
        Fft.For(size).Forward(re, im, work);
        for (int k = 0; k < Math.Min(size, 40); k++)
        {
            double sr = 0,
                si = 0;
            for (int n = 0; n < size; n++)
            {
                var (sin, cos) = Math.SinCos(-2 * Math.PI * ((long)k * n % size) / size);
                sr += r[n] * cos - i[n] * sin;
                si += r[n] * sin + i[n] * cos;
            }

            re[k].Should().BeApproximately(sr, 1e-14 * size, $"real part of bin {k} of {size}");
            im[k].Should().BeApproximately(si, 1e-14 * size, $"imaginary part of bin {k} of {size}");
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public void The_inverse_gives_the_signal_back(int size)
    {
        var (re, im, work) = Random(size);
        double[] r = [.. re],
            i = [.. im];
        Fft.For(size).Forward(re, im, work);
        Fft.For(size).InverseUnscaled(re, im, work);
        for (int n = 0; n < size; n++)
        {
            (re[n] / size).Should().BeApproximately(r[n], Rounding);
            (im[n] / size).Should().BeApproximately(i[n], Rounding);
        }
    }

    [TestCaseSource(nameof(Sizes))]
    public void Energy_is_preserved(int size)
    {
        var (re, im, work) = Random(size);
        double before = re.Sum(x => x * x) + im.Sum(x => x * x);
        Fft.For(size).Forward(re, im, work);
        double after = re.Sum(x => x * x) + im.Sum(x => x * x);
        (after / size).Should().BeApproximately(before, before * Rounding);
    }

    [Test]
    public void A_real_transform_equals_the_complex_one([Values(4, 8, 16, 256, 512, 1024, 8192)] int size)
    {
        var (re, im, work) = Random(size);
        Array.Clear(im);
        RealFft real = RealFft.For(size);
        double[] xr = new double[real.Bins],
            xi = new double[real.Bins];
        real.Forward(re, xr, xi, new double[real.WorkspaceLength]);
        Fft.For(size).Forward(re, im, work);
        for (int b = 0; b < real.Bins; b++)
        {
            xr[b].Should().BeApproximately(re[b], Rounding * Math.Sqrt(size), $"bin {b}");
            xi[b].Should().BeApproximately(im[b], Rounding * Math.Sqrt(size), $"bin {b}");
        }
    }

    [Test]
    public void A_real_inverse_gives_the_signal_back([Values(4, 8, 16, 256, 1024, 65536)] int size, [Values(0, 1)] int missing)
    {
        RealFft fft = RealFft.For(size);
        double[] signal = Random(size).Re[missing..],
            back = new double[size - missing];
        double[] re = new double[fft.Bins],
            im = new double[fft.Bins],
            work = new double[fft.WorkspaceLength];
        fft.Forward(signal, re, im, work);
        fft.Inverse(re, im, back, work);
        for (int n = 0; n < back.Length; n++)
            back[n].Should().BeApproximately(signal[n], Rounding);
    }

    [Test]
    public void A_plan_is_built_once_and_shared_by_threads()
    {
        Fft[] plans = [.. Enumerable.Range(0, 64).AsParallel().WithDegreeOfParallelism(8).Select(_ => Fft.For(4096))];
        plans.Distinct().Should().ContainSingle();
    }

    [Test]
    public void Another_size_than_a_power_of_two_is_refused([Values(0, -4, 3, 1000)] int size)
    {
        FluentActions
            .Invoking(() => Fft.For(size))
            .Should()
            .Throw<ArgumentOutOfRangeException>()
            .WithMessage($"*power of two*not {size}.*");
        FluentActions.Invoking(() => RealFft.For(size)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void Arrays_that_are_too_short_are_refused()
    {
        FluentActions
            .Invoking(() => Fft.For(16).Forward(new double[16], new double[15], new double[32]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*16 points*16 and 15*");
        FluentActions
            .Invoking(() => Fft.For(16).Forward(new double[16], new double[16], new double[31]))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*31 doubles, 32 are needed*");
    }

    private static (double[] Re, double[] Im, double[] Work) Arrays(int size) => (new double[size], new double[size], new double[2 * size]);

    private static (double[] Re, double[] Im, double[] Work) Random(int size)
    {
        var random = new Random(size);
        var (re, im, work) = Arrays(size);
        for (int n = 0; n < size; n++)
            (re[n], im[n]) = (random.NextDouble() - 0.5, random.NextDouble() - 0.5);
        return (re, im, work);
    }
}
