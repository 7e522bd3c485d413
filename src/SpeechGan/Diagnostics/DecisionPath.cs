using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Diagnostics;

/// <summary>One question of the decision procedure, and which way it went.</summary>
public sealed record PathStep
{
    /// <summary>What was asked.</summary>
    public required string Question { get; init; }

    /// <summary>The answer in a word: <c>yes</c>, <c>no</c>, <c>doubtful</c> or <c>unknown</c>. Yes is what a sound run answers.</summary>
    public required string Answer { get; init; }

    /// <summary>Why, and what follows, in a sentence.</summary>
    public required string Why { get; init; }

    /// <summary>Ids of the findings that answered, those that decided first.</summary>
    public required IReadOnlyList<string> Findings { get; init; }
}

/// <summary>The way a run's findings take through the questions of <see cref="AllTheories"/>.</summary>
public static class DecisionPath
{
    /// <summary>The path that a run's findings take.</summary>
    public static IReadOnlyList<PathStep> Of(IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return
        [
            .. AllTheories
                .Questions.Select(q =>
                    Step(
                        q.Question,
                        [
                            .. q
                                .Theories.Select(t => findings.FirstOrDefault(f => f.Id == t.Id))
                                .OfType<Finding>()
                                .OrderBy(f => f.Outcome)
                                .ThenBy(f => f.Severity),
                        ]
                    )
                )
                .OfType<PathStep>(),
        ];
    }

    private static PathStep? Step(string question, Finding[] answers)
    {
        if (answers.Length == 0)
            return null;

        var first = answers[0];
        var (answer, why) = first.Outcome switch
        {
            FindingOutcome.Confirmed => (
                "no",
                $"{Names(answers, FindingOutcome.Confirmed)} confirmed. "
                    + (
                        first.Severity == Severity.Symptom
                            ? "The causes are above, or not in the record."
                            : "Repair this before what follows is believed."
                    )
            ),
            FindingOutcome.Suspected => ("doubtful", $"{Names(answers, FindingOutcome.Suspected)} suspected; going on."),
            FindingOutcome.Inconclusive => ("doubtful", $"{Names(answers, FindingOutcome.Inconclusive)} inconclusive; going on."),
            // Two answers of five are no yes: a run may be too young for the ones that matter.
            FindingOutcome.Rejected
                when answers.Count(a => a.Outcome == FindingOutcome.NotMeasured)
                    > answers.Count(a => a.Outcome == FindingOutcome.Rejected) => (
                "unknown",
                $"{Names(answers, FindingOutcome.NotMeasured)} not measured; {Names(answers, FindingOutcome.Rejected)} rejected; going on."
            ),
            FindingOutcome.Rejected when answers.Any(a => a.Outcome == FindingOutcome.NotMeasured) => (
                "yes",
                $"{Names(answers, FindingOutcome.Rejected)} rejected; {Names(answers, FindingOutcome.NotMeasured)} not measured; going on."
            ),
            FindingOutcome.Rejected => ("yes", $"{Names(answers, FindingOutcome.Rejected)} rejected; going on."),
            _ => ("unknown", $"{Names(answers, FindingOutcome.NotMeasured)} not measured; going on."),
        };
        return new PathStep
        {
            Question = question,
            Answer = answer,
            Why = why,
            Findings = [.. answers.Select(a => a.Id)],
        };
    }

    private static string Names(Finding[] answers, FindingOutcome outcome)
    {
        string[] names = [.. answers.Where(a => a.Outcome == outcome).Select(a => a.Id)];
        return string.Join(", ", names) + (names.Length == 1 ? " is" : " are");
    }
}
