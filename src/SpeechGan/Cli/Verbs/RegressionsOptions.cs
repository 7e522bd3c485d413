using System.CommandLine;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What the subcommands of `regressions` share: their options, the ledger, and who changes it.</summary>
internal static class RegressionsOptions
{
    /// <summary>Number of a regression.</summary>
    public static Argument<int> Number() => new("N") { Description = "Number of a regression" };

    /// <summary>File of the ledger.</summary>
    public static Option<string?> Ledger() =>
        new("--ledger") { Description = "The ledger (default: golden/regressions.jsonl of the checkout)", HelpName = "FILE" };

    /// <summary>The ledger that was given, or the checkout's.</summary>
    /// <exception cref="UsageException">What was given is no file that exists.</exception>
    public static RegressionLedger Open(string? given)
    {
        if (given is not null && Directory.Exists(given))
            throw new UsageException(
                $"--ledger '{given}' is a folder; a ledger is a file. Give {Path.Combine(given, RegressionLedger.FileName)}."
            );
        if (given is not null && !File.Exists(given))
            throw new UsageException(
                $"There is no ledger '{given}'. `speechgan golden check --ledger FILE` makes one where a golden differs; correct --ledger."
            );
        return new RegressionLedger(given ?? Path.Combine(GoldenPlace.Open().Root, RegressionLedger.FileName));
    }

    /// <summary>Who changes the ledger.</summary>
    /// <exception cref="UsageException">It is not known.</exception>
    public static string By(RegressionLedger ledger) =>
        GoldenApprove.Approver(Path.GetDirectoryName(ledger.Path)!)
        ?? throw new UsageException(
            "No user name is known, and the ledger keeps who closed a regression. Set it with `git config user.name NAME`."
        );
}
