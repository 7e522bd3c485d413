using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>Where steps lie on an axis of epochs: step k of the n steps of epoch e at e - 1 + k/n, so that its last one is where the
/// epoch's own values are.</summary>
internal sealed class EpochAxis
{
    private readonly RunRecord run;
    private readonly Dictionary<int, int> stepsOf;
    private readonly HashSet<int> complete;
    private readonly int usual;

    public EpochAxis(RunRecord run)
    {
        this.run = run;
        complete = [.. run.Epochs.Select(e => e.Epoch)];
        stepsOf = run.Rows.Epochs.ToDictionary(e => e.Epoch, e => e.Count);
        // An epoch that is not over has an unknown length: the others' where there are any, else the configured one.
        usual = Math.Max(
            run.Epochs.Select(e => e.BatchesSeen ?? 0).Append(0).Max(),
            complete.Count == 0 ? run.Config?.Train.StepsPerEpoch ?? 0 : 0
        );
    }

    /// <summary>Places of the steps, in their order; made anew each time they are gone through.</summary>
    public IEnumerable<double> Steps
    {
        get
        {
            var counts = new Dictionary<int, int>();
            foreach (var step in run.Rows)
            {
                counts[step.Epoch] = counts.GetValueOrDefault(step.Epoch) + 1;
                yield return step.Epoch - 1 + ((double)counts[step.Epoch] / Length(step.Epoch));
            }
        }
    }

    /// <summary>Whether no step lies before the one that is recorded before it.</summary>
    public bool IsAscending
    {
        get
        {
            var before = double.NegativeInfinity;
            foreach (var place in Steps)
            {
                if (place < before)
                    return false;

                before = place;
            }

            return true;
        }
    }

    private int Length(int epoch) => complete.Contains(epoch) ? stepsOf[epoch] : Math.Max(stepsOf[epoch], usual);
}
