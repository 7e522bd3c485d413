using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Comparison;

/// <summary>What comparing two sides came to: a value, so that the screen, JSON and the page tell the same.</summary>
public sealed record RunComparison
{
    /// <summary>A, as it was named.</summary>
    public required string A { get; init; }

    /// <summary>B, as it was named.</summary>
    public required string B { get; init; }

    /// <summary>The worst outcome of all seeds.</summary>
    public required ComparisonOutcome Outcome { get; init; }

    /// <summary>The outcome in a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>The comparison of each seed.</summary>
    public required IReadOnlyList<PairComparison> Pairs { get; init; }

    /// <summary>PESQ, SI-SDR, training rate and gradient shares.</summary>
    public required IReadOnlyList<QuantityDifference> Quantities { get; init; }

    /// <summary>Where the spread of one seed comes from, or why it is not known.</summary>
    public required string Spread { get; init; }

    /// <summary>Whether both sides ran on equal hosts (machine, libraries, threads, device).</summary>
    public required bool SameHost { get; init; }

    /// <summary>The first module that differs; null where no step was traced.</summary>
    public TraceComparison? Trace { get; init; }

    /// <summary>What the reader should know, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The pair that is told: the first of the worst outcome.</summary>
    public PairComparison Told => Pairs.First(p => p.Outcome == Outcome);

