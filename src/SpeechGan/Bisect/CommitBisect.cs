using System.Globalization;

namespace SpeechGan.Bisect;

/// <summary>What a bisect over commits needs to know beside the history.</summary>
public sealed record CommitBisectOptions
{
    /// <summary>Probability that a trial's outcome is wrong; 0 where trials give the same bits on this host.</summary>
    public double FlakeRate { get; init; }

    /// <summary>Probability from which a commit is suspected and the confirmation begins.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Share of the doubt left by <see cref="Confidence"/> that the confirmation may leave.</summary>
    public double ConfirmedDoubt { get; init; } = 2e-4;

    /// <summary>How often the confirmation tries culprit and parents where no flake rate is known: once is enough only where the same bits
    /// are promised.</summary>
    public int ConfirmRepeats { get; init; } = 2;

    /// <summary>Whether a verdict means the same on every host. A bound of a value does; bits, and distances from what another run gave,
    /// hold for one host.</summary>
    public bool HoldsOnEveryHost { get; init; } = true;

    /// <summary>Most trials; null: as many as the number of candidates and the flake rate make plausible.</summary>
    public int? MostTrials { get; init; }
}

/// <summary>
/// Names the first bad commit: both ends checked, search by information, the culprit and its parents tried again, the bad end tried with
/// the culprit reverted. Trials are brought by the caller. Where outcomes contradict each other, a flake rate is estimated and the search
/// goes on with it.
/// </summary>
/// <param name="graph">The candidates.</param>
/// <param name="trial">Tries a commit (hash, attempt from 1).</param>
/// <param name="reverted">Tries the bad end with a commit reverted (hash, attempt from 1); a <see cref="TrialOutcome.Skip"/> where that
/// cannot be done.</param>
/// <param name="options">Options.</param>
/// <param name="progress">Told each trial and how many more are expected; may be null.</param>
public sealed class CommitBisect(
    CommitGraph graph,
    Func<string, int, TrialResult> trial,
    Func<string, int, TrialResult> reverted,
    CommitBisectOptions options,
    Action<TrialRecord, int>? progress = null
)
{
    private const double LeastEstimate = 0.02,
        LargestEstimate = 0.3;
    private readonly List<TrialRecord> trials = [];
    private readonly Dictionary<string, int> attempts = new(StringComparer.Ordinal);
    private readonly List<string> notes = [];
    private BayesianSearch search = new(graph, options.FlakeRate);
    private bool foundFlaky;
    private int left;

    private double Sure => 1 - ((1 - options.Confidence) * options.ConfirmedDoubt);

    private bool IsNoisy => search.FlakeRate > 0;

    /// <summary>Runs it.</summary>
    public CommitBisectResult Run()
    {
        foreach (var (end, wanted) in new[] { (graph.Good, TrialOutcome.Good), (graph.Bad, TrialOutcome.Bad) })
        {
            var found = Settle(attempt => Try(end, TrialPurpose.End));
            if (!IsNoisy && found != wanted && found != TrialOutcome.Skip && Try(end, TrialPurpose.End).Outcome == wanted)
            {
                // Said to be one thing, seen as both: trials lie.
                ExpectFlakes();
                found = Settle(attempt => Try(end, TrialPurpose.End));
            }

            // Before the outcome is believed: another engine's run differs from the good end's, whatever was wrong with the commits
            // between.
            if (!options.HoldsOnEveryHost && BetweenEnds is not null)
                return Result(BisectEnd.HostsDiffer, [graph.Good, graph.Bad], 0);

            if (found != wanted)
                return Result(
                    found == TrialOutcome.Skip ? BisectEnd.EndUntestable
                        : wanted == TrialOutcome.Good ? BisectEnd.GoodIsBad
                        : BisectEnd.BadIsGood,
                    [end],
                    0
                );
        }

        while (true)
        {
            var (suspects, probability) = search.Leading();
            if (probability >= (IsNoisy ? Sure : 1 - 1e-9))
            {
                if (suspects.Count > 1)
                {
                    var skipped = trials.Where(t => t.Result.Outcome == TrialOutcome.Skip).Select(t => t.Commit).Distinct().Count();
                    notes.Add($"{suspects.Count} commits cannot be separated, because " + $"{Count(skipped)} " + $"could not be tried.");
                    return Result(BisectEnd.NotSure, [.. suspects.Select(Id)], probability);
                }

                if (Confirm(suspects[0]) is { } confirmed)
                    return confirmed;

                continue;
            }

            if (search.Next() is not { } next || Spent >= Budget)
            {
                notes.Add(
                    Spent >= Budget
                        ? $"{Spent} trials were made, and the evidence does not suffice."
                        : "No further trial can separate the remaining commits."
                );
                return NotSure();
            }

            Learn(next, probability >= options.Confidence ? TrialPurpose.Confirm : TrialPurpose.Search);
        }
    }

    private HostChange? BetweenEnds => HostChange.Between(HostOf(graph.Good), HostOf(graph.Bad));

    private int Spent => trials.Count(t => t.Result.Outcome != TrialOutcome.Skip);

    private int Budget =>
        options.MostTrials
        ?? (
            IsNoisy
                ? 30 + (int)(6 * Math.Ceiling(Math.Log2(graph.Candidates.Count + 1)) / Math.Pow(1 - (2 * search.FlakeRate), 2))
                : int.MaxValue
        );

    private string Id(int candidate) => graph.Candidates[candidate].Id;

    private void Learn(int candidate, TrialPurpose purpose) => Try(Id(candidate), purpose, candidate);

    private TrialResult Try(string id, TrialPurpose purpose, int? candidate = null)
    {
        var key = purpose == TrialPurpose.Revert ? "revert " + id : id;
        var attempt = attempts[key] = attempts.GetValueOrDefault(key) + 1;
        var result = purpose == TrialPurpose.Revert ? reverted(id, attempt) : trial(id, attempt);
        var record = new TrialRecord(trials.Count + 1, id, attempt, purpose, result);
        trials.Add(record);
        if (candidate is { } known)
            search.Observe(known, result.Outcome);

        progress?.Invoke(record, Expected(purpose));
        return result;
    }

    // The search's own, and the confirmation's: the culprit, a parent, the revert, each as often as the noise demands.
    private int Expected(TrialPurpose purpose) =>
        purpose switch
        {
            TrialPurpose.Revert => 0,
            TrialPurpose.Confirm when !IsNoisy => left--,
            _ => search.ExpectedTrials + (3 * Repeats) + (purpose == TrialPurpose.End && trials.Count == 1 ? 1 : 0),
        };

    private int Repeats =>
        IsNoisy ? (int)Math.Ceiling(Math.Log(1 / (1 - Sure)) / Math.Log((1 - search.FlakeRate) / search.FlakeRate) / 2) : 1;

    /// <summary>Tries the same thing until its outcome is sure: once where trials do not lie.</summary>
    private TrialOutcome Settle(Func<int, TrialResult> tries)
    {
        if (!IsNoisy)
            return tries(1).Outcome;

        // Wald's sequential test of two simple hypotheses: what counts is by how many one outcome leads.
        var needed = (int)Math.Ceiling(Math.Log(1 / (1 - Sure)) / Math.Log((1 - search.FlakeRate) / search.FlakeRate));
        var lead = 0;
        for (var i = 1; Math.Abs(lead) < needed && i <= 10 * needed; i++)
        {
            var outcome = tries(i).Outcome;
            if (outcome == TrialOutcome.Skip)
                return TrialOutcome.Skip;

            lead += outcome == TrialOutcome.Bad ? 1 : -1;
        }

        if (Math.Abs(lead) < needed)
            return TrialOutcome.Skip;
        if (lead > 0)
            return TrialOutcome.Bad;
        return TrialOutcome.Good;
    }

    // Null where the trials that were made again say otherwise: the search goes on.
    private CommitBisectResult? Confirm(int culprit)
    {
        var commit = graph.Candidates[culprit];
        if (!IsNoisy && !HoldsAgain(culprit, commit))
        {
            ExpectFlakes();
            return null;
        }

        string[] unsure =
        [
            .. trials
                .Where(t => t.Purpose == TrialPurpose.Confirm && t.Result.Outcome == TrialOutcome.Skip)
                .Select(t => t.Commit)
                .Distinct(),
        ];
        if (unsure.Length > 0)
            notes.Add($"The confirmation could not try {Count(unsure.Length)} again.");

        var revert = Reverted(commit.Id);
        NoteHosts(commit);
        return Result(BisectEnd.Found, [commit.Id], search.Posterior[culprit], unsure.Length == 0, revert);
    }

    // Tries the commit and its parents again; false where an outcome differs from before.
    private bool HoldsAgain(int culprit, Commit commit)
    {
        string[] parents = [.. commit.Parents.Where(p => p == graph.Good || graph.IndexOf(p) is not null)];
        left = options.ConfirmRepeats * (1 + parents.Length);
        for (var repeat = 0; repeat < options.ConfirmRepeats && !search.Contradicted; repeat++)
        {
            Learn(culprit, TrialPurpose.Confirm);
            foreach (var parent in parents)
            {
                if (graph.IndexOf(parent) is { } inside)
                    Learn(inside, TrialPurpose.Confirm);
                else if (Try(parent, TrialPurpose.Confirm).Outcome == TrialOutcome.Bad)
                    search.Observe(culprit, TrialOutcome.Good);
            }
        }

        return !search.Contradicted;
    }

    private RevertCheck Reverted(string commit)
    {
        var revert = Settle(_ => Try(commit, TrialPurpose.Revert)) switch
        {
            TrialOutcome.Good => RevertCheck.Cures,
            TrialOutcome.Bad => RevertCheck.DoesNotCure,
            _ => RevertCheck.Impossible,
        };
        if (revert == RevertCheck.DoesNotCure)
            notes.Add(
                "The bad end stays bad with the commit reverted: confidence is low. Either a later commit causes the regression too, or a "
                    + "trial is wrong."
            );
        else if (revert == RevertCheck.Impossible)
            notes.Add($"The commit could not be reverted at the bad end: {trials[^1].Result.Detail}. It is not confirmed that way.");
        return revert;
    }

    private void NoteHosts(Commit commit)
    {
        if (WithCulprit(commit.Id) is { } change)
        {
            notes.Add(
                $"The host changed with this commit, {change.InWords}: another engine is another host class, on which a value may move "
                    + $"though the commit does nothing wrong. Bisect each side of it alone to find what does."
            );
        }
        else if (BetweenEnds is { } ends)
        {
            var told = HostOf(commit.Id) is not null && commit.Parents.Any(p => HostOf(p) is not null);
            var where = told
                ? "; the named commit and its parent ran on the same"
                : "; whether it changed with the named commit was not seen";
            notes.Add($"The ends ran on different hosts, {ends.InWords}{where}.");
        }
    }

    // Outcomes of the same commit that differ tell how often trials lie.
    private void ExpectFlakes()
    {
        foundFlaky = true;
        var judged = trials
            .Where(t => t.Result.Outcome != TrialOutcome.Skip && t.Purpose != TrialPurpose.Revert)
            .GroupBy(t => t.Commit)
            .Where(g => g.Count() > 1)
            .ToList();
        var minority = judged.Sum(g =>
            Math.Min(g.Count(t => t.Result.Outcome == TrialOutcome.Good), g.Count(t => t.Result.Outcome == TrialOutcome.Bad))
        );
        var rate = Math.Clamp((minority + 1.0) / (judged.Sum(g => g.Count()) + 10), LeastEstimate, LargestEstimate);
        notes.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The same commit gave different outcomes: some trials are wrong. The search continued with an estimated rate of {rate:P0}."
            )
        );
        search = new BayesianSearch(graph, rate);
        foreach (var t in trials)
        {
            if (t.Purpose != TrialPurpose.Revert && graph.IndexOf(t.Commit) is { } candidate)
                search.Observe(candidate, t.Result.Outcome);
        }
    }

    private CommitBisectResult NotSure()
    {
        var set = search.CredibleSet(options.Confidence);
        return Result(BisectEnd.NotSure, [.. set.Order().Select(Id)], set.Sum(c => search.Posterior[c]));
    }

    private CommitBisectResult Result(
        BisectEnd end,
        IReadOnlyList<string> suspects,
        double confidence,
        bool confirmed = false,
        RevertCheck revert = RevertCheck.NotTried
    ) =>
        new()
        {
            End = end,
            Suspects = suspects,
            Confidence = Math.Min(1, confidence),
            FlakeRate = search.FlakeRate,
            FoundFlaky = foundFlaky,
            Confirmed = confirmed,
            Revert = revert,
            Trials = [.. trials],
            BetweenEnds = BetweenEnds,
            WithCulprit = end == BisectEnd.Found ? WithCulprit(suspects[0]) : null,
            Posterior = Enumerable
                .Range(0, graph.Candidates.Count)
                .Where(c => search.Posterior[c] > 1e-9)
                .OrderByDescending(c => search.Posterior[c])
                .ToDictionary(Id, c => search.Posterior[c]),
            Notes = [.. notes],
        };

    private HostChange? WithCulprit(string id) =>
        graph
            .Candidates[graph.IndexOf(id)!.Value]
            .Parents.Select(p => HostChange.Between(HostOf(p), HostOf(id)))
            .FirstOrDefault(c => c is not null);

    private string? HostOf(string commit) =>
        trials.LastOrDefault(t => t.Commit == commit && t.Purpose != TrialPurpose.Revert && t.Result.Host is not null)?.Result.Host;

    private static string Count(int commits) =>
        commits == 1 ? "1 commit" : string.Create(CultureInfo.InvariantCulture, $"{commits} commits");
}
