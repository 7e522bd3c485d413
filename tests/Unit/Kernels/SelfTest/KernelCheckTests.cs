using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Kernels.SelfTest;

/// <summary>Each check finds what is planted in its operator.</summary>
[RequiresTensorEngine]
internal sealed class KernelCheckTests
{
    private static readonly RunConfig Tiny = Presets.Find("tiny");

    private static IEnumerable<TestCaseData> Checks() =>
        new NetworkChecks(Tiny, TestPurpose.Training)
            .Of(KernelChoice.Operators)
            .Select(c => new TestCaseData(c).SetArgDisplayNames($"{c.Operator}, {c.Shape}"));

    [TestCaseSource(nameof(Checks)), WithoutOneDnn]
    public void A_planted_error_is_found_and_told_from_rounding(object given)
    {
        var check = (KernelCheck)given;
        var limit = CheckLimit.Of(check.Terms, float32, CPU);
        var planted = new (string Where, Func<Tensor, Tensor> Result, Action<Tensor>? Gradient)[]
        {
            ("nothing", y => y, null),
            ("a result's one place, by a hundredth of the largest", y => y + One(y, 0.01), null),
            ("bfloat16's rounding", y => y.to(bfloat16).to(float32), null),
            ("one number that is none", y => y + One(y, double.NaN), null),
            ("a result of another shape", y => y.unsqueeze(0), null),
            ("one channel of the input's gradient", y => y, g => g.select(1, 0).mul_(1.5)),
            ("one number of the input's gradient", y => y, g => g.view(-1)[3] = double.NaN),
            ("half of the gradient missing", y => y, g => g.narrow(1, 0, Math.Max(1, g.shape[1] / 2)).zero_()),
        };
        foreach (var (where, result, gradient) in planted)
        {
            if (gradient is not null && !check.Gradients)
                continue;
            var record = (check with { Tested = k => new Faulty(check.Tested(k), result, gradient), Reference = check.Reference }).Run(
                new OperatorKernels(),
                float32,
                CPU,
                limit
            );
            TestContext.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{where}: forward {record.Forward:E1}, gradient {record.Gradient:E1}, limit {limit:E1}: {record.Fault ?? "right"}"
                )
            );
            record.Right.Should().Be(where == "nothing", where);
            if (gradient is not null && record.Forward is not null)
                record.Fault.Should().StartWith("the gradient of input ");
        }
    }

    [Test]
    public void Synchronised_BatchNorm_has_the_convolution_module_checked_as_ranks_compute_it()
    {
        const string depthwise = "depthwise convolution, 31 taps",
            module = "convolution module, synchronised BatchNorm";
        IEnumerable<string> Of(KernelChoice choice, params string[] knobs) =>
            new NetworkChecks(Tiny.With(knobs), TestPurpose.Training).Of(choice).Select(c => c.Operator);
        Of(KernelChoice.Fused).Should().NotContain([depthwise, module]);
        Of(KernelChoice.Fused, "train.syncBatchNorm=true").Should().ContainSingle(c => c == depthwise).And.ContainSingle(c => c == module);
        Of(KernelChoice.Operators, "train.syncBatchNorm=true")
            .Should()
            .ContainSingle(c => c == depthwise)
            .And.ContainSingle(c => c == module);
        var record = KernelSelfTest.Run(Tiny.With("train.syncBatchNorm=true"), TestPurpose.Training).Record;
        record
            .Checks.Should()
            .Contain(c => c.Operator == module)
            .And.OnlyContain(c => c.Right && Math.Max(c.Forward!.Value, c.Gradient ?? 0) <= c.Limit / 4);
    }

    [Test]
    public void What_follows_from_the_configuration_is_checked_at_its_own_channels()
    {
        var checks = new NetworkChecks(Tiny.With("model.channels=24", "discriminator.features=10"), TestPurpose.Training)
            .Of(KernelChoice.Operators)
            .Select(c => $"{c.Operator}, {c.Shape}")
            .ToList();
        checks
            .Should()
            .Contain([
                "convolution 1x1, 3 to 24 channels, 2x201",
                "convolution 2x3, dilation 1, 24 to 24 channels, 3x203",
                "convolution 2x3, dilation 8, 96 to 24 channels, 10x103",
                "convolution 1x3, stride 2, 24 to 24 channels, 2x201",
                "sub-pixel convolution 1x3, 24 to 48 channels, 2x101",
                "convolution 1x2, 24 to 2 channels, 2x202",
                "convolution 1x2, 24 to 1 channels, 2x202",
                "depthwise convolution, 31 taps, 48 channels, 2x101",
                "discriminator's convolution 4x4, stride 2, 2 to 10 channels, 16x64",
                "discriminator's convolution 4x4, stride 2, 40 to 80 channels, 2x8",
                "discriminator's linear layer, 80 to 40",
                "relative attention, 24 channels, 2x101, 4 heads",
            ]);
        new NetworkChecks(Tiny, TestPurpose.Training)
            .Of(KernelChoice.Fused)
            .Select(c => c.Operator)
            .Should()
            .Contain(["feed forward", "relative attention", "convolution module", "dense block"])
            .And.NotContain("convolution 2x3, dilation 1", "the dense block is one kernel there");
    }

    private static Tensor One(Tensor y, double share)
    {
        var one = zeros_like(y);
        one.view(-1)[5] = share * y.detach().abs().max().ToDouble();
        return one;
    }

    /// <summary>A module with a fault in what it gives or in the gradient it passes back.</summary>
    private sealed class Faulty : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> right;
        private readonly Func<Tensor, Tensor> result;
        private readonly Action<Tensor>? gradient;

        public Faulty(nn.Module<Tensor, Tensor> right, Func<Tensor, Tensor> result, Action<Tensor>? gradient)
            : base(nameof(Faulty))
        {
            (this.right, this.result, this.gradient) = (right, result, gradient);
            foreach (var (name, child) in right.named_children())
                register_module(name, child);
            foreach (var (name, parameter) in right.named_parameters(recurse: false))
                register_parameter(name, parameter);
            foreach (var (name, buffer) in right.named_buffers(recurse: false))
                register_buffer(name, buffer);
        }

        public override Tensor forward(Tensor input) =>
            result(right.call(gradient is null ? input : FaultyKernels.WithGradient(input, gradient)));
    }
}
