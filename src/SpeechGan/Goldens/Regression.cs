using System.Globalization;
using System.Text.Json.Serialization;

namespace SpeechGan.Goldens;

/// <summary>Who a bisect blames.</summary>
/// <param name="Commit">Full hash.</param>
/// <param name="Author">Author; absent where the bisect did not tell.</param>
/// <param name="Subject">First line of the commit's message; absent where it did not tell.</param>
/// <param name="Confidence">Probability that it is this commit, 0 to 1.</param>
/// <param name="Revert">What the check with the commit reverted gave: <c>cures</c>, <c>does-not-cure</c>, <c>impossible</c> or
/// <c>not-tried</c>.</param>
public sealed record RegressionCulprit(string Commit, string? Author, string? Subject, double Confidence, string Revert);

/// <summary>How a regression ended.</summary>
/// <param name="When">When, UTC.</param>
/// <param name="Reason">Why it is closed.</param>
/// <param name="By">Who closed it: a person, or the night whose check held again.</param>
/// <param name="Commit">The fixing commit; absent where a person approved the change.</param>
public sealed record RegressionEnd(DateTimeOffset When, string Reason, string By, string? Commit);

/// <summary>A regression: a line of the ledger.</summary>
public sealed record Regression
{
    /// <summary>Its number, from 1, never used again.</summary>
    public required int Number { get; init; }

    /// <summary>Goldens in which it shows, the one that opened it first.</summary>
    public required IReadOnlyList<string> Goldens { get; init; }

    /// <summary>The worst value of the first epoch that differs, as tolerances name it.</summary>
    public required string Field { get; init; }

    /// <summary>The first epoch that differs.</summary>
    public required int FirstEpoch { get; init; }

    /// <summary>Approved value; absent where the golden has none.</summary>
    public string? Expected { get; init; }

    /// <summary>Received value; absent where the run has none.</summary>
    public string? Received { get; init; }

    /// <summary>Distance of both; absent where one is not a number.</summary>
    public double? Size { get; init; }

    /// <summary>Host it was seen on, in words.</summary>
    public required string Host { get; init; }

    /// <summary>Version, with its commit, that showed it first.</summary>
    public required string Version { get; init; }

    /// <summary>When it was seen first, UTC.</summary>
    public required DateTimeOffset Opened { get; init; }

    /// <summary>When it was seen last, UTC.</summary>
    public required DateTimeOffset Seen { get; init; }

    /// <summary>Checks that saw it.</summary>
    public required int Times { get; init; }

    /// <summary>A bisect's verdict; absent where none was linked.</summary>
    public RegressionCulprit? Culprit { get; init; }

    /// <summary>Number of the regression that this one was joined to; absent where it stands for itself.</summary>
    public int? JoinedTo { get; init; }

    /// <summary>Its end; absent while it is open.</summary>
    public RegressionEnd? End { get; init; }

    /// <summary>Whether it is open.</summary>
    [JsonIgnore]
    public bool IsOpen => End is null;

    /// <summary>The regression in a sentence.</summary>
    [JsonIgnore]
    public string InWords =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"#{Number} {(IsOpen ? "open" : "closed")}: {string.Join(", ", Goldens)} differ{(Goldens.Count == 1 ? "s" : "")} from "
                + $"epoch {FirstEpoch} on in {Field}"
        )
        + $" (expected {Expected ?? "nothing"}, received {Received ?? "nothing"}), since {Opened:yyyy-MM-dd}, seen {Times} "
        + $"time{(Times == 1 ? "" : "s")}"
        + (
            Culprit is { } c
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"; {c.Commit[..Math.Min(12, c.Commit.Length)]}{(c.Author is null ? "" : $" by {c.Author}")} (confidence "
                        + $"{c.Confidence:P0}, reverted: {c.Revert})"
                )
                : ""
        )
        + (End is { } e ? $"; closed {e.When:yyyy-MM-dd} by {e.By}: {e.Reason}" : "")
        + ".";
}
