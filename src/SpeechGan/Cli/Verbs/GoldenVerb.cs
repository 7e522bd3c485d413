using System.CommandLine;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden`: approved trajectories of short trainings.</summary>
internal static class GoldenVerb
{
    public static Command Make() =>
        new("golden", "Approved trajectories of short trainings: list, check, look at a difference, approve, history.")
        {
            List(),
            Check(),
            Diff(),
            Approve(),
            History(),
        };

    private static Command List()
    {
        var (place, json) = (Place(), Json());
        var verb = new Command("list", "List scenarios, goldens, who approved them, and files that nothing uses.") { place, json };
        verb.SetAction(parsed => Guard.Run(() => GoldenList.Run(GoldenPlace.Open(parsed.GetValue(place)), parsed.GetValue(json))));
        return verb;
    }

    private static Command Check()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Scenarios or goldens (default: all)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var (place, json) = (Place(), Json());
        var trend = new Option<string?>("--trend")
        {
            Description = "Add a line a golden to this file, and draw the last nights",
            HelpName = "F",
        };
        var verb = new Command("check", "Train the scenarios and compare; exit code 1 where anything differs.")
        {
            names,
            place,
            json,
            trend,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        GoldenCheckRun.Run(
                            GoldenPlace.Open(parsed.GetValue(place)),
                            parsed.GetValue(names) ?? [],
                            parsed.GetValue(json),
                            parsed.GetValue(trend),
                            stop
                        )
                    )
                )
        );
        return verb;
    }

    private static Command Diff()
    {
        var name = Name();
        var (place, json) = (Place(), Json());
        var tool = new Option<bool>("--tool")
        {
            Description = "Open your own diff tool on both files. Never on continuous integration, never without a screen",
        };
        var verb = new Command("diff", "Draw what was received against what is approved; exit code 1 where they differ.")
        {
            name,
            place,
            json,
            tool,
        };
        verb.SetAction(parsed =>
            Guard.Run(() =>
                parsed.GetValue(tool)
                    ? GoldenTool.Run(GoldenPlace.Open(parsed.GetValue(place)), parsed.GetValue(name)!)
                    : GoldenDiff.Run(GoldenPlace.Open(parsed.GetValue(place)), parsed.GetValue(name)!, parsed.GetValue(json))
            )
        );
        return verb;
    }

    private static Command Approve()
    {
        var name = Name();
        var place = Place();
        var yes = new Option<bool>("--yes") { Description = "Do not ask; needs --reason" };
        var reason = new Option<string?>("--reason") { Description = "Why the change is right; kept in the history", HelpName = "TEXT" };
        var drift = new Option<bool>("--accept-drift")
        {
            Description = "Approve although the sum of approvals drifts beyond the tolerances",
        };
        var verb = new Command("approve", "Show what was received, ask, and make it the golden. Never on continuous integration.")
        {
            name,
            yes,
            reason,
            drift,
            place,
        };
        verb.SetAction(parsed =>
            Guard.Run(() =>
                GoldenApprove.Run(
                    GoldenPlace.Open(parsed.GetValue(place)),
                    parsed.GetValue(name)!,
                    parsed.GetValue(yes),
                    parsed.GetValue(reason),
                    parsed.GetValue(drift)
                )
            )
        );
        return verb;
    }

    private static Command History()
    {
        var name = Name();
        var (place, json) = (Place(), Json());
        var verb = new Command("history", "Who approved what, when and why; the chain is verified.") { name, place, json };
        verb.SetAction(parsed =>
            Guard.Run(() => GoldenHistoryList.Run(GoldenPlace.Open(parsed.GetValue(place)), parsed.GetValue(name)!, parsed.GetValue(json)))
        );
        return verb;
    }

    private static Argument<string> Name() => new("NAME") { Description = "A golden, or a scenario for all of its seeds" };

    private static Option<string?> Place() =>
        new("--golden")
        {
            Description = "Folder with corpus, networks and trajectories (default: the checkout's golden/)",
            HelpName = "DIR",
        };

    private static Option<bool> Json() => new("--json") { Description = "For machines" };
}
