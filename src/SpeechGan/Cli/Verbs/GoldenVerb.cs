using System.CommandLine;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden`: approved trajectories of short trainings, and of imported runs.</summary>
internal static class GoldenVerb
{
    public static Command Make() =>
        new("golden", "Approved trajectories of short trainings and of imported runs: list, check, look at a difference, approve, history.")
        {
            List(),
            GoldenImportedVerb.Pin(),
            Check(),
            Diff(),
            Approve(),
            History(),
            Spread(),
        };

    private static Command List()
    {
        var (place, store, json) = (Place(), GoldenImportedVerb.Store(), Json());
        var verb = new Command("list", "List scenarios, goldens, who approved them, and files that nothing uses.") { place, store, json };
        verb.SetAction(parsed =>
            Guard.Run(() =>
                parsed.GetValue(store) is { } own
                    ? GoldenStoreList.Run(GoldenSelection.Open(parsed.GetValue(place), own), parsed.GetValue(json))
                    : GoldenList.Run(GoldenPlace.Open(parsed.GetValue(place)), parsed.GetValue(json))
            )
        );
        return verb;
    }

    private static Command Check()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Scenarios or goldens (default: all)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var (place, store, json) = (Place(), GoldenImportedVerb.Store(), Json());
        var run = new Option<string?>("--run")
        {
            Description = "Hold this imported run against the one golden NAME of --store DIR; nothing is trained",
            HelpName = "RUN",
        };
        var trend = new Option<string?>("--trend")
        {
            Description = "Add a line a golden to this file, and draw the last nights",
            HelpName = "F",
        };
        var received = new Option<string?>("--received")
        {
            Description =
                "Keep what differs in this folder, on continuous integration too: `golden approve --received DIR` takes it from there",
            HelpName = "DIR",
        };
        var ledger = new Option<string?>("--ledger")
        {
            Description = "Open, join and close regressions in this ledger (golden/regressions.jsonl)",
            HelpName = "FILE",
        };
        var since = new Option<string?>("--changed-since")
        {
            Description = "Only scenarios whose inputs (program, corpus, weights, golden) changed since this commit",
            HelpName = "COMMIT",
        };
        var processes = new Option<int?>("--processes")
        {
            Description = "Trainings at a time (default: as many as cores; one with --performance)",
            HelpName = "N",
        };
        var performance = new Option<string?>("--performance")
        {
            Description =
                "Measure step time and peak memory of each training, alone in a process of its own; WHAT is tell (default), fail (a figure "
                + "beyond its bound on the golden's own host fails the check) or keep (lay figures that a golden lacks beside it)",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "WHAT",
        };
        var trace = new Option<string?>("--trace")
        {
            Description =
                $"For a golden that differs: train SIDE (commit:REV, set:key=value, ...; without it {GoldenTrace.Usual}) beside this "
                + $"program, and name the first module that differs",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "SIDE",
        };
        var verb = new Command("check", "Train the scenarios and compare; exit code 1 where anything differs.")
        {
            names,
            place,
            run,
            store,
            json,
            trend,
            trace,
            ledger,
            received,
            since,
            processes,
            performance,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        GoldenImportedVerb.Check(
                            parsed,
                            names,
                            run,
                            store,
                            received,
                            json,
                            [place, trend, trace, ledger, since, processes, performance]
                        )
                        ?? GoldenCheckRun.Run(
                            new GoldenCheckRequest
                            {
                                Place = GoldenPlace.Open(parsed.GetValue(place)),
                                Names = parsed.GetValue(names) ?? [],
                                Json = parsed.GetValue(json),
                                Trend = parsed.GetValue(trend),
                                Ledger = parsed.GetValue(ledger),
                                Received = parsed.GetValue(received),
                                ChangedSince = parsed.GetValue(since),
                                Processes = parsed.GetValue(processes),
                                Performance = parsed.GetResult(performance) is null
                                    ? null
                                    : GoldenCheckRun.Use(parsed.GetValue(performance)),
                                Trace = parsed.GetResult(trace) is null ? null : parsed.GetValue(trace) ?? GoldenTrace.Usual,
                            },
                            stop
                        )
                    )
                )
        );
        return verb;
    }

    private static Command Spread()
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Scenarios or goldens (default: all)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var place = Place();
        var repeat = new Option<int>("--repeat")
        {
            Description = "Trainings of each seed after the first",
            DefaultValueFactory = _ => 4,
            HelpName = "N",
        };
        var device = new Option<string?>("--device") { Description = "cpu, cuda or cuda:N (default: the scenarios' own)", HelpName = "D" };
        var output = new Option<string?>("--out")
        {
            Description = "Write the recommended table with its causes to this file",
            HelpName = "FILE",
        };
        var performance = new Option<bool>("--performance")
        {
            Description = "Measure what trainings cost instead, each in a process of its own, and recommend bounds of performance",
        };
        var verb = new Command("spread", "Train scenarios several times with one seed, and recommend tolerances from what they differ by.")
        {
            names,
            place,
            repeat,
            device,
            output,
            performance,
        };
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        GoldenSpreadRun.Run(
                            new GoldenSpreadRequest
                            {
                                Place = GoldenPlace.Open(parsed.GetValue(place)),
                                Names = parsed.GetValue(names) ?? [],
                                Repeat = parsed.GetValue(repeat),
                                Device = parsed.GetValue(device),
                                Output = parsed.GetValue(output),
                                Performance = parsed.GetValue(performance),
                            },
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
        var (place, store, json) = (Place(), GoldenImportedVerb.Store(), Json());
        var tool = new Option<bool>("--tool")
        {
            Description = "Open your own diff tool on both files. Never on continuous integration, never without a screen",
        };
        var verb = new Command("diff", "Draw what was received against what is approved; exit code 1 where they differ.")
        {
            name,
            place,
            store,
            json,
            tool,
        };
        verb.SetAction(parsed =>
            Guard.Run(() =>
                parsed.GetValue(tool)
                    ? GoldenTool.Run(Selected(parsed, name, place, store))
                    : GoldenDiff.Run(Selected(parsed, name, place, store), parsed.GetValue(json))
            )
        );
        return verb;
    }

    private static Command Approve()
    {
        var name = Name();
        var (place, store) = (Place(), GoldenImportedVerb.Store());
        var yes = new Option<bool>("--yes") { Description = "Do not ask; needs --reason" };
        var reason = new Option<string?>("--reason") { Description = "Why the change is right; kept in the history", HelpName = "TEXT" };
        var drift = new Option<bool>("--accept-drift")
        {
            Description = "Approve although the sum of approvals drifts beyond the tolerances",
        };
        var received = new Option<string?>("--received")
        {
            Description = "Take what was received from this folder, which `golden check --received` made elsewhere",
            HelpName = "DIR",
        };
        var verb = new Command("approve", "Show what was received, ask, and make it the golden. Never on continuous integration.")
        {
            name,
            yes,
            reason,
            drift,
            received,
            place,
            store,
        };
        verb.SetAction(parsed =>
            Guard.Run(() =>
                GoldenApprove.Run(
                    Selected(parsed, name, place, store),
                    parsed.GetValue(yes),
                    parsed.GetValue(reason),
                    parsed.GetValue(drift),
                    parsed.GetValue(received)
                )
            )
        );
        return verb;
    }

    private static Command History()
    {
        var name = Name();
        var (place, store, json) = (Place(), GoldenImportedVerb.Store(), Json());
        var verb = new Command("history", "Who approved what, when and why; the chain is verified.") { name, place, store, json };
        verb.SetAction(parsed => Guard.Run(() => GoldenHistoryList.Run(Selected(parsed, name, place, store), parsed.GetValue(json))));
        return verb;
    }

    private static GoldenSelection Selected(ParseResult parsed, Argument<string> name, Option<string?> place, Option<string?> store) =>
        GoldenSelection.Of(parsed.GetValue(name)!, parsed.GetValue(place), parsed.GetValue(store));

    private static Argument<string> Name() => new("NAME") { Description = "A golden, or a scenario for all of its seeds" };

    private static Option<string?> Place() =>
        new("--golden")
        {
            Description = "Folder with corpus, networks and trajectories (default: the checkout's golden/)",
            HelpName = "DIR",
        };

    private static Option<bool> Json() => new("--json") { Description = "For machines" };
}
