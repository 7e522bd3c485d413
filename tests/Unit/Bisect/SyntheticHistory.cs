using System.Globalization;
using SpeechGan.Bisect;

namespace SpeechGan.Tests.Unit.Bisect;

/// <summary>A random history with a planted culprit: branches that are merged again, commits that do not build, outcomes that lie now and
/// then. All of it follows from the seed.</summary>
internal sealed class SyntheticHistory
{
    private readonly HashSet<string> unbuildable = [];
    private readonly Random lies;
    private readonly double flakeRate;

    /// <param name="seed">Decides everything.</param>
    /// <param name="commits">Candidates.</param>
    /// <param name="unbuildableShare">Share that cannot be tried; never the ends.</param>
    /// <param name="flakeRate">Share of outcomes that lie.</param>
    /// <param name="merges">Whether branches are made.</param>
    public SyntheticHistory(int seed, int commits, double unbuildableShare = 0, double flakeRate = 0, bool merges = true)
    {
        var random = new Random(seed);
        lies = new Random(seed + 1_000_000);
        this.flakeRate = flakeRate;
        var history = new List<Commit> { new("good", []) };
        var tip = "good";
        for (var made = 0; made < commits; )
        {
            var branch = merges && commits - made > 4 && random.NextDouble() < 0.15 ? random.Next(1, Math.Min(8, commits - made - 2)) : 0;
            if (branch > 0)
            {
                var side = tip;
                for (var i = 0; i < branch; i++)
                    side = Add(side);
                tip = Add(tip);
                if (made < commits)
                    tip = Add(tip, side);
            }
            else
                tip = Add(tip);

            string Add(params string[] parents)
            {
                var id = string.Create(CultureInfo.InvariantCulture, $"c{made++:D3}");
                history.Add(new Commit(id, parents));
                return id;
            }
        }
        Graph = CommitGraph.Between(history, "good", tip);
        Culprit = random.Next(Graph.Candidates.Count);
        foreach (var commit in Graph.Candidates)
            if (commit.Id != tip && random.NextDouble() < unbuildableShare)
                unbuildable.Add(commit.Id);
    }

    public CommitGraph Graph { get; }

    public int Culprit { get; }

    public TrialResult Try(string id, int attempt) =>
        unbuildable.Contains(id) ? Result(TrialOutcome.Skip) : Result(Lied(Graph.IndexOf(id) is { } i && Graph.Reaches(Culprit, i)));

    public TrialResult Reverted(string id, int attempt) => Result(Lied(id != Graph.Candidates[Culprit].Id));

    /// <summary>Whether a result names the culprit, or exactly those that cannot be told from it because they do not build.</summary>
    public bool IsRight(CommitBisectResult result)
    {
        var culprit = Graph.Candidates[Culprit].Id;
        if (result.End == BisectEnd.Found)
            return result.Suspects.SequenceEqual([culprit]);
        int[] buildable = [.. Enumerable.Range(0, Graph.Candidates.Count).Where(x => !unbuildable.Contains(Graph.Candidates[x].Id))];
        var alike = Enumerable
            .Range(0, Graph.Candidates.Count)
            .Where(c => buildable.All(x => Graph.Reaches(c, x) == Graph.Reaches(Culprit, x)))
            .Select(c => Graph.Candidates[c].Id);
        return result.End == BisectEnd.NotSure && result.Suspects.Count > 1 && result.Suspects.Order().SequenceEqual(alike.Order());
    }

    private TrialOutcome Lied(bool bad) => bad != (lies.NextDouble() < flakeRate) ? TrialOutcome.Bad : TrialOutcome.Good;

    private static TrialResult Result(TrialOutcome outcome) => new() { Outcome = outcome, Detail = outcome.ToString() };
}
