namespace SpeechGan.Goldens;

/// <summary>What a golden of an older format could not know. A received trajectory is compared with such a golden by what both
/// know.</summary>
internal static class GoldenFormat
{
    /// <summary>The format that is written: since 2 with epoch 0 (reconstruction checks, noisy sides), outcomes, gradient shares and all of
    /// an epoch's record; since 3 with the digest of its tolerances in place of a copy.</summary>
    public const int Current = 3;

    /// <summary>The newest format that is read: 4, a golden with figures of performance; one without them is written in
    /// <see cref="Current"/>.</summary>
    public const int WithPerformance = 4;

    /// <summary>Since this format the tolerances stand in a file of their own (<see cref="ToleranceSet"/>).</summary>
    public const int SharedTolerances = 3;

    private const int Whole = 2;

    private static readonly string[] Format1 =
    [
        "batchesSeen",
        "batchesStepped",
        "samplesScored",
        "loss.ri",
        "loss.magnitude",
        "loss.time",
        "loss.gan",
        "loss.total",
        "discriminatorLoss",
        "trainingRate",
        "mean.pesq_wb",
        "mean.si_sdr",
    ];

    /// <summary>A trajectory as a golden of that format would have it.</summary>
    public static Trajectory Reduce(Trajectory trajectory, int format) =>
        format >= Whole
            ? trajectory
            : new Trajectory
            {
                Epochs =
                [
                    .. trajectory
                        .Epochs.Where(e => e.Epoch > 0)
                        .Select(e =>
                            e with
                            {
                                Values = Runs.Absence.Ordered(e.Values.Where(v => Format1.Contains(v.Key))),
                                Outcomes = Runs.Absence.None,
                            }
                        ),
                ],
            };
}
