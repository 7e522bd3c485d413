using SpeechGan.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Models;

/// <summary>The signal front end.</summary>
[RequiresTensorEngine]
internal sealed class SpectrumTests
{
    private DisposeScope scope = null!;
    private Spectrum spectrum = null!;

    [SetUp]
    public void Open()
    {
        scope = NewDisposeScope();
        spectrum = new Spectrum(float64, CPU);
        manual_seed(5);
    }

    [TearDown]
    public void Close()
    {
        spectrum.Dispose();
        scope.Dispose();
    }

    [TestCase(4000)]
    [TestCase(4030)]
    [TestCase(4099)]
    [TestCase(401)]
    public void Compression_and_its_inverse_give_whole_hops_of_the_signal_back(int samples)
    {
        var signal = randn([2, samples], float64);
        var compressed = spectrum.Compressed(signal);
        compressed.shape.Should().Equal(2, 2, Spectrum.Bins, Spectrum.Frames(samples));
        var back = spectrum.Signal(compressed.narrow(1, 0, 1), compressed.narrow(1, 1, 1));
        back.shape.Should().Equal(2, samples / Spectrum.Hop * Spectrum.Hop);
        (back - signal.narrow(1, 0, back.shape[1])).abs().max().ToDouble().Should().BeLessThan(1e-12);
    }

    [Test]
    public void Compression_is_a_power_of_the_magnitude_and_keeps_the_phase()
    {
        var signal = randn([1, 1000], float64);
        var plain = view_as_real(stft(signal, 400, 100, 400, hamming(), onesided: true, return_complex: true));
        var compressed = spectrum.Compressed(signal);
        Tensor re = plain.select(-1, 0),
            im = plain.select(-1, 1);
        var magnitude = (re.square() + im.square()).sqrt();
        (compressed.select(1, 0) - (magnitude.pow(0.3) * atan2(im, re).cos())).abs().max().ToDouble().Should().BeLessThan(1e-12);
        (compressed.select(1, 1) - (magnitude.pow(0.3) * atan2(im, re).sin())).abs().max().ToDouble().Should().BeLessThan(1e-12);
    }

    [Test]
    public void Overlapping_squared_windows_add_up_to_a_constant()
    {
        // The inverse of a spectrum whose analysis was windowed divides by this sum: constant away from the edges.
        spectrum.Window.allclose(hamming(), 0, 1e-15).Should().BeTrue("it is periodic: 0.08 at sample 0, 1 at sample 200");
        var squared = spectrum.Window.square();
        var sum = squared.view(4, 100).sum([0]); // not sum(0): the literal 0 is an element type, too
        (sum.max().ToDouble() - sum.min().ToDouble()).Should().BeLessThan(1e-12);
        sum[0].ToDouble().Should().BeApproximately(1.5896, 1e-10);
    }

    [Test]
    public void Silence_stays_exactly_silent_with_zero_gradient()
    {
        spectrum.Compressed(zeros([1, 2000], float64)).abs().max().ToDouble().Should().Be(0);
        Tensor real = zeros([1, 1, 201, 21], float64),
            imaginary = zeros([1, 1, 201, 21], float64);
        real.requires_grad = imaginary.requires_grad = true;
        var signal = spectrum.Signal(real, imaginary);
        signal.abs().max().ToDouble().Should().Be(0);
        var g = autograd.grad([signal.sum() + Spectrum.Magnitude(real, imaginary).sum()], [real, imaginary]);
        g[0].abs().max().ToDouble().Should().Be(0);
        g[1].abs().max().ToDouble().Should().Be(0);
    }

    [Test]
    public void A_value_whose_square_underflows_has_a_finite_gradient()
    {
        var single = new Spectrum(float32, CPU);
        Tensor real = full([1, 1, 201, 21], 1e-25, float32),
            imaginary = full([1, 1, 201, 21], -1e-25, float32);
        real.requires_grad = imaginary.requires_grad = true;
        var g = autograd.grad([single.Signal(real, imaginary).sum() + Spectrum.Magnitude(real, imaginary).sum()], [real, imaginary]);
        g[0].isfinite().all().ToBoolean().Should().BeTrue();
        g[1].isfinite().all().ToBoolean().Should().BeTrue();
        single.Dispose();
    }

    [Test]
    public void Normalisation_gives_unit_power_and_leaves_silence()
    {
        var noisy = cat([randn([1, 800], float64) * 0.01, zeros([1, 800], float64)], 0);
        var factor = Spectrum.NormalisationFactor(noisy);
        factor.shape.Should().Equal(2, 1);
        (noisy * factor).square().mean([1]).data<double>().ToArray().Should().Equal([1, 0], (a, b) => Math.Abs(a - b) < 1e-12);
        factor[1, 0].ToDouble().Should().Be(1);
    }

    private static Tensor hamming()
    {
        var n = arange(400, float64);
        return 0.54 - ((n * (2 * Math.PI / 400)).cos() * 0.46);
    }
}
