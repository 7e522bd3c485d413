using System.Globalization;
using SpeechGan.Data;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics;

/// <summary>
/// The theories while a run goes on: it is given what is recorded and judges after each epoch. It holds a part of a long run only, whole
/// epochs of steps and of evaluations, so that its memory and its cost do not grow; <c>diagnose</c> reads all of it.
/// </summary>
public sealed class RunWatch
{
    private const int MostSteps = 20_000;
    private const int MostEvaluations = 30_000;
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<ITheory> theories;
    private RunRecord record;
    private long forgotten; // steps that are held no more

    /// <summary>Begins with what is recorded: nothing, or what an earlier part of the run wrote.</summary>
    /// <param name="record">The record so far.</param>
    /// <param name="theories">Theories; null: all that are registered.</param>
    public RunWatch(RunRecord record, IReadOnlyList<ITheory>? theories = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        (this.record, this.theories) = (record, theories ?? Theories.AllTheories.InOrder);
        Trim();
    }

    /// <summary>Reconstruction checks were made.</summary>
    public void Add(IReadOnlyList<ReconstructionCheck> checks) => record = record with { Oracles = [.. record.Oracles, .. checks] };

    /// <summary>The audit of its corpus; null where there is none.</summary>
    public AuditReport? Audit
    {
        get => record.Audit;
        set => record = record with { Audit = value };
    }

    /// <summary>Utterances were evaluated.</summary>
    public void Add(IReadOnlyList<UtteranceEvaluation> evaluations) =>
        record = record with { Evaluations = [.. record.Evaluations, .. evaluations] };

    /// <summary>An epoch is over.</summary>
    /// <param name="epoch">Its line.</param>
    /// <param name="steps">All of its steps; those that are known already are not taken twice.</param>
    public void Add(EpochTelemetry epoch, IReadOnlyList<StepTelemetry> steps)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        record = record with { Epochs = [.. record.Epochs, epoch], Steps = [.. record.Steps.Where(s => s.Epoch != epoch.Epoch), .. steps] };
        Trim();
    }

    /// <summary>Judges the run as it stands.</summary>
    /// <param name="info">The run's own information, as it stands.</param>
    /// <returns>The verdict, and what is confirmed in it and was not before.</returns>
    public (Verdict Verdict, IReadOnlyList<Finding> New) Judge(RunInfo info)
    {
        record = record with { Info = info };
        var verdict = Verdict.Of(record, theories);
        if (forgotten > 0)
            verdict = verdict with
            {
                Problems =
                [
                    .. verdict.Problems,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The run goes on: this verdict leaves out its first {forgotten} steps. speechgan diagnose reads all of them."
                    ),
                ],
            };

        return (verdict, [.. verdict.Findings.Where(f => f.Outcome == FindingOutcome.Confirmed && told.Add(f.Id))]);
    }

    private void Trim()
    {
        if (record.Rows.Count > MostSteps)
        {
            // From an epoch's first step on: half an epoch would look like one that lost its batches.
            var before = record.Rows.Count;
            int first = record.Rows[before - MostSteps].Epoch,
                last = record.Rows[before - 1].Epoch;
            record = record with { Steps = [.. record.StepsWhere(s => s.Epoch > first || s.Epoch == last)] };
            forgotten += before - record.Rows.Count;
        }

        if (record.Evaluations.Count > MostEvaluations)
        {
            var best = ValidationHistory.Of(record) is { Count: > 0 } history ? ValidationHistory.Best(history).Epoch : 0;
            var first = record.Evaluations[^MostEvaluations].Epoch;
            record = record with
            {
                Evaluations =
                [
                    .. record.Evaluations.Where(e =>
                        e.Epoch == 0 || e.Epoch == best || e.Epoch > first || e.Epoch == record.Evaluations[^1].Epoch
                    ),
                ],
            };
        }
    }
}
