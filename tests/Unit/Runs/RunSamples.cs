using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

/// <summary>Small records the tests of this room share.</summary>
internal static class RunSamples
{
    public static RunStart Start { get; } =
        new()
        {
            Id = "run-1",
            Host = new HostFingerprint
            {
                Cpu = "test",
                Vectors = "none",
                Cores = 2,
                System = "test",
                DotNet = "10",
                Libtorch = "1.13.1",
                Blas = "OpenBLAS",
                Threads = 2,
                Device = "cpu",
            },
            Versions = new Dictionary<string, string> { ["speechgan"] = "0.1.0", ["pesq"] = "1" },
            GitCommit = "abc",
        };

    public static StepTelemetry Stepped(int epoch, long step, double loss = 0.5, int samples = 2) =>
        new()
        {
            Epoch = epoch,
            Step = step,
            Loss = new LossTerms
            {
                Ri = loss / 2,
                Magnitude = loss / 4,
                Time = loss / 8,
                Gan = loss / 16,
                Total = loss,
            },
            DiscriminatorLoss = loss / 10,
            SampleCount = samples,
            Scored = samples,
            DiscriminatorStepped = true,
            Samples =
            [
                .. Enumerable
                    .Range(0, samples)
                    .Select(i => new SampleScore
                    {
                        Name = $"u{step}-{i}",
                        Pesq = 1.5 + (0.5 * i),
                        Discriminator = 0.2 + (0.1 * i),
                    }),
            ],
            Seconds = new StepSeconds { Total = 0.25 },
        };

    public static StepTelemetry Skipped(int epoch, long step, double loss = 0.5, int samples = 2) =>
        Stepped(epoch, step, loss, samples) with
        {
            DiscriminatorLoss = null,
            DiscriminatorStepped = false,
            Scored = 0,
            Masked = new Dictionary<string, int> { ["SILENT_DEGRADED"] = samples },
            Samples = [.. Enumerable.Range(0, samples).Select(i => new SampleScore { Name = $"u{step}-{i}", Masked = "SILENT_DEGRADED" })],
            Unavailable = Absence.Of("discriminatorLoss", $"no sample of the batch could be scored: SILENT_DEGRADED x{samples}"),
        };

    public static EpochTelemetry Epoch(int epoch, params StepTelemetry[] steps)
    {
        var telemetry = EpochSummary.Of(epoch, steps);
        return telemetry with { Unavailable = telemetry.Unavailable.Append(new("validation", "not evaluated")).ToDictionary() };
    }

    /// <summary>The sentence a run folder refuses with, and that its exit code is this one.</summary>
    public static string Refused(Action action, int exitCode)
    {
        var e = action.Should().Throw<RunFolderException>().Which;
        e.ExitCode.Should().Be(exitCode);
        return e.Message;
    }
}
