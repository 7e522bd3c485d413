using SpeechGan.Goldens;

namespace SpeechGan.Cli.Views;

/// <summary>What a check of goldens came to.</summary>
/// <param name="Results">Each golden's result.</param>
/// <param name="Leftovers">Files that belong to no golden and were not told with a result, in sentences.</param>
/// <param name="Ledger">What changed in the ledger of regressions, in sentences.</param>
/// <param name="IsGood">Whether all that was asked for holds.</param>
internal sealed record GoldenCheckOutcome(
    IReadOnlyList<GoldenCheckResult> Results,
    IReadOnlyList<string> Leftovers,
    IReadOnlyList<string> Ledger,
    bool IsGood
);
