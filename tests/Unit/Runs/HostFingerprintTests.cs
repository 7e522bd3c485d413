using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

public sealed class HostFingerprintTests
{
    [Test]
    public void Host_is_described_in_one_line_of_fixed_order()
    {
        var host = HostFingerprint.Of("1.13.1", "OpenBLAS", 2, "cpu") with { Overrides = null };
        (host with { Overrides = HostFingerprint.OverridesIn(Environment.GetEnvironmentVariable) })
            .Should()
            .Be(HostFingerprint.Of("1.13.1", "OpenBLAS", 2, "cpu"));
        host.Cpu.Should().NotBeEmpty();
        host.InWords()
            .Should()
            .StartWith(host.Cpu + "; " + host.Vectors + "; ")
            .And.EndWith("; libtorch 1.13.1; BLAS OpenBLAS; 2 threads; cpu")
            .And.NotContain("\n");
        (host with { Overrides = "MKL_CBWR=COMPATIBLE" })
            .InWords()
            .Should()
            .Be(host.InWords() + "; MKL_CBWR=COMPATIBLE", "other kernels give other bits");
        HostFingerprint
            .OverridesIn(name =>
                name is "MKL_CBWR" ? "COMPATIBLE"
                : name is "ATEN_CPU_CAPABILITY" ? "default"
                : ""
            )
            .Should()
            .Be("ATEN_CPU_CAPABILITY=default MKL_CBWR=COMPATIBLE");
        HostFingerprint.OverridesIn(_ => null).Should().BeNull();
        (HostFingerprint.Of() with { Overrides = null })
            .InWords()
            .Should()
            .EndWith("; libtorch none; BLAS unknown; no tensor threads; no device");
    }
}
