using SpeechGan.Data;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics.Theories;

/// <summary>
/// The parts of the corpus are recordings of different kinds: another bandwidth, level, noise floor, rate or clipping. What is learned on
/// one part is not what is asked of the other. Judged are distributions: medians far apart, and middle four fifths that do not overlap.
/// </summary>
public sealed class PartsDiffer()
    : Theory(
        "parts-differ",
        Severity.Serious,
        "Are training, validation and test recordings of different kinds: bandwidth, level, noise floor, rate, clipping?",
        "distance of two parts' medians, in multiples of what the measure allows",
        "twice what the parts of seven sound corpora differ by (six of tools/make-corpus, VoiceBank-DEMAND pairs split at random): 4 "
            + "dB of level, 8 dB of noise floor, no bandwidth, no clipping"
    )
{
    /// <summary>Distance of the medians above which a measure speaks.</summary>
    public const double LevelDecibels = 10,
        FloorDecibels = 16,
        BandwidthHertz = 1500,
        ClippedPercent = 100 * AuditLimits.ClippedShare,
        RateHertz = 1;

    /// <summary>Files that each part needs for a confirmation; fewer are suspected.</summary>
    public const int Fewest = 4;

    private const int FewestAtAll = 2;

    /// <inheritdoc/>
    protected override Finding Judge(RunRecord run)
    {
        if (run.Audit is not { } audit)
            return NotMeasured("the corpus was not audited");

        AuditedPart[] parts = [.. audit.Parts.Where(p => p.Pairs >= FewestAtAll && p.Measures.Count > 0)];
        if (parts.Length < 2)
            return NotMeasured($"fewer than two parts have {FewestAtAll} files that were measured");

        var all = (
            from i in Enumerable.Range(0, parts.Length)
            from j in Enumerable.Range(i + 1, parts.Length - i - 1)
            from difference in Differences(parts[i], parts[j])
            select difference
        )
            .OrderByDescending(d => d.IsApart)
            .ThenByDescending(d => d.Multiple)
            .ToList();
        var worst = all[0];
        if (!worst.IsApart)
            return Judged(
                FindingOutcome.Rejected,
                worst.Multiple,
                1,
                "parts that overlap, or medians within what is allowed, reject",
                $"{parts.Length} parts were compared in {all.Select(d => d.Name).Distinct().Count()} measures, and none sets two of "
                    + $"them apart.",
                ""
            );

        var apart = all.Where(d => d.IsApart).ToList();
        // A rate by itself is brought to one when it is read.
        var confirmed =
            apart.Any(d => d.Fewest >= Fewest && d.Unit != "Hz")
            || apart.Any(d => d.Fewest >= Fewest && d.Name.EndsWith("bandwidth", StringComparison.Ordinal));
        return Judged(
            confirmed ? FindingOutcome.Confirmed : FindingOutcome.Suspected,
            worst.Multiple,
            1,
            confirmed
                ? $"medians beyond what is allowed and no overlap, with {Fewest} files and more, confirm"
                : $"fewer than {Fewest} files in a part, or another rate alone, are suspected",
            string.Join(" ", apart.Take(Named).Select(d => d.Sentence)),
            $"Look the parts through: speechgan audit --data {NextCommand.DataOf(run)} --json; take the recordings of the odd part "
                + $"from where the others' come from, or split the corpus anew.",
            null,
            apart.Select(d => $"{d.Parts}: {d.Name}")
        );
    }

    private static IEnumerable<Difference> Differences(AuditedPart one, AuditedPart other) =>
        from a in one.Measures
        join b in other.Measures on a.Name equals b.Name
        where Math.Min(a.Count, b.Count) >= FewestAtAll
        select Of(one.Split, a, other.Split, b);

    private static Difference Of(string one, PartMeasure a, string other, PartMeasure b)
    {
        var multiple = Math.Abs(a.Median - b.Median) / Allowed(a.Name);
        return new Difference(
            a.Name,
            a.Unit,
            $"{one} and {other}",
            multiple,
            multiple > 1 && (a.High < b.Low || b.High < a.Low),
            Math.Min(a.Count, b.Count),
            Say(
                $"{a.Name.Replace('-', ' ')}: {a.Median:0.#} {a.Unit} in {one} ({a.Low:0.#} to {a.High:0.#}), {b.Median:0.#} {b.Unit} "
                    + $"in {other} ({b.Low:0.#} to {b.High:0.#})."
            )
        );
    }

    private static double Allowed(string name) =>
        name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..] switch
        {
            "level" => LevelDecibels,
            "floor" => FloorDecibels,
            "bandwidth" => BandwidthHertz,
            "clipped" => ClippedPercent,
            _ => RateHertz,
        };

    private sealed record Difference(string Name, string Unit, string Parts, double Multiple, bool IsApart, int Fewest, string Sentence);
}
