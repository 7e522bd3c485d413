using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>`regressions`: the ledger, opened by a golden check, joined by a bisect, closed by a fix or an approval.</summary>
internal static class RegressionsVerb
{
    public static Command Make() =>
        new("regressions", "The ledger of regressions: list, show, close, link, bisect.")
        {
            RegressionsListVerb.Make(),
            RegressionsShowVerb.Make(),
            RegressionsCloseVerb.Make(),
            RegressionsLinkVerb.Make(),
            RegressionsBisectVerb.Make(),
        };
}
