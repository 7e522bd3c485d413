using System.Globalization;
using Spectre.Console;
using SpeechGan.Comparison;
using SpeechGan.Statistics;

namespace SpeechGan.Cli.Views;

/// <summary>A comparison on a screen and for machines.</summary>
internal static class CompareView
{
    /// <summary>Prints it.</summary>
    public static void Print(Terminal terminal, RunComparison comparison, ComparisonAssertion assertion, bool? holds)
    {
        terminal.Line($"A {comparison.A}");
        terminal.Line($"B {comparison.B}");
        terminal.Line(comparison.Sentence);
        foreach (var growth in comparison.Told.Growth)
            terminal.Line("  " + growth.Sentence);
        if (comparison.Told.Beyond is { Count: > 0 } beyond)
            terminal.Line(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  Beyond the spread of one seed: {beyond.Count} value{(beyond.Count == 1 ? "" : "s")}, first {beyond[0].InWords()}."
                )
            );
        terminal.Line($"  Spread of one seed: {comparison.Spread}.");
        if (comparison.Outcome != ComparisonOutcome.Equal)
            terminal.Table(Quantities(comparison));
        if (comparison.Trace is { } trace)
            terminal.Line(trace.Sentence);
        foreach (var note in comparison.Notes)
            terminal.Line(note);
        terminal.Line(
            $"--assert {Word(assertion)}: {holds switch { true => "holds", false => "does not hold", _ => "cannot be judged" }}."
        );
    }

    /// <summary>The comparison as an object for JSON.</summary>
    public static object Json(RunComparison comparison, ComparisonAssertion assertion, bool? holds) =>
        new
        {
            comparison.A,
            comparison.B,
            comparison.Outcome,
            comparison.Sentence,
            asserted = assertion,
            holds,
            comparison.SameHost,
            comparison.Spread,
            pairs = comparison.Pairs.Select(p => new
            {
                p.Seed,
                p.Outcome,
                p.First,
                valuesThatDiffer = p.Count,
                p.CommonSteps,
                p.CommonEpochs,
                p.Compared,
                p.Growth,
                beyond = p.Beyond?.Select(d => new
                {
                    d.Epoch,
                    d.Metric,
                    d.Utterance,
                    a = d.Expected,
                    b = d.Received,
                    d.Allowed,
                }),
            }),
            quantities = comparison.Quantities,
            trace = comparison.Trace is { } t ? Json(t) : null,
            comparison.Notes,
        };

    /// <summary>A traced step as an object for JSON; the values stay out.</summary>
    public static object Json(TraceComparison trace) =>
        new
        {
            trace.Step,
            first = Of(trace.First),
            firstGradient = Of(trace.FirstGradient),
            second = Of(trace.Second),
            trace.Followed,
            trace.ParametersDiffer,
            trace.Tensors,
            trace.Alone,
            trace.BitsDiffer,
            trace.Beyond,
            trace.Sentence,
        };

    private static object? Of(TraceDifference? difference) =>
        difference is { } d
            ? new
            {
                d.A.Module,
                d.A.Call,
                part = TraceComparison.Word(d.A.Part),
                d.A.Name,
                d.A.Kind,
                d.A.Shape,
                distance = double.IsFinite(d.Distance) ? d.Distance : (double?)null,
                d.Bound,
                a = Statistics(d.A),
                b = Statistics(d.B),
            }
            : null;

    private static object Statistics(TraceNode node) =>
        new
        {
            node.Norm,
            node.Mean,
            node.Low,
            node.High,
            node.Digest,
        };

    /// <summary>An assertion as the command line has it.</summary>
    public static string Word(ComparisonAssertion assertion) => assertion.ToString().ToLowerInvariant();

    private static Table Quantities(RunComparison comparison)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("quantity", "A", "B", "B - A", "95 % interval", "pairs", "two seeds", "");
        foreach (var q in comparison.Quantities)
            table.AddRow(
                q.Name,
                DifferenceText.Number(q.MeanOfA),
                DifferenceText.Number(q.MeanOfB),
                Signed(q.Difference?.Mean),
                Interval(q.Difference),
                q.Difference is { } d ? string.Create(CultureInfo.InvariantCulture, $"{d.Count} {q.Pairs}") : "none",
                DifferenceText.Number(q.SeedSpread),
                Markup.Escape(q.InWords)
            );
        return table;
    }

    private static string Interval(MeanEstimate? estimate) =>
        estimate is { Low: { } low, High: { } high } ? $"{DifferenceText.Signed(low)} to {DifferenceText.Signed(high)}" : "none";

    private static string Signed(double? value) => value is { } number ? DifferenceText.Signed(number) : "none";
}
