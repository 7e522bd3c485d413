using System.CommandLine;
using System.Text.Json;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`regressions`: the ledger, opened by a golden check, joined by a bisect, closed by a fix or an approval.</summary>
internal static class RegressionsVerb
{
    public static Command Make()
    {
        var verb = new Command("regressions", "The ledger of regressions: list, show, close, link, bisect.")
        {
            List(),
            Show(),
            Close(),
            Link(),
            Bisect(),
        };
        return verb;
    }

    private static Command List()
    {
        var (ledger, json) = (Ledger(), Json());
        var all = new Option<bool>("--all") { Description = "Closed ones too" };
        var verb = new Command("list", "List open regressions; exit code 1 where there are some.") { all, ledger, json };
        verb.SetAction(parsed =>
            Guard.Run(() =>
            {
                var (regressions, problems) = Open(parsed.GetValue(ledger)).Read();
                Regression[] shown = [.. regressions.Where(r => r.IsOpen || parsed.GetValue(all))];
                if (parsed.GetValue(json))
                    Console.WriteLine(JsonSerializer.Serialize(new { regressions = shown, problems }, RunJson.Document));
                else
                {
                    foreach (var line in shown.Select(r => r.InWords).Concat(problems))
                        Terminal.Out.Line(line);
                    Terminal.Out.Line($"{regressions.Count(r => r.IsOpen)} open, {regressions.Count(r => !r.IsOpen)} closed.");
                }
                return problems.Count > 0 || regressions.Any(r => r.IsOpen) ? ExitCode.CheckFailed : ExitCode.Good;
            })
        );
        return verb;
    }

    private static Command Show()
    {
        var (number, ledger) = (Number(), Ledger());
        var verb = new Command("show", "All that is known of one, as JSON.") { number, ledger };
        verb.SetAction(parsed =>
            Guard.Run(() =>
            {
                var (regressions, _) = Open(parsed.GetValue(ledger)).Read();
                var found = regressions.FirstOrDefault(r => r.Number == parsed.GetValue(number))
                    ?? throw new GoldenException(
                        $"There is no regression #{parsed.GetValue(number)}. `speechgan regressions list --all` has them."
                    );
                Console.WriteLine(JsonSerializer.Serialize(found, RunJson.Document));
                return ExitCode.Good;
            })
        );
        return verb;
    }

    private static Command Close()
    {
        var (number, ledger) = (Number(), Ledger());
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
                var open = Open(parsed.GetValue(ledger));
                Terminal.Out.Line(
                    open.Close(
                        parsed.GetValue(number),
                        new RegressionEnd(DateTimeOffset.UtcNow, parsed.GetValue(reason)!, By(open), Commit(open, parsed.GetValue(commit)))
                    ).InWords
                );
                return ExitCode.Good;
            })
        );
        return verb;
    }

    private static Command Link()
    {
        var (number, ledger) = (Number(), Ledger());
        var bisect = new Option<string?>("--bisect") { Description = "What `bisect commits --json` wrote", HelpName = "FILE" };
        var into = new Option<int?>("--to") { Description = "An older regression that it is the same as", HelpName = "N" };
        var verb = new Command("link", "Link a bisect's verdict to one, or join it to an older one.") { number, bisect, into, ledger };
        verb.SetAction(parsed =>
            Guard.Run(() =>
            {
                if ((parsed.GetValue(bisect) is null) == (parsed.GetValue(into) is null))
                    throw new UsageException(
                        "Say what is linked: --bisect FILE (what `bisect commits --json` wrote), or --to N (an older regression that "
                            + "it is the same as); not both."
                    );
                var open = Open(parsed.GetValue(ledger));
                var linked = parsed.GetValue(into) is { } older
                    ? open.Join(parsed.GetValue(number), older, DateTimeOffset.UtcNow, By(open))
                    : open.Link(parsed.GetValue(number), BisectVerdictFile.Read(parsed.GetValue(bisect)!));
                Terminal.Out.Line(linked.InWords);
                return ExitCode.Good;
            })
        );
        return verb;
    }

    private static Command Bisect()
    {
        var good = new Option<string>("--good")
        {
            Description = "A commit before all of them",
            Required = true,
            HelpName = "A",
        };
        var bad = new Option<string>("--bad")
        {
            Description = "A commit that shows them",
            DefaultValueFactory = _ => "HEAD",
            HelpName = "B",
        };
        var repo = new Option<string>("--repo")
        {
            Description = "The repository's checkout; nothing in it is changed",
            DefaultValueFactory = _ => ".",
            HelpName = "DIR",
        };
        var golden = new Option<string?>("--golden")
        {
            Description = "Folder with corpus, networks and trajectories (default: the checkout's golden/)",
            HelpName = "DIR",
        };
        var cache = new Option<string?>("--cache") { Description = "Where results are kept (default: the user's cache)", HelpName = "DIR" };
        var build = new Option<string?>("--build")
        {
            Description = "Shell command that builds a worktree (default: its own tools/set-up)",
            HelpName = "COMMAND",
        };
        var ledger = Ledger();
        var verb = new Command("bisect", "Bisect all open regressions without a culprit, sharing builds and trials, and link the verdicts.")
        {
            good,
            bad,
            repo,
            golden,
            cache,
            build,
            ledger,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        RegressionsBisect.Run(
                            Open(parsed.GetValue(ledger)),
                            parsed.GetValue(good)!,
                            parsed.GetValue(bad)!,
                            parsed.GetValue(repo)!,
                            parsed.GetValue(golden),
                            parsed.GetValue(cache),
                            parsed.GetValue(build),
                            stop
                        )
                    )
                )
        );
        return verb;
    }

    private static RegressionLedger Open(string? given)
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

    private static string By(RegressionLedger ledger) =>
        GoldenApprove.Approver(Path.GetDirectoryName(ledger.Path)!)
        ?? throw new UsageException(
            "No user name is known, and the ledger keeps who closed a regression. Set it with `git config user.name NAME`."
        );

    private static string? Commit(RegressionLedger ledger, string? revision)
    {
        if (revision is null)
            return null;
        using var repository = GitRepository.Open(Path.GetDirectoryName(ledger.Path)!, CancellationToken.None);
        return repository.Resolve(revision, "--commit");
    }

    private static Argument<int> Number() => new("N") { Description = "Number of a regression" };

    private static Option<string?> Ledger() =>
        new("--ledger") { Description = "The ledger (default: golden/regressions.jsonl of the checkout)", HelpName = "FILE" };

    private static Option<bool> Json() => new("--json") { Description = "For machines" };
}
