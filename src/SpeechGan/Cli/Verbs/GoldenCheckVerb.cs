using System.CommandLine;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `golden check`.</summary>
internal static class GoldenCheckVerb
{
    public static Command Make()
    {
        var names = GoldenOptions.Names();
        var (place, store, json) = (SharedOptions.Golden(), GoldenOptions.Store(), SharedOptions.Json());
        var run = new Option<string?>("--run")
        {
            Description = "Compare this imported run with the one golden NAME of --store DIR; nothing is trained",
            HelpName = "RUN",
        };
        var trend = new Option<string?>("--trend")
        {
            Description = "Append one line per golden to this file, and show the last nights",
            HelpName = "F",
        };
        var received = new Option<string?>("--received")
        {
            Description =
                "Write what differs into this folder, on continuous integration too: `golden approve --received DIR` reads it from there",
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
                + "beyond its bound on the golden's own host fails the check) or keep (write figures that a golden lacks beside it)",
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
                        OfImported(parsed, names, run, store, received, json, [place, trend, trace, ledger, since, processes, performance])
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
                                    : GoldenCheckRequest.Use(parsed.GetValue(performance)),
                                Trace = parsed.GetResult(trace) is null ? null : parsed.GetValue(trace) ?? GoldenTrace.Usual,
                            },
                            stop
                        )
                    )
                )
        );
        return verb;
    }

    // --run: an imported run is held against its golden and nothing is trained. Null where scenarios are checked.
    private static int? OfImported(
        ParseResult parsed,
        Argument<string[]> names,
        Option<string?> run,
        Option<string?> store,
        Option<string?> received,
        Option<bool> json,
        IReadOnlyList<Option> ofTrainings
    )
    {
        var (folder, goldens) = (parsed.GetValue(run), parsed.GetValue(store));
        if (folder is null && goldens is null)
            return null;
        if (folder is null || goldens is null)
            throw new UsageException(
                "An imported run is checked with both --run RUN and --store DIR: `speechgan golden check NAME --run RUN --store DIR`."
            );
        if (ofTrainings.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } other)
            throw new UsageException(
                $"{other.Name} is for scenarios that are trained; an imported run is compared as it is. Leave it out."
            );
        return parsed.GetValue(names) is [var name]
            ? GoldenImported.Check(name, folder, goldens, parsed.GetValue(received), parsed.GetValue(json))
            : throw new UsageException("--run RUN is compared with one golden: give its NAME.");
    }
}
