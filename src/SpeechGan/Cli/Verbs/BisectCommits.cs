using System.Globalization;
using SpeechGan.Bisect;
using SpeechGan.Cli.Views;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>What `bisect commits` was asked for.</summary>
internal sealed record CommitRequest
{
    public required string Good { get; init; }

    public required string Bad { get; init; }

    public required string Repository { get; init; }

    public string? Scenario { get; init; }

    public IReadOnlyList<string> Command { get; init; } = [];

    public string? Field { get; init; }

    public double? Below { get; init; }

    public double? Above { get; init; }

    public IReadOnlyList<long> Seeds { get; init; } = [];

    public IReadOnlyList<string> Knobs { get; init; } = [];

    public IReadOnlyList<string> Paths { get; init; } = [];

    public string? Build { get; init; }

    public double BuildLimit { get; init; }

    public double TimeLimit { get; init; }

    public string? Cache { get; init; }

    public string? Golden { get; init; }

    public double Confidence { get; init; }

    public double Flaky { get; init; }

    public int? MostTrials { get; init; }

    public bool Json { get; init; }
}

/// <summary>`bisect commits`: the first bad commit by builds and runs.</summary>
internal static class BisectCommits
{
    private const double MostSeconds = 7 * 24 * 3600;

    /// <summary>Runs it.</summary>
    /// <returns>0: named; 125: one of several.</returns>
    public static int Run(CommitRequest request, CancellationToken stop)
    {
        if ((request.Scenario is null) == (request.Command.Count == 0))
            throw new UsageException(
                "Say what is run at each commit: --scenario NAME (`speechgan golden list` has them), or -- COMMAND with its arguments; "
                    + "not both."
            );
        if (request.Field is null && (request.Below ?? request.Above) is not null)
            throw new UsageException("--below and --above are bounds of a field: name it with --field, mean.pesq_wb for example.");
        if (request.Command.Count > 0 && request.Field is not null && (request.Below ?? request.Above) is null)
            throw new UsageException("A field of a command's JSON needs a bound: --below X or --above X says from where on it is bad.");
        if (request.Confidence is not (>= 0.5 and < 1))
            throw new UsageException(
                string.Create(CultureInfo.InvariantCulture, $"--confidence is {request.Confidence}; allowed is 0.5 to below 1.")
            );
        if (request.Flaky is not (>= 0 and < 0.5))
            throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--flaky is {request.Flaky}; allowed is 0 to below 0.5, the share of trials that lie."
                )
            );
        foreach (var (option, limit) in new[] { ("--build-limit", request.BuildLimit), ("--time-limit", request.TimeLimit) })
            if (limit is not (> 0 and <= MostSeconds))
                throw new UsageException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{option} is {limit}; allowed is above 0 and up to {MostSeconds} seconds (a week)."
                    )
                );
        if (request.MostTrials < 3)
            throw new UsageException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--most-trials is {request.MostTrials}; allowed is 3 and more: both ends are tried first."
                )
            );
        if (double.IsNaN(request.Below ?? 0) || double.IsNaN(request.Above ?? 0))
            throw new UsageException("--below and --above are numbers a field is held against; NaN is none.");
        using var place = new BisectPlace(
            request.Repository,
            request.Cache,
            new SpeechGanBuild(request.Build, TimeSpan.FromSeconds(request.BuildLimit)),
            stop
        );
        var (report, end) = Search(request, place, stop);
        if (request.Json)
            Console.WriteLine(report.Json());
        else
            foreach (var line in report.InWords())
                Terminal.Out.Line(line);
        return end == BisectEnd.Found ? ExitCode.Good : ExitCode.CannotJudge;
    }

    /// <summary>Searches, in a place that other searches may share.</summary>
    /// <param name="request">What is asked; its repository, cache and build are the place's.</param>
    /// <param name="place">The place.</param>
    /// <param name="stop">Asks for an end.</param>
    /// <exception cref="UsageException">An end is not as it was said to be, or cannot be judged.</exception>
    internal static (BisectReport Report, BisectEnd End) Search(CommitRequest request, BisectPlace place, CancellationToken stop)
    {
        var (repository, folder) = (place.Repository, place.Folder);
        string good = repository.Resolve(request.Good, "--good"),
            bad = repository.Resolve(request.Bad, "--bad");
        using var trial = request.Scenario is null ? null : new ScenarioTrial(GoldenPlace.Open(request.Golden), stop);
        ITrialRun run = trial is null
            ? new CommandRun(
                request.Command,
                request.Field,
                request.Below,
                request.Above,
                request.Paths,
                TimeSpan.FromSeconds(request.TimeLimit)
            )
            : Scenario(request, trial);
        var graph = repository.Graph(good, bad, run.Paths);
        var terminal = Terminal.Error;
        if (folder.Cleaned > 0)
            terminal.Line($"Removed what {folder.Cleaned} killed bisect{(folder.Cleaned == 1 ? "" : "s")} left behind.");
        var paths = run.Paths.Count == 0 ? "the tree" : string.Join(", ", run.Paths);
        var relevant = graph.Possible < graph.Candidates.Count ? $"; {graph.Possible} of them change what matters ({paths})" : "";
        terminal.Line(
            $"{graph.Candidates.Count} commit{(graph.Candidates.Count == 1 ? "" : "s")} between {good[..12]} and "
                + $"{bad[..12]}{relevant}."
        );
        var trials = new CommitTrials(repository, graph, folder, place.Trees, run, stop);
        var subjects = graph.Candidates.ToDictionary(c => c.Id, c => c.Subject);
        // A field measured without a bound is held against the good end's, within the tolerance that was measured for the scenario.
        var byReference = request is { Scenario: not null, Field: not null, Knobs.Count: > 0 } && (request.Below ?? request.Above) is null;
        var allowed = byReference
            ? GoldenPlace.Open(request.Golden).Tolerances().For(Scenarios.Find(request.Scenario!)[0].Scenario.Name).For(request.Field!)
            : 0;
        TrialResult? reference = null;
        TrialResult Judged(TrialResult result) => byReference ? TrialJudge.Against(reference ??= result, result, allowed) : result;
        var search = new CommitBisect(
            graph,
            (id, attempt) => Judged(trials.Try(id, attempt)),
            (id, attempt) => Judged(trials.Reverted(id, attempt)),
            new CommitBisectOptions
            {
                FlakeRate = request.Flaky,
                Confidence = request.Confidence,
                MostTrials = request.MostTrials,
                ConfirmRepeats = request.Scenario is null ? 2 : 1,
                HoldsOnEveryHost = request.Scenario is null || (request.Below ?? request.Above) is not null,
            },
            (t, left) => terminal.Line(BisectReport.Progress(t, subjects.GetValueOrDefault(t.Commit, "the good end"), left))
        );
        var result = search.Run();
        var report = new BisectReport(
            repository,
            graph,
            result,
            run is ScenarioRun s ? s.Key.Split('\n')[0] : string.Join(' ', request.Command)
        );
        switch (result.End)
        {
            case BisectEnd.GoodIsBad:
                throw new UsageException(
                    $"--good {good[..12]} already fails: {result.Trials[^1].Result.Detail}. Give an older commit, or adjust "
                        + "the criterion (--below, --above, --field)."
                );
            case BisectEnd.BadIsGood:
                throw new UsageException(
                    $"--bad {bad[..12]} does not fail: {result.Trials[^1].Result.Detail}. The fault does not show here by this criterion, "
                        + "and a bisect would name a commit at random. Adjust --below, --above or --field."
                );
            case BisectEnd.HostsDiffer:
                throw new UsageException(
                    $"The engine changed between --good {good[..12]} and --bad {bad[..12]}, {result.BetweenEnds!.InWords}: another "
                        + $"host class, on which other bits are right. The bisect would blame the commit that changed it. Compare "
                        + $"within one "
                        + $"engine (give ends on one side of that commit), or say with --field NAME and --below X or --above X what is bad "
                        + $"on any host."
                );
            case BisectEnd.EndUntestable:
                throw new UsageException(
                    $"{(result.Suspects[0] == good ? "--good" : "--bad")} {result.Suspects[0][..12]} cannot be judged: "
                        + $"{result.Trials[^1].Result.Detail.TrimEnd('.')}. Give a commit near it that can be."
                );
        }
        return (report, result.End);
    }

    private static ScenarioRun Scenario(CommitRequest request, ScenarioTrial trial)
    {
        var found = Scenarios.Find(request.Scenario!);
        var scenario = found[0].Scenario;
        long[] seeds =
            request.Seeds.Count > 0 ? [.. request.Seeds]
            : found.Count == 1 ? [found[0].Seed]
            : [scenario.Seeds[0]];
        // Refused here rather than by every commit.
        trial.Config(scenario, seeds[0], [.. request.Knobs]);
        var reading = request.Field is { } field ? FieldReading.Of(field) : null;
        if (reading is not null && (request.Below ?? request.Above) is not null)
        {
            var bound = TrialJudge.Bound(reading, request.Below, request.Above);
            return Of(_ => bound);
        }
        if (request.Knobs.Count > 0)
        {
            // With knobs of its own the run is no longer that of a golden: the good end's is the reference.
            var measured = TrialJudge.Measured(
                reading
                    ?? throw new UsageException(
                        "With --set the run is no longer that of a golden: say what is judged with --field NAME (against the good end, or "
                            + "with --below X or --above X)."
                    )
            );
            return Of(_ => measured);
        }
        var store = GoldenPlace.Open(request.Golden).Store();
        var judges = seeds.ToDictionary(
            s => s,
            s =>
            {
                if (!store.IsApproved(scenario.GoldenName(s)))
                    throw new UsageException(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"No golden '{scenario.GoldenName(s)}' is approved to judge by. Give a seed that has one, or --field NAME "
                                + $"with --below X or --above X."
                        )
                    );
                var golden = store.Read(scenario.GoldenName(s));
                return reading is null ? TrialJudge.WholeGolden(golden) : TrialJudge.GoldenField(reading, golden);
            }
        );
        return Of(s => judges[s]);

        ScenarioRun Of(Func<long, TrialJudge> judge) =>
            new(scenario, seeds, judge, request.Knobs, trial, TimeSpan.FromSeconds(request.TimeLimit));
    }
}
