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
}
