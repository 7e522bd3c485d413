using SpeechGan.Comparison;
using SpeechGan.Configuration;
using SpeechGan.Training.Tracing;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>
/// One training step on a device against the CPU's, module by module: where they differ by more than rounding, the module that leaves the
/// bound first is named. The case `cpu` computes with
/// `train.kernels=operators`, which is what a GPU runs.
/// </summary>
internal sealed class ModuleAgreementTests
{
    private static IEnumerable<TestCaseData> Cases() =>
        from device in new[] { "cpu", "cuda" }
        from precision in new[] { Precision.Float32, Precision.Float64 }
        select device == "cpu" ? new TestCaseData(device, precision) : new TestCaseData(device, precision).SetCategory("Gpu");

    [TestCaseSource(nameof(Cases))]
    public void No_module_leaves_the_measured_bound(string device, Precision precision)
    {
        Devices.Require(device);
        StepTrace single = Trace("cpu", Precision.Float32, KernelChoice.Fused),
            exact = Trace("cpu", Precision.Float64, KernelChoice.Fused);
        var there = Trace(device, precision, KernelChoice.Operators);
        var found = TraceComparison.Of(precision == Precision.Float64 ? exact : single, there, new TraceBound(single, exact));
        TestContext.Out.WriteLine(found.Sentence);
        found.First.Should().BeNull(found.Sentence);
        found.Tensors.Should().BeGreaterThan(100, "both traces name the same modules");
    }

    private static StepTrace Trace(string device, Precision precision, KernelChoice kernels)
    {
        var config = SmallStep.Config(device);
        config = config with { Train = config.Train with { Precision = precision, Kernels = kernels } };
        return new TracedStep().Run($"{device} in {precision}", config, SmallStep.Noise(config), new TraceRecorder());
    }
}
