using System.Globalization;
using SpeechGan.Bisect;

namespace SpeechGan.Tests.Unit.Bisect;

/// <summary>The search over commits on planted histories (figure R12); `tools/bisect-proof` runs ten times as many.</summary>
public sealed class CommitBisectTests
{
    private static readonly int Histories =
        200 * int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_BISECT_PROOF") ?? "1", CultureInfo.InvariantCulture);

    private static CommitBisectResult Run(SyntheticHistory history, double assumed = 0) =>
        new CommitBisect(history.Graph, history.Try, history.Reverted, new CommitBisectOptions { FlakeRate = assumed }).Run();

    private static int Size(int seed) => 8 + (seed * 37 % 121);

    private static int Bound(CommitGraph graph) => (int)Math.Ceiling(Math.Log2(graph.Candidates.Count)) + 2;

    [Test]
    public void Every_planted_culprit_of_a_straight_history_is_named_within_the_bound_of_trials_ends_included()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new SyntheticHistory(seed, Size(seed), merges: false);
            var result = Run(history);
            history.IsRight(result).Should().BeTrue("seed {0}", seed);
            result
                .Should()
                .Match<CommitBisectResult>(r => r.End == BisectEnd.Found && r.Confirmed && r.Revert == RevertCheck.Cures, "seed {0}", seed);
            result.TrialsBeforeConfirmation.Should().BeLessThanOrEqualTo(Bound(history.Graph), "seed {0}, {1} commits", seed, Size(seed));
        }
    }

    [Test]
    public void With_merges_and_commits_that_do_not_build_every_planted_culprit_is_named_and_what_cannot_be_told_apart_is_said()
    {
        int found = 0,
            several = 0,
            beyond = 0,
            largest = 0;
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new SyntheticHistory(seed, Size(seed), unbuildableShare: 0.1);
            var result = Run(history);
            history.IsRight(result).Should().BeTrue("seed {0}: {1} {2}", seed, result.End, string.Join(" ", result.Suspects));
            (found, several) = result.End == BisectEnd.Found ? (found + 1, several) : (found, several + 1);
            var over =
                result.Trials.Count(t => t.Purpose == TrialPurpose.Search && t.Result.Outcome != TrialOutcome.Skip) - Bound(history.Graph);
            largest = Math.Max(largest, over);
            beyond += result.TrialsBeforeConfirmation > Bound(history.Graph) ? 1 : 0;
        }
        TestContext.Out.WriteLine(
            $"{Histories} histories: {found} named, {several} as one of several that do not build; with the two ends counted {beyond} "
                + $"were beyond ceil(log2 n) + 2"
        );
        largest.Should().BeLessThanOrEqualTo(0, "the search itself takes at most ceil(log2 n) + 2 trials");
        found.Should().BeGreaterThan(several);
    }

    [TestCase(0.05, 0.05)]
    [TestCase(0.05, 0.0, Description = "nobody said that trials lie: it is noticed")]
    public void With_flaky_outcomes_nineteen_of_twenty_are_right_where_the_rate_is_known_and_none_is_wrong_without_saying_so(
        double flaky,
        double assumed
    )
    {
        int right = 0,
            wrongAndSure = 0,
            trials = 0;
        for (var seed = 0; seed < Histories; seed++)
        {
            var history = new SyntheticHistory(seed, Size(seed), unbuildableShare: 0.1, flakeRate: flaky);
            var result = Run(history, assumed);
            trials += result.Trials.Count(t => t.Result.Outcome != TrialOutcome.Skip);
            if (history.IsRight(result))
                right++;
            else if (result.End == BisectEnd.Found && result.Revert == RevertCheck.Cures && result.Confirmed)
            {
                wrongAndSure++;
                TestContext.Out.WriteLine($"seed {seed}: wrong and sure");
            }
        }
        TestContext.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Histories} histories, {flaky:P0} flaky, {assumed:P0} assumed: {right} right, {wrongAndSure} wrong and sure, "
                    + $"{(double)trials / Histories:F1} trials each"
            )
        );
        wrongAndSure.Should().Be(0);
        right.Should().BeGreaterThanOrEqualTo((int)((assumed > 0 ? 0.95 : 0.8) * Histories));
    }

    [Test]
    public void A_commit_that_changes_nothing_that_matters_is_never_tried_and_never_blamed()
    {
        Commit[] history =
        [
            new("good", [], "a"),
            new("doc1", ["good"], "a"),
            new("fault", ["doc1"], "b"),
            new("doc2", ["fault"], "b"),
            new("doc3", ["doc2"], "b"),
        ];
        var tried = new List<string>();
        var result = new CommitBisect(
            CommitGraph.Between(history, "good", "doc3"),
            (id, _) => Outcome(id),
            (_, _) => Outcome("good"),
            new CommitBisectOptions()
        ).Run();
        result.Suspects.Should().Equal("fault");
        tried.Take(2).Should().Equal("good", "doc3");
        result.TrialsBeforeConfirmation.Should().Be(2, "one commit alone changes what matters");

        TrialResult Outcome(string id)
        {
            tried.Add(id);
            return new TrialResult { Outcome = id is "good" or "doc1" ? TrialOutcome.Good : TrialOutcome.Bad, Detail = "" };
        }
    }

    [TestCase(TrialOutcome.Bad, TrialOutcome.Bad, BisectEnd.GoodIsBad)]
    [TestCase(TrialOutcome.Good, TrialOutcome.Good, BisectEnd.BadIsGood)]
    [TestCase(TrialOutcome.Skip, TrialOutcome.Bad, BisectEnd.EndUntestable)]
    public void Both_ends_are_tried_first(TrialOutcome good, TrialOutcome bad, BisectEnd end)
    {
        Commit[] history = [new("good", []), new("a", ["good"]), new("b", ["a"])];
        var result = new CommitBisect(
            CommitGraph.Between(history, "good", "b"),
            (id, _) => new TrialResult { Outcome = id == "good" ? good : bad, Detail = "" },
            (_, _) => throw new InvalidOperationException(),
            new CommitBisectOptions()
        ).Run();
        result.End.Should().Be(end);
        result.Trials.Should().OnlyContain(t => t.Purpose == TrialPurpose.End);
    }

    [Test]
    public void A_revert_that_does_not_cure_and_one_that_cannot_be_made_are_said()
    {
        var history = new SyntheticHistory(3, 12);
        foreach (
            var (outcome, check, words) in new[]
            {
                (TrialOutcome.Bad, RevertCheck.DoesNotCure, "confidence is low"),
                (TrialOutcome.Skip, RevertCheck.Impossible, "conflict"),
            }
        )
        {
            var result = new CommitBisect(
                history.Graph,
                history.Try,
                (_, _) => new TrialResult { Outcome = outcome, Detail = "conflict" },
                new CommitBisectOptions()
            ).Run();
            result.Revert.Should().Be(check);
            result.Notes.Should().Contain(n => n.Contains(words));
        }
    }

    [Test]
    public void A_cut_off_file_of_the_cache_is_as_none()
    {
        var folder = Directory.CreateTempSubdirectory("bisect-cache-").FullName;
        var cache = new TrialCache(folder);
        cache.Keep(
            "key",
            new TrialResult
            {
                Outcome = TrialOutcome.Bad,
                Detail = "2.1 is below 2.3",
                Value = 2.1,
                Epochs = new Dictionary<int, double> { [1] = 2.1 },
            }
        );
        cache
            .Find("key")
            .Should()
            .BeEquivalentTo(
                new
                {
                    Outcome = TrialOutcome.Bad,
                    Value = 2.1,
                    FromCache = true,
                }
            );
        cache.Find("other").Should().BeNull();
        var file = Directory.GetFiles(folder).Single();
        File.WriteAllText(file, File.ReadAllText(file)[..20]);
        cache.Find("key").Should().BeNull();
        Directory.Delete(folder, recursive: true);
    }
}
