using SpeechGan.Runs;

namespace SpeechGan.Reports;

/// <summary>Where steps lie on an axis of epochs: step k of the n steps of epoch e at e - 1 + k/n, so that its last one is where the
/// epoch's own values are.</summary>
internal sealed class EpochAxis
{
    private readonly Dictionary<int, int> _stepsOf;
    private readonly HashSet<int> _complete;
    private readonly int _usual;

    public EpochAxis(RunRecord run)
    {
        _complete = [.. run.Epochs.Select(e => e.Epoch)];
        _stepsOf = run.Steps.GroupBy(s => s.Epoch).ToDictionary(g => g.Key, g => g.Count());
        // An epoch that is not over has an unknown length: the others' where there are any, else the configured one.
        _usual = Math.Max(
            run.Epochs.Select(e => e.BatchesSeen ?? 0).Append(0).Max(),
            _complete.Count == 0 ? run.Config?.Train.StepsPerEpoch ?? 0 : 0
        );
        var places = new List<double>(run.Steps.Count);
        var counts = new Dictionary<int, int>();
        foreach (var step in run.Steps)
        {
            counts[step.Epoch] = counts.GetValueOrDefault(step.Epoch) + 1;
            places.Add(step.Epoch - 1 + ((double)counts[step.Epoch] / Length(step.Epoch)));
        }

        Steps = places;
    }

    /// <summary>Places of the steps, in their order.</summary>
    public IReadOnlyList<double> Steps { get; }

    private int Length(int epoch) => _complete.Contains(epoch) ? _stepsOf[epoch] : Math.Max(_stepsOf[epoch], _usual);
}
