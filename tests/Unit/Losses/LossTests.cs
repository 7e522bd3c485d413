using SpeechGan.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Losses;

/// <summary>The terms of both losses.</summary>
[RequiresTensorEngine]
internal sealed class LossTests
{
    private DisposeScope scope = null!;
    private Tensor target = null!,
        other = null!;

    [SetUp]
    public void Open()
    {
        scope = NewDisposeScope();
        manual_seed(9);
        (target, other) = (randn([2, 1, 5, 7], float64), randn([2, 1, 5, 7], float64));
    }

    [TearDown]
    public void Close() => scope.Dispose();

    [TestCase(1)]
    [TestCase(2)]
    public void The_real_part_s_term_keeps_the_contract(int seed) =>
        LossContract.Holds(x => RealImaginaryLoss.Of(x, other, target, other), target, seed);

    [TestCase(1)]
    [TestCase(2)]
    public void The_imaginary_part_s_term_keeps_the_contract(int seed) =>
        LossContract.Holds(x => RealImaginaryLoss.Of(other, x, other, target), target, seed);

    [TestCase(1)]
    [TestCase(2)]
    public void The_magnitude_s_term_keeps_the_contract(int seed) => LossContract.Holds(x => MagnitudeLoss.Of(x, target), target, seed);

    [TestCase(1)]
    [TestCase(2)]
    public void The_waveform_s_term_keeps_the_contract(int seed) =>
        LossContract.Holds(x => TimeLoss.Of(x, target.view(2, 35)), target.view(2, 35), seed);

    [TestCase(1)]
    [TestCase(2)]
    public void The_adversarial_term_keeps_the_contract(int seed) => LossContract.Holds(AdversarialLoss.Of, ones([3, 1], float64), seed);

    [TestCase(1, false)]
    [TestCase(2, true)]
    public void The_discriminator_s_terms_keep_the_contract(int seed, bool maskBoth)
    {
        Tensor q = rand([3, 1], float64),
            one = ones([3, 1], float64);
        LossContract.Holds(x => MetricLoss.Of(x, one, q, one, maskBoth), q, seed);
        LossContract.Holds(x => MetricLoss.Of(q, x, q, one, maskBoth), one, seed);
    }

    [Test]
    public void The_longer_clean_signal_is_cut_to_the_estimate() =>
        TimeLoss.Of(target.view(2, 35).narrow(1, 0, 30), target.view(2, 35)).ToDouble().Should().Be(0);

    [Test]
    public void Values_are_means_over_all_elements()
    {
        MagnitudeLoss.Of(target + 2, target).ToDouble().Should().BeApproximately(4, 1e-12);
        RealImaginaryLoss.Of(target + 2, other + 1, target, other).ToDouble().Should().BeApproximately(5, 1e-12);
        TimeLoss.Of(target.view(2, 35) - 3, target.view(2, 35)).ToDouble().Should().BeApproximately(3, 1e-12);
        AdversarialLoss.Of(zeros([4, 1], float64)).ToDouble().Should().Be(1);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_masked_sample_has_no_influence_on_the_metric_term(bool maskBoth)
    {
        Tensor mask = tensor(new[] { 1.0, 0.0, 1.0 }, [3, 1]),
            q = tensor(new[] { 0.2, 0.4, 0.6 }, [3, 1]),
            clean = ones([3, 1], float64);
        Tensor said = tensor(new[] { 0.3, 0.9, 0.5 }, [3, 1]);
        said.requires_grad = true;
        var loss = MetricLoss.Of(said, clean, q, mask, maskBoth);
        loss.ToDouble().Should().BeApproximately(0.01, 1e-12, "(0.1^2 + 0.1^2) / 2");
        autograd.grad([loss], [said])[0].data<double>().ToArray()[1].Should().Be(0);
        MetricLoss.Of(said, clean, tensor(new[] { 0.2, 1e6, 0.6 }, [3, 1]), mask, maskBoth).ToDouble().Should().Be(loss.ToDouble());
    }

    [Test]
    public void The_clean_pair_of_a_masked_sample_counts_unless_both_terms_are_masked()
    {
        Tensor mask = tensor(new[] { 1.0, 0.0 }, [2, 1]),
            q = full([2, 1], 0.5, float64),
            clean = tensor(new[] { 1.0, 0.0 }, [2, 1]);
        MetricLoss.Of(q, clean, q, mask).ToDouble().Should().Be(0.5);
        MetricLoss.Of(q, clean, q, mask, maskBoth: true).ToDouble().Should().Be(0);
    }
}
