using SpeechGan.Comparison;
using SpeechGan.Tests.Unit.Data;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Workflows;

public sealed class TraceFileTests
{
    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void A_trace_for_which_the_disk_has_no_room_is_told_before_and_nothing_is_written()
    {
        var path = folder["trace"];
        FluentActions
            .Invoking(() => TraceFile.Write(path, Trace(), free: 16_000_000))
            .Should()
            .Throw<EnvironmentException>()
            .WithMessage(
                $"The trace takes 0.0 MB, and the disk of '{path}' has 16.0 MB free (16 MB are left to others). Nothing was written: "
                    + $"make room, or give another --out."
            );
        File.Exists(path).Should().BeFalse();
        TraceFile.Write(path, Trace());
        TraceFile.Read(path).Should().BeEquivalentTo(Trace());
    }

    [Test]
    public void A_trace_that_is_not_there_is_told() =>
        FluentActions
            .Invoking(() => TraceFile.Read(folder["none"]))
            .Should()
            .Throw<ComparisonException>()
            .WithMessage($"The trace '{folder["none"]}' cannot be read: *");

    private static StepTrace Trace() =>
        new()
        {
            Label = "test",
            Step = 1,
            IsFloat64 = false,
            Nodes =
            [
                new TraceNode
                {
                    Module = "generator",
                    Part = TracePart.Output,
                    Kind = "Generator",
                    Shape = [1],
                    Digest = "00",
                    Values = Convert.ToBase64String(new byte[8]),
                },
            ],
        };
}
