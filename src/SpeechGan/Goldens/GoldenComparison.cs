using System.Globalization;

namespace SpeechGan.Goldens;

/// <summary>How a received trajectory stands to the approved one.</summary>
public enum GoldenOutcome
{
    /// <summary>Equal to the bit.</summary>
    Equal,

    /// <summary>Another host, every value within its tolerance.</summary>
    WithinTolerance,

    /// <summary>At least one value differs by more than is allowed, or is there on one side only.</summary>
    Differs,
}

/// <summary>One value that differs by more than is allowed.</summary>
public sealed record Divergence
{
    /// <summary>Epoch.</summary>
    public required int Epoch { get; init; }

    /// <summary>Value's name as tolerances name it: <c>mean.pesq_wb</c>, <c>utterance.pesq_wb</c>, <c>parameterDigest</c>,
    /// <c>epoch</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>Utterance; null for a value of the epoch.</summary>
    public string? Utterance { get; init; }

    /// <summary>Approved value as the golden writes it; null where the golden has none.</summary>
    public string? Expected { get; init; }

    /// <summary>Received value; null where there is none.</summary>
    public string? Received { get; init; }

    /// <summary>Why a side of an imported run has no value; null for runs of this program, and where both have one.</summary>
    public string? NotMeasured { get; init; }

    /// <summary>Allowed distance: 0 on the same host.</summary>
    public required double Allowed { get; init; }

    /// <summary>Distance over the larger of allowed distance and rounding of the value; infinite where one side has no number.</summary>
    public required double Severity { get; init; }

    /// <summary>What is said in place of a value.</summary>
    internal string Nothing => NotMeasured is { } why ? $"not measured ({why})" : "nothing";

    /// <summary>The divergence in words.</summary>
    public string InWords() =>
        $"epoch {Epoch}, {(Utterance is null ? "" : $"utterance '{Utterance}', ")}{Metric}: expected {Expected ?? Nothing}, received "
        + $"{Received ?? Nothing}, allowed distance {Allowed.ToString("R", CultureInfo.InvariantCulture)}";
}

/// <summary>The result of comparing a trajectory with its golden: a value, so that tests, reports and the command line tell the
/// same.</summary>
public sealed record GoldenComparison
{
    /// <summary>Whether it is equal, within tolerance or different.</summary>
    public required GoldenOutcome Outcome { get; init; }

    /// <summary>Whether both were made on equal hosts: then nothing but equality counts.</summary>
    public required bool SameHost { get; init; }

    /// <summary>All divergences, by epoch, the worst of an epoch first.</summary>
    public required IReadOnlyList<Divergence> Divergences { get; init; }

    /// <summary>First epoch with a divergence; null where there is none.</summary>
    public int? FirstDivergentEpoch => Divergences.Count == 0 ? null : Divergences[0].Epoch;

    /// <summary>The worst divergence of that epoch; null where there is none.</summary>
    public Divergence? Worst => Divergences.Count == 0 ? null : Divergences[0];

    /// <summary>The result in a sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Compares a trajectory with an approved one.</summary>
    /// <param name="golden">The approved one.</param>
    /// <param name="received">What a run gave.</param>
    /// <param name="host">Host in words on which it ran; null: tolerances hold wherever it ran.</param>
    internal static GoldenComparison Of(Golden golden, Trajectory received, string? host) =>
        new GoldenComparer(golden, host).Compare(received);

    /// <summary>How many values differ, in words.</summary>
    internal static string Count(int values) => values == 1 ? "1 value differs" : $"{values} values differ";
}