    /// <summary>Compares two sides.</summary>
    /// <param name="a">Runs of A, a seed each.</param>
    /// <param name="b">Runs of B, of the same seeds in the same order; one run may have another seed than A's.</param>
    /// <param name="spread">What runs of one seed may differ by.</param>
    /// <exception cref="ComparisonException">The sides were trained on different corpora, or a run has nothing recorded.</exception>
    public static RunComparison Of(IReadOnlyList<ComparedRun> a, IReadOnlyList<ComparedRun> b, SameSeedSpread spread)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(spread);
        if (a.Count == 0 || a.Count != b.Count)
            throw new ArgumentException($"Runs are compared in pairs: {a.Count} of A, {b.Count} of B.", nameof(b));
        for (var i = 0; i < a.Count; i++)
            RequireComparable(a[i], b[i]);
        PairComparison[] pairs = [.. a.Select((run, i) => PairComparison.Of(run, b[i], spread))];
        var outcome = Worst(pairs);
        // Where an imported run ran is not recorded.
        var sameHost = !a.Concat(b).Any(r => r.IsImported) && a[0].Record.Info.Host?.InWords() == b[0].Record.Info.Host?.InWords();
        return new RunComparison
        {
            A = a[0].Label,
            B = b[0].Label,
            Outcome = outcome,
            Sentence = InWords(outcome, pairs),
            Pairs = pairs,
            Quantities = QuantityComparison.Of(a, b),
            Spread = spread.Source,
            SameHost = sameHost,
            Notes = [.. Remarks(a, b, sameHost), .. pairs.SelectMany(p => p.Notes).Distinct()],
        };
    }

    // Different before undecided before within before equal.
    private static ComparisonOutcome Worst(PairComparison[] pairs)
    {
        ComparisonOutcome[] order = [ComparisonOutcome.Different, ComparisonOutcome.Undecided, ComparisonOutcome.Within];
        return order.FirstOrDefault(o => pairs.Any(p => p.Outcome == o), ComparisonOutcome.Equal);
    }

    private static string InWords(ComparisonOutcome outcome, PairComparison[] pairs)
    {
        var told = pairs.First(p => p.Outcome == outcome);
        var seed =
            pairs.Length == 1
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $" ({pairs.Count(p => p.Outcome == outcome)} of {pairs.Length} seeds; seed {told.Seed} is told)"
                );
        if (told.Compared is { } compared)
            return InWords(told, compared);
        var steps = string.Create(CultureInfo.InvariantCulture, $"{told.CommonSteps} steps");
        return outcome switch
        {
            ComparisonOutcome.Equal => $"Equal to the bit over "
                + $"{steps}{(pairs.Length == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" of each of {pairs.Length} seeds"))}.",
            ComparisonOutcome.Within =>
                $"Within the spread of one seed{seed}: bits differ from {told.First!.Place} on, no value by more than is measured for "
                    + $"one seed. First: {told.First.InWords()}.",
            ComparisonOutcome.Undecided when told.First is { } f =>
                $"Not decided{seed}: a run is not complete. Bits differ from {f.Place} on, within the spread of one seed.",
            ComparisonOutcome.Undecided => $"Not decided{seed}: a run is not complete. Equal to the bit as far as both go, {steps}.",
            _ => $"Different{seed}: first at {told.First!.InWords()}.",
        };
    }

    // Of imported runs equality is claimed of nothing but what both records hold.
    private static string InWords(PairComparison told, int compared)
    {
        var held =
            $"{Counted.Of(compared, "value")} of {Counted.Of(told.CommonEpochs, "epoch")} and {Counted.Of(told.CommonSteps, "step")}";
        return told.Outcome switch
        {
            ComparisonOutcome.Equal => $"Equal in all that both records hold: {held}.",
            ComparisonOutcome.Within =>
                $"Within the spread of one seed: of {held} that both records hold {Count(told.Count)} from {told.First!.Place} on, none by "
                    + $"more than the runs of one seed. First: {told.First.InWords()}.",
            ComparisonOutcome.Undecided when told.First is { } f =>
                $"Not decided: one record goes on where the other ends. Of {held} that both hold {Count(told.Count)} from {f.Place} on, "
                    + $"within the spread of one seed.",
            ComparisonOutcome.Undecided => $"Not decided: one record goes on where the other ends. Equal in all that both hold: {held}.",
            _ => $"Different: of {held} that both records hold {Count(told.Count)}, first at {told.First!.InWords()}.",
        };

        static string Count(int values) => Counted.Of(values, "differs", "differ");
    }

    private static IEnumerable<string> Remarks(IReadOnlyList<ComparedRun> a, IReadOnlyList<ComparedRun> b, bool sameHost)
    {
        foreach (var run in a.Concat(b).Where(r => r.Record.Info.Status is not (RunStatus.Completed or RunStatus.Imported)))
        {
            var status = run.Record.Info.Status switch
            {
                RunStatus.Running => "is still training",
                RunStatus.Interrupted => "was interrupted",
                _ => $"failed ({(run.Record.Info.Why ?? "no reason is recorded").TrimEnd('.')})",
            };
            var step = run.Record.Rows.Select(s => s.Step).DefaultIfEmpty().Max();
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"'{run.Label}' seed {run.Seed} {status} at step {step}{(run.IsOver ? "" : ": compared as far as both runs go")}."
            );
        }
        foreach (var run in a.Concat(b).Where(r => r.IsImported))
            yield return $"'{run.Label}' was imported ({run.Record.Info.Import!.Writer}): its record tells neither seed nor host, so that "
                + $"nothing says whether both trainings saw the same batches.";
        if (!sameHost && !a.Concat(b).Any(r => r.IsImported))
            yield return $"The hosts differ: A ran on {a[0].Record.Info.Host?.InWords() ?? "an unknown host"}, B on "
                + $"{b[0].Record.Info.Host?.InWords() ?? "an unknown host"}.";
        if (a.Zip(b).FirstOrDefault(p => p is { First.Seed: { } s, Second.Seed: { } t } && s != t) is ({ } x, { } y))
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The seeds differ: A has {x.Seed}, B {y.Seed}. Both trained on other batches; a difference says nothing of a change."
            );
        foreach (var problem in a.Concat(b).SelectMany(r => r.Record.Problems).Distinct())
            yield return problem;
    }

    private static void RequireComparable(ComparedRun a, ComparedRun b)
    {
        foreach (var run in new[] { a, b })
            if (run.Record.Steps.Count + run.Record.Evaluations.Count == 0 && !(run.IsImported && run.Record.Epochs.Count > 0))
                throw new ComparisonException(
                    $"'{run.Label}' has recorded no step yet "
                        + $"({run.Record.Info.Status.ToString().ToLowerInvariant()}"
                        + $"{(run.Record.Info.Why is { } why ? $": {why.TrimEnd('.')}" : "")}): there is nothing to compare. Wait "
                        + $"for its first steps, or give another run."
                );
        HashSet<string> ofA = Utterances(a.Record),
            ofB = Utterances(b.Record);
        if (ofA.Count > 0 && ofB.Count > 0 && !ofA.Overlaps(ofB))
            throw new ComparisonException(
                $"'{a.Label}' and '{b.Label}' were trained on different corpora: A has {Example(ofA)}, B has {Example(ofB)}, and no "
                    + $"utterance is in both. Compare runs of one corpus."
            );
    }

    private static HashSet<string> Utterances(RunRecord run) =>
        [.. run.Evaluations.Select(e => e.Name), .. run.Rows.SelectMany(s => s.Samples ?? []).Select(s => s.Name)];

    private static string Example(HashSet<string> names) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{names.Count} utterance{(names.Count == 1 ? "" : "s")} like '{names.Order(StringComparer.Ordinal).First()}'"
        );
}
