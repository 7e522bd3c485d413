using System.CommandLine;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`regressions link`: a verdict of a bisect to one, or one to an older one.</summary>
internal static class RegressionsLinkVerb
{
    public static Command Make()
    {
        var (number, ledger) = (RegressionsOptions.Number(), RegressionsOptions.Ledger());
        var bisect = new Option<string?>("--bisect") { Description = "What `bisect commits --json` wrote", HelpName = "FILE" };
        var into = new Option<int?>("--to") { Description = "An older regression that is the same", HelpName = "N" };
        var verb = new Command("link", "Link a bisect's verdict to one, or join it to an older one.") { number, bisect, into, ledger };
        verb.SetAction(parsed =>
            Guard.Run(() =>
            {
                if ((parsed.GetValue(bisect) is null) == (parsed.GetValue(into) is null))
                    throw new UsageException(
                        "Say what is linked: --bisect FILE (what `bisect commits --json` wrote), or --to N (an older regression that "
                            + "it is the same as); not both."
                    );
                var open = RegressionsOptions.Open(parsed.GetValue(ledger));
                var linked = parsed.GetValue(into) is { } older
                    ? open.Join(parsed.GetValue(number), older, DateTimeOffset.UtcNow, RegressionsOptions.By(open))
                    : open.Link(parsed.GetValue(number), BisectVerdictFile.Read(parsed.GetValue(bisect)!));
                Terminal.Out.Line(linked.InWords);
                return ExitCode.Good;
            })
        );
        return verb;
    }
}
