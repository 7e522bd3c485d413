using SpeechGan.Configuration;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Kernels.SelfTest;

[RequiresTensorEngine]
public sealed class KernelSelfTestTests
{
    [TestCase("tiny", TestPurpose.Training)]
    [TestCase("small", TestPurpose.Training)]
    [TestCase("cmgan", TestPurpose.Training)]
    [TestCase("cmgan", TestPurpose.Enhancing)]
    public void A_healthy_machine_is_right_with_room_to_the_limit(string preset, TestPurpose purpose)
    {
        var config = Presets.Find(preset);
        for (var again = 0; again < 3; again++)
        {
            var record = KernelSelfTest.Run(config, purpose).Record;
            TestContext.Out.WriteLine(FormattableString.Invariant($"{preset}, {purpose}: {record.Checks.Count} checks in {record.Seconds:F3} s"));
            if (again == 2)
                foreach (var c in record.Checks)
                    TestContext.Out.WriteLine(FormattableString.Invariant(
                        $"| {c.Operator} | {c.Shape} | {c.Forward:E1} | {c.Gradient:E1} | {c.Limit:E1} | {Math.Max(c.Forward ?? 0, c.Gradient ?? 0) / c.Limit:F3} | {c.Worst} | {c.Fault}"));
        }
    }

    [Test]
    public void Zz_where_the_time_goes([Values("tiny", "small", "cmgan")] string preset, [Values] KernelChoice choice, [Values] TestPurpose purpose)
    {
        TorchSharp.torch.set_num_threads(1);
        var checks = new NetworkChecks(Presets.Find(preset), purpose).Of(choice);
        var kernels = SpeechGan.Models.NetworkKernels.For(choice);
        for (var i = 0; i < 4; i++)
        {
            var total = Environment.CpuUsage.TotalTime;
            foreach (var c in checks)
            {
                var before = Environment.CpuUsage.TotalTime;
                c.Run(kernels, TorchSharp.torch.float32, TorchSharp.torch.CPU, 1);
                if (i is 3 && (Environment.CpuUsage.TotalTime - before).TotalMilliseconds > 4)
                    TestContext.Out.WriteLine($"{i} {c.Operator} {c.Shape}: {(Environment.CpuUsage.TotalTime - before).TotalMilliseconds:F1} ms CPU");
            }
            TestContext.Out.WriteLine($"TOTAL {preset} {choice} {purpose} {i} {checks.Count} checks: {(Environment.CpuUsage.TotalTime - total).TotalMilliseconds:F1} ms CPU");
        }
    }
}
