using SpeechGan.Data;
using SpeechGan.Runs;
using SpeechGan.Runs.Rows;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// Training samples as they were loaded, and which of them have sides that do not belong together. Those of the first batches were held
/// against their files, sample for sample: where they are equal and their sides do not belong together all the same, the files are at
/// fault and not the loader.
/// </summary>
internal sealed class LoadedSamples
{
    /// <summary>Above this percentage of the samples something is wrong: as many as of the pairs.</summary>
    public const int WrongAbovePercent = DataFaults.ConfirmedAbovePercent;

    /// <summary>The reconstruction checks that hold the first batches against their files.</summary>
    public static readonly string[] Checks = ["loaded/clean", "loaded/noisy"];

    private readonly List<(int Epoch, string Name, string Kind)> faults = [];

    private LoadedSamples(RunRecord run, IEnumerable<StepRow> steps)
    {
        var checks = run.Oracles.Where(o => o is { Observed: not null } && Checks.Contains(o.Name)).ToList();
        Failed = checks.FirstOrDefault(c => c.Holds == false);
        EqualTheirFiles = checks.Count == Checks.Length && checks.All(c => c.Holds == true);
        foreach (var step in steps)
        {
            var held = IsHeldAgainstFiles(step);
            foreach (var sample in step.Samples ?? [])
            {
                if (sample is not { Input: { } input, Masked: null })
                    continue;
                Measured++;
                var kind = Fault(input);
                if (kind is not null)
                    faults.Add((step.Epoch, sample.Name, kind));
                if (!held)
                    continue;
                MeasuredAtStart++;
                WrongAtStart += kind is null ? 0 : 1;
            }
        }
    }

    /// <summary>The check that does not hold; null where none failed.</summary>
    public ReconstructionCheck? Failed { get; }

    /// <summary>Whether both checks were made and hold.</summary>
    public bool EqualTheirFiles { get; }

    /// <summary>Samples that were measured.</summary>
    public int Measured { get; private set; }

    /// <summary>Samples whose sides do not belong together.</summary>
    public IReadOnlyList<(int Epoch, string Name, string Kind)> Wrong => faults;

    /// <summary>Measured samples of the batches that were held against their files.</summary>
    public int MeasuredAtStart { get; private set; }

    /// <summary>Those of them whose sides do not belong together.</summary>
    public int WrongAtStart { get; private set; }

    /// <summary>Whether more samples than <see cref="WrongAbovePercent"/> have such sides.</summary>
    public bool ManyAreWrong => faults.Count * 100L > (long)WrongAbovePercent * Measured;

    /// <summary>Whether they do although the loader gave what the files hold.</summary>
    public bool FilesAreAtFault => ManyAreWrong && FirstSpeakAgainstFiles;

    private bool FirstSpeakAgainstFiles => EqualTheirFiles && WrongAtStart * 100L > (long)WrongAbovePercent * MeasuredAtStart;

    /// <summary>The kinds with their counts, the most frequent first.</summary>
    public string Kinds =>
        string.Join(", ", faults.GroupBy(f => f.Kind).OrderByDescending(g => g.Count()).Select(g => $"{g.Key} x{g.Count()}"));

    /// <summary>All of a run.</summary>
    public static LoadedSamples Of(RunRecord run) => new(run, run.Rows);

    /// <summary>All of a run whose files are at fault by them; null for any other, of which the first batches alone are read.</summary>
    public static LoadedSamples? AgainstFiles(RunRecord run) =>
        new LoadedSamples(run, run.Rows.Of(1).Where(IsHeldAgainstFiles)).FirstSpeakAgainstFiles && Of(run) is { FilesAreAtFault: true } all
            ? all
            : null;

    private static bool IsHeldAgainstFiles(StepRow step) =>
        step.Epoch == 1 && (step.Batch ?? step.Step - 1) < ReconstructionCheck.BatchesHeldAgainstFiles;

    private static string? Fault(SampleInput input) =>
        input switch
        {
            { Correlation: { } c } when c < AuditLimits.Unrelated => "unrelated",
            { Correlation: { } c, Unshifted: { } u, Lag: { } lag }
                when Math.Abs(lag) > AuditLimits.Lag * AuditLimits.SampleRate && c > AuditLimits.LagGain * u => "misaligned",
            { RangeGained: > AuditLimits.ExchangedDecibels } => "exchanged",
            { Correlation: > 1 - 1e-9, CleanLevel: var c, NoisyLevel: var n } when c == n => "identical",
            _ when Math.Abs(input.CleanMean) > Math.Max(AuditLimits.Offset, AuditLimits.OffsetOfLevel * input.CleanLevel) => "offset",
            _ when Math.Abs(input.NoisyMean) > Math.Max(AuditLimits.Offset, AuditLimits.OffsetOfLevel * input.NoisyLevel) => "offset",
            _ => null,
        };
}
