using System.CommandLine;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`regressions close`: closes one with its reason.</summary>
internal static class RegressionsCloseVerb
{
    public static Command Make()
    {
        var (number, ledger) = (RegressionsOptions.Number(), RegressionsOptions.Ledger());
        var reason = new Option<string>("--reason")
        {
            Description = "Why it is closed",
            Required = true,
            HelpName = "TEXT",
        };
        var commit = new Option<string?>("--commit") { Description = "The fixing commit", HelpName = "COMMIT" };
        var verb = new Command("close", "Close one with its reason.") { number, reason, commit, ledger };
        verb.SetAction(parsed =>
            Guard.Run(() =>
            {
                if (string.IsNullOrWhiteSpace(parsed.GetValue(reason)))
                    throw new UsageException("--reason is empty: the ledger keeps why a regression was closed.");
                var open = RegressionsOptions.Open(parsed.GetValue(ledger));
                Terminal.Out.Line(
                    open.Close(
                        parsed.GetValue(number),
                        new RegressionEnd(
                            DateTimeOffset.UtcNow,
                            parsed.GetValue(reason)!,
                            RegressionsOptions.By(open),
                            Commit(open, parsed.GetValue(commit))
                        )
                    ).InWords
                );
                return ExitCode.Good;
            })
        );
        return verb;
    }

    private static string? Commit(RegressionLedger ledger, string? revision)
    {
        if (revision is null)
            return null;
        using var repository = GitRepository.Open(Path.GetDirectoryName(ledger.Path)!, CancellationToken.None);
        return repository.Resolve(revision, "--commit");
    }
}
