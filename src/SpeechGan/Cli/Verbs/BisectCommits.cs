using SpeechGan.Bisect;
using SpeechGan.Cli.Views;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`bisect commits`: the first bad commit by builds and runs.</summary>
internal static class BisectCommits
{
    /// <summary>Runs it.</summary>
    /// <returns>0: named; 125: one of several.</returns>
    public static int Run(CommitRequest request, CancellationToken stop)
    {
        request.Validate();
        using var place = new BisectPlace(request.Building.Repository, request.Building.Cache, request.Building.Build, stop);
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
        using var trial = request.Scenario is null ? null : new ScenarioTrial(GoldenPlace.Open(request.Building.Golden), stop);
        ITrialRun run = trial is null
            ? new CommandRun(
                request.Command,
                request.Field,
                request.Below,
                request.Above,
                request.Paths,
                TimeSpan.FromSeconds(request.Building.TimeLimit)
            )
            : BisectScenario.Of(request, trial);
        var graph = repository.Graph(good, bad, run.Paths);
        Announce(place, graph, run.Paths, good, bad);
        var trials = new CommitTrials(repository, graph, folder, place.Trees, run, stop);
        var subjects = graph.Candidates.ToDictionary(c => c.Id, c => c.Subject);
        // A field measured without a bound is held against the good end's, within the tolerance that was measured for the scenario.
        var byReference = request is { Scenario: not null, Field: not null, Knobs.Count: > 0 } && !request.HasBound;
        var allowed = byReference
            ? GoldenPlace
                .Open(request.Building.Golden)
                .Tolerances()
                .For(Scenarios.Find(request.Scenario!)[0].Scenario.Name)
                .For(request.Field!)
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
                HoldsOnEveryHost = request.Scenario is null || request.HasBound,
            },
            (t, left) => Terminal.Error.Line(BisectReport.Progress(t, subjects.GetValueOrDefault(t.Commit, "the good end"), left))
        );
        var result = search.Run();
        var report = new BisectReport(
            repository,
            graph,
            result,
            run is ScenarioRun s ? s.Key.Split('\n')[0] : string.Join(' ', request.Command)
        );
        RequireEnds(result, good, bad);
        return (report, result.End);
    }

    private static void Announce(BisectPlace place, CommitGraph graph, IReadOnlyList<string> relevant, string good, string bad)
    {
        var terminal = Terminal.Error;
        var cleaned = place.Folder.Cleaned;
        if (cleaned > 0)
            terminal.Line($"Removed what {cleaned} killed {(cleaned == 1 ? "bisect" : "bisects")} left behind.");
        var paths = relevant.Count == 0 ? "the tree" : string.Join(", ", relevant);
        var possible = graph.Possible < graph.Candidates.Count ? $"; {graph.Possible} of them change what matters ({paths})" : "";
        var commits = graph.Candidates.Count == 1 ? "commit" : "commits";
        terminal.Line($"{graph.Candidates.Count} {commits} between {good[..12]} and {bad[..12]}{possible}.");
    }

    // Between ends that are not what they are said to be, a bisect names a commit at random.
    private static void RequireEnds(CommitBisectResult result, string good, string bad)
    {
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
                        + $"{result.Trials[^1].Result.Detail.TrimEnd('.')}. Give a commit near it that can be judged."
                );
        }
    }
}
