using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>One epoch of a trajectory: means by name, and each utterance's metrics. Epoch 0 is before training: the reconstruction checks
/// and the noisy sides.</summary>
public sealed record TrajectoryEpoch
{
    /// <summary>Epoch, from 1; 0 before training.</summary>
    public required int Epoch { get; init; }

    /// <summary>SHA-256 over all parameters and buffers after the epoch; absent where it was not computed.</summary>
    public string? ParameterDigest { get; init; }

    /// <summary>Values by name: <c>loss.total</c>, <c>discriminatorLoss</c>, <c>trainingRate</c>, <c>gradientShare.gan</c>,
    /// <c>mean.pesq_wb</c>, ...</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>Outcomes in a word, by name: <c>oracle.estimate-is-clean/time</c> <c>holds</c>, <c>fails</c> or <c>unmeasured</c>. The same
    /// on every host.</summary>
    public IReadOnlyDictionary<string, string> Outcomes { get; init; } = Absence.None;

    /// <summary>Reasons of values that are absent, by name.</summary>
    public IReadOnlyDictionary<string, string> Unavailable { get; init; } = Absence.None;

    /// <summary>Metrics by name (<c>pesq_wb</c>, <c>si_sdr</c>) of each utterance; a metric without a value is absent.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Utterances { get; init; }
}

/// <summary>How a run went, epoch by epoch: what a golden file approves. Every field of the record counts, since a fault may show in one of
/// them only.</summary>
public sealed record Trajectory
{
    private const string NoisyPrefix = "noisy_";

    /// <summary>Metrics of utterances that a trajectory follows: the score in question, and one that does not jump as PESQ does.</summary>
    public static IReadOnlyList<string> FollowedMetrics { get; } = [RecordName.Pesq, RecordName.SiSdr];

    /// <summary>Epochs in order.</summary>
    public required IReadOnlyList<TrajectoryEpoch> Epochs { get; init; }

    /// <summary>The trajectory of a recorded run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="split">Split whose utterances count.</param>
    public static Trajectory Of(RunRecord run, string split = RecordName.Valid)
    {
        ArgumentNullException.ThrowIfNull(run);
        var before = BeforeTraining(run.Oracles.Where(o => o.Epoch == 0), Evaluations(0));
        return new Trajectory
        {
            Epochs = [.. before, .. run.Epochs.Select(e => Of(e, run.Rows.Of(e.Epoch).Select(s => s.GradientNorm), Evaluations(e.Epoch)))],
        };

        IEnumerable<UtteranceEvaluation> Evaluations(int epoch) => run.EvaluationsOf(epoch).Where(e => e.Split == split);
    }

    private static IEnumerable<TrajectoryEpoch> BeforeTraining(
        IEnumerable<ReconstructionCheck> oracles,
        IEnumerable<UtteranceEvaluation> noisy
    )
    {
        var values = new Dictionary<string, double>();
        var outcomes = new Dictionary<string, string>();
        var unavailable = new Dictionary<string, string>();
        foreach (var oracle in oracles)
        {
            var name = "oracle." + oracle.Name;
            outcomes[name] = oracle.Holds switch
            {
                true => "holds",
                false => "fails",
                _ => "unmeasured",
            };
            if (oracle.Observed is { } observed)
                values[name] = observed;
            else
                unavailable[name] = oracle.Unavailable.GetValueOrDefault("observed", "no reason was recorded");
        }

        var utterances = Utterances(noisy, m =>
            m.StartsWith(NoisyPrefix, StringComparison.Ordinal) && FollowedMetrics.Contains(m[NoisyPrefix.Length..])
        );
        return outcomes.Count + utterances.Count == 0
            ? []
            :
            [
                new TrajectoryEpoch
                {
                    Epoch = 0,
                    Values = Absence.Ordered(values),
                    Outcomes = Absence.Ordered(outcomes),
                    Unavailable = Absence.Ordered(unavailable),
                    Utterances = utterances,
                },
            ];
    }

    private static TrajectoryEpoch Of(EpochTelemetry epoch, IEnumerable<GradientNorms?> norms, IEnumerable<UtteranceEvaluation> evaluations)
    {
        var values = new Dictionary<string, double>();
        Add("batchesSeen", epoch.BatchesSeen);
        Add("batchesStepped", epoch.BatchesStepped);
        Add("samplesScored", epoch.SamplesScored);
        Add("samplesSeen", epoch.SamplesSeen);
        foreach (var (reason, count) in epoch.Masked)
        {
            values["samplesMasked." + reason] = count;
        }

        Add("loss.ri", epoch.Loss.Ri);
        Add("loss.magnitude", epoch.Loss.Magnitude);
        Add("loss.time", epoch.Loss.Time);
        Add("loss.gan", epoch.Loss.Gan);
        Add("loss.total", epoch.Loss.Total);
        Add("discriminatorLoss", epoch.DiscriminatorLoss);
        Add("discriminatorCorrelation", epoch.DiscriminatorCorrelation);
        Add("discriminatorError", epoch.DiscriminatorError);
        Add("trainingRate", epoch.TrainingRate);
        Add("learningRate.generator", epoch.GeneratorLearningRate);
        Add("learningRate.discriminator", epoch.DiscriminatorLearningRate);
        foreach (var (name, value) in GradientShares.Of(norms))
        {
            values[name] = value;
        }

        foreach (var metric in FollowedMetrics)
        {
            if (epoch.Validation is { } validation && validation.Mean.TryGetValue(metric, out var mean))
                values["mean." + metric] = mean;
        }

        return new TrajectoryEpoch
        {
            Epoch = epoch.Epoch,
            ParameterDigest = epoch.ParameterDigest,
            Values = Absence.Ordered(values),
            Unavailable = epoch.Unavailable,
            Utterances = Utterances(evaluations, m => FollowedMetrics.Contains(m)),
        };

        void Add(string name, double? value)
        {
            if (value is { } number)
                values[name] = number;
        }
    }

    private static IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Utterances(
        IEnumerable<UtteranceEvaluation> evaluations,
        Func<string, bool> followed
    ) =>
        Absence.Ordered(
            evaluations.Select(e => new KeyValuePair<string, IReadOnlyDictionary<string, double>>(
                e.Name,
                Absence.Ordered(e.Metrics.Where(m => followed(m.Key)))
            ))
        );
}
