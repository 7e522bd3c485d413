using SpeechGan.Runs;

namespace SpeechGan.Goldens;

/// <summary>The trajectory of an imported run: what a run of this program has, and all means of validation that the record tells, since
/// another trainer may score no utterance by itself.</summary>
public static class ImportedTrajectory
{
    private const string Mean = "mean.";

    /// <summary>Name of the validation loss in a trajectory.</summary>
    public const string ValidationLoss = "validationLoss";

    /// <summary>The trajectory; of a run of this program its own.</summary>
    public static Trajectory Of(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Info.Import is null)
            return Trajectory.Of(run);

        // The scores may be those of a part that the record calls test.
        var split = run.Epochs.FirstOrDefault(e => e.Validation is not null)?.Validation?.Split ?? RecordName.Valid;
        var validations = run.Epochs.ToLookup(e => e.Epoch, e => e.Validation);
        return new Trajectory
        {
            Epochs = [.. Trajectory.Of(run, split).Epochs.Select(e => e.Epoch == 0 ? e : With(e, validations[e.Epoch].LastOrDefault()))],
        };
    }

    private static TrajectoryEpoch With(TrajectoryEpoch epoch, ValidationSummary? validation)
    {
        var values = new Dictionary<string, double>(epoch.Values);
        foreach (var (metric, mean) in validation?.Mean ?? Absence.Ordered<double>([]))
        {
            values[Mean + metric] = mean;
        }

        if (validation?.Loss is { } loss)
            values[ValidationLoss] = loss;

        return epoch with
        {
            Values = Absence.Ordered(values),
        };
    }
}
