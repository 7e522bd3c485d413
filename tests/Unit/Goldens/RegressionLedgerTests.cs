using SpeechGan.Goldens;
using SpeechGan.Tests.Unit.Data;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class RegressionLedgerTests
{
    private static readonly DateTimeOffset Night = new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();
    private int count;
    private RegressionLedger ledger = null!;

    [SetUp]
    public void SetUp() => ledger = new RegressionLedger(folder[$"ledger-{++count}.jsonl"]);

    [OneTimeTearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void A_golden_that_differs_opens_one_and_the_next_night_only_counts()
    {
        Record(Night, "v1", Differs("healthy", 1))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith(
                "Opened #1 open: healthy-seed-1 differs from epoch 2 on in mean.pesq_wb (expected 2.5, received 2.25), since "
                    + "2026-12-01, seen 1 time."
            );
        Record(Night.AddDays(1), "v1", Differs("healthy", 1)).Should().BeEmpty();
        var open = All().Single();
        (open.Times, open.Seen, open.Opened, open.Size, open.Host).Should().Be((2, Night.AddDays(1), Night, 0.25, "host A"));
    }

    [Test]
    public void The_same_field_and_epoch_of_one_version_is_one_regression_and_another_field_another()
    {
        Record(Night, "v1", Differs("healthy", 1), Differs("healthy", 2), Differs("gan-0", 1, "loss.ri"));
        All().Select(r => string.Join(' ', r.Goldens)).Should().Equal("healthy-seed-1 healthy-seed-2", "gan-0-seed-1");
    }

    [Test]
    public void It_is_closed_when_all_its_goldens_hold_on_its_host_again_or_by_an_approval_with_its_reason()
    {
        Record(Night, "v1", Differs("healthy", 1), Differs("healthy", 2));
        Record(Night.AddDays(1), "v2", Holds("healthy", 1));
        Record(Night.AddDays(1), "v2", Holds("healthy", 1), Holds("healthy", 2, "host B"));
        All().Single().IsOpen.Should().BeTrue("one golden was not checked, then on another host");
        Record(Night.AddDays(2), "v3", Holds("healthy", 1), Holds("healthy", 2)).Single().Should().StartWith("Closed #1");
        All().Single().End.Should().Be(new RegressionEnd(Night.AddDays(2), "its goldens hold again at v3", "golden check", "v3"));

        Record(Night.AddDays(3), "v4", Differs("healthy", 1));
        ledger.Record([Holds("healthy", 1)], "v4", Night.AddDays(5), _ => new GoldenApproval
        {
            Number = 1,
            When = Night.AddDays(4),
            By = "Ada",
            Reason = "the time term is right now",
            Digest = "",
        });
        All()[1].End.Should().Be(new RegressionEnd(Night.AddDays(4), "the time term is right now", "Ada", null));
    }

    [Test]
    public void A_bisect_is_linked_and_duplicates_are_joined_by_hand()
    {
        Record(Night, "v1", Differs("healthy", 1), Differs("gan-0", 1, "loss.ri"));
        ledger
            .Link(2, new RegressionCulprit(new string('a', 40), "Bob", "Change a loss", 0.999, "cures"))
            .InWords.Should()
            .Contain("aaaaaaaaaaaa by Bob (confidence 100 %, reverted: cures)");
        ledger
            .Join(2, 1, Night, "Ada")
            .Should()
            .Match<Regression>(r => r.Number == 1 && r.Goldens.Count == 2 && r.Culprit!.Author == "Bob");
        All()[1].Should().Match<Regression>(r => r.JoinedTo == 1 && !r.IsOpen);
        FluentActions
            .Invoking(() => ledger.Join(2, 1, Night, "Ada"))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("Regression #2 is closed: only open ones are joined.");
        FluentActions
            .Invoking(() => ledger.Close(2, new RegressionEnd(Night, "x", "Ada", null)))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("Regression #2 is closed already*");
        FluentActions
            .Invoking(() => ledger.Close(7, new RegressionEnd(Night, "x", "Ada", null)))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("There is no regression #7; the ledger has #1, #2.");
    }

    [Test]
    public void A_ledger_cut_off_or_edited_by_hand_is_read_as_far_as_it_goes_and_never_written_over()
    {
        Record(Night, "v1", Differs("healthy", 1), Differs("gan-0", 1, "loss.ri"));
        var whole = File.ReadAllText(ledger.Path);
        foreach (
            var broken in new[]
            {
                whole[..^20],
                whole + "by hand\n",
                whole + whole,
                whole.Replace("\"number\":2", "\"number\":0", StringComparison.Ordinal),
            }
        )
        {
            File.WriteAllText(ledger.Path, broken);
            ledger.Read().Problems.Should().NotBeEmpty();
            ledger.Read().Regressions.Should().NotBeEmpty();
            FluentActions
                .Invoking(() => Record(Night.AddDays(1), "v2", Differs("starved", 1)))
                .Should()
                .Throw<GoldenException>()
                .WithMessage("The ledger is not sound and is not written: *");
            File.ReadAllText(ledger.Path).Should().Be(broken);
        }
    }

    [Test]
    public void Nights_at_once_lose_nothing()
    {
        var path = ledger.Path;
        Parallel.For(0, 16, i =>
            new RegressionLedger(path).Record([Differs("healthy", 1, $"field.{i}", golden: $"g{i}")], $"v{i}", Night, _ => null)
        );
        All().Select(r => r.Number).Should().Equal(Enumerable.Range(1, 16));
        All().Select(r => r.Field).Should().BeEquivalentTo(Enumerable.Range(0, 16).Select(i => $"field.{i}"));
    }

    private IReadOnlyList<string> Record(DateTimeOffset when, string version, params GoldenCheckResult[] results) =>
        ledger.Record(results, version, when, _ => null);

    private IReadOnlyList<Regression> All() => ledger.Read().Regressions;

    private static GoldenCheckResult Holds(string scenario, long seed, string host = "host A") =>
        new()
        {
            Golden = new ScenarioSeed(Scenarios.Find(scenario)[0].Scenario, seed),
            State = GoldenState.Equal,
            Sentence = "",
            Received = Received(host),
        };

    private static GoldenCheckResult Differs(string scenario, long seed, string field = "mean.pesq_wb", string? golden = null) =>
        new()
        {
            Golden = new ScenarioSeed(
                golden is null ? Scenarios.Find(scenario)[0].Scenario : Scenarios.Find(scenario)[0].Scenario with { Name = golden },
                seed
            ),
            State = GoldenState.Differs,
            Sentence = "",
            Received = Received("host A"),
            Comparison = new GoldenComparison
            {
                Outcome = GoldenOutcome.Differs,
                SameHost = true,
                Sentence = "",
                Divergences =
                [
                    new Divergence
                    {
                        Epoch = 2,
                        Metric = field,
                        Expected = "2.5",
                        Received = "2.25",
                        Allowed = 0,
                        Severity = 1,
                    },
                ],
            },
        };

    private static Golden Received(string host) =>
        GoldenSamples.Sample() with
        {
            Provenance = GoldenSamples.Sample().Provenance with { Host = host },
        };
}
