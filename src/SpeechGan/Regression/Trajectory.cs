using SpeechGan.Runs;

namespace SpeechGan.Regression;

/// <summary>One epoch of a trajectory: means by name, and each utterance's metrics.</summary>
public sealed record TrajectoryEpoch
{
    /// <summary>Epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>SHA-256 over all parameters and buffers after the epoch; absent where it was not computed.</summary>
    public string? ParameterDigest { get; init; }

    /// <summary>Values by name: <c>loss.total</c>, <c>discriminatorLoss</c>, <c>trainingRate</c>, <c>mean.pesq_wb</c>, ...</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>Reasons of values that are absent, by name.</summary>
    public IReadOnlyDictionary<string, string> Unavailable { get; init; } = Absence.None;

    /// <summary>Metrics by name (<c>pesq_wb</c>, <c>si_sdr</c>) of each utterance; a metric without a value is absent.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Utterances { get; init; }
}

/// <summary>How a run went, epoch by epoch: what a golden file approves.</summary>
public sealed record Trajectory
{
    /// <summary>Metrics of utterances that a trajectory follows: the score in question, and one that does not jump as PESQ does.</summary>
    public static IReadOnlyList<string> FollowedMetrics { get; } = ["pesq_wb", "si_sdr"];

    /// <summary>Epochs in order.</summary>
    public required IReadOnlyList<TrajectoryEpoch> Epochs { get; init; }

    /// <summary>The trajectory of a recorded run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="split">Split whose utterances count.</param>
    public static Trajectory Of(RunRecord run, string split = "valid")
    {
        ArgumentNullException.ThrowIfNull(run);
        var evaluations = run.Evaluations.Where(e => e.Split == split).ToLookup(e => e.Epoch);
        return new Trajectory { Epochs = [.. run.Epochs.Select(e => Of(e, evaluations[e.Epoch]))] };
    }

    private static TrajectoryEpoch Of(EpochTelemetry epoch, IEnumerable<UtteranceEvaluation> evaluations)
    {
        var values = new Dictionary<string, double>
        {
            ["batchesSeen"] = epoch.BatchesSeen,
            ["batchesStepped"] = epoch.BatchesStepped,
            ["samplesScored"] = epoch.SamplesScored,
        };
        Add("loss.ri", epoch.Loss.Ri);
        Add("loss.magnitude", epoch.Loss.Magnitude);
        Add("loss.time", epoch.Loss.Time);
        Add("loss.gan", epoch.Loss.Gan);
        Add("loss.total", epoch.Loss.Total);
        Add("discriminatorLoss", epoch.DiscriminatorLoss);
        Add("trainingRate", epoch.TrainingRate);
        foreach (var metric in FollowedMetrics)
        {
            if (epoch.Validation is { } validation && validation.Mean.TryGetValue(metric, out var mean))
            {
                values["mean." + metric] = mean;
            }
        }

        return new TrajectoryEpoch
        {
            Epoch = epoch.Epoch,
            ParameterDigest = epoch.ParameterDigest,
            Values = Absence.Ordered(values),
            Unavailable = epoch.Unavailable,
            Utterances = Absence.Ordered(evaluations.Select(e => new KeyValuePair<string, IReadOnlyDictionary<string, double>>(
                e.Name, Absence.Ordered(e.Metrics.Where(m => FollowedMetrics.Contains(m.Key)))))),
        };

        void Add(string name, double? value)
        {
            if (value is { } number)
            {
                values[name] = number;
            }
        }
    }
}
