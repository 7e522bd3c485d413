using System.Runtime.CompilerServices;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics;

/// <summary>What theories share: how a finding is put together, and that nothing that is not a number gets into one.</summary>
/// <param name="id">Stable id, kebab-case.</param>
/// <param name="severity">What it means where it is confirmed.</param>
/// <param name="question">The cause it asks for, a question.</param>
/// <param name="measure">Name and unit of the number it observes.</param>
/// <param name="source">Where its thresholds come from.</param>
public abstract class Theory(string id, Severity severity, string question, string measure, string source) : ITheory
{
    /// <summary>Files, steps and parts that a sentence names at most.</summary>
    protected const int Named = 5;

    /// <inheritdoc/>
    public string Id => id;

    /// <inheritdoc/>
    public Severity Severity => severity;

    /// <inheritdoc/>
    public string Question => question;

    /// <summary>Name and unit of the number it observes.</summary>
    public string Measure => measure;

    /// <summary>Where its thresholds come from.</summary>
    public string Source => source;

    /// <inheritdoc/>
    public Finding Examine(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var finding = Advice.Fitting(Judge(run), run.Config, run.Info.Import is not null);
        finding = finding with { Command = NextCommand.Of(finding.NextAction, run) };
        if (finding is { Observed: { } observed } && !double.IsFinite(observed))
            return NotMeasured("the numbers it rests on are too large to be compared");
        if (Unread(run) is > 0 and var lines && finding.Outcome is FindingOutcome.Confirmed or FindingOutcome.Suspected)
            return finding with
            {
                Outcome = FindingOutcome.Inconclusive,
                Rule = "lines of the record that cannot be read make it inconclusive",
                Sentence =
                    $"{finding.Sentence} But {(lines == 1 ? "a line" : $"{lines} lines")} of the record cannot be read, and what "
                    + $"is missing may be what stood there.",
                Command = null,
                NextAction = "Restore the damaged file of the run (named under Problem), and diagnose it again.",
            };
        return finding;
    }

    /// <summary>Lines of the record that cannot be read, where a missing one looks like what the theory asks for; 0 for theories that a
    /// missing line cannot mislead.</summary>
    protected virtual int Unread(RunRecord run) => 0;

    /// <summary>The judgement of a run.</summary>
    protected abstract Finding Judge(RunRecord run);

    /// <summary>The record lacks what is needed.</summary>
    /// <param name="why">What it lacks, the end of a sentence without its full stop.</param>
    protected Finding NotMeasured(string why) =>
        new()
        {
            Id = id,
            Outcome = FindingOutcome.NotMeasured,
            Measure = measure,
            ThresholdSource = source,
            Sentence = $"Not measured: {why}.",
            NextAction = "",
        };

    /// <summary>A judgement with its numbers; what is rejected began nowhere and asks for nothing.</summary>
    protected Finding Judged(
        FindingOutcome outcome,
        double observed,
        double threshold,
        string rule,
        string sentence,
        string action,
        int? since = null,
        IEnumerable<string>? concerns = null
    )
    {
        var found = outcome != FindingOutcome.Rejected;
        return new Finding
        {
            Id = id,
            Outcome = outcome,
            Measure = measure,
            Observed = observed,
            Threshold = threshold,
            Rule = rule,
            ThresholdSource = source,
            SinceEpoch = found ? since : null,
            Sentence = sentence,
            Concerns = found ? [.. concerns ?? []] : [],
            NextAction = found ? action : "",
        };
    }

    /// <summary>Text whose numbers are the same in every country: the program runs in the invariant culture
    /// (InvariantGlobalization).</summary>
    protected static string Say(ref DefaultInterpolatedStringHandler text) => text.ToStringAndClear();

    /// <summary>Names, the first few of them.</summary>
    protected static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Named)) + (names.Count > Named ? $" and {names.Count - Named} more" : "");
}
