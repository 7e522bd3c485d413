using SpeechGan.Goldens;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class GoldenTrendTests
{
    private string folder = "";

    private string File => Path.Combine(folder, "trend.jsonl");

    [SetUp]
    public void Make() => folder = Scratch.Create("speechgan-trend-");

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Nights_are_added_read_back_and_drawn()
    {
        GoldenTrend.Append(File, [Entry(1, "a", 2.25), Entry(1, "b", null, GoldenState.Unsound)]);
        GoldenTrend.Append(File, [Entry(2, "a", 2.125, GoldenState.Differs)]);

        var (entries, problems) = GoldenTrend.Read(File);
        problems.Should().BeEmpty();
        entries.Should().HaveCount(3);
        entries[0].Should().BeEquivalentTo(Entry(1, "a", 2.25));
        string.Join('\n', GoldenTrend.Table(entries))
            .Should()
            .Be(
                """
                golden   11-01 02:00   11-02 02:00    change
                a            2.2500        2.1250!   -0.1250
                b              none!         none
                mean PESQ after the last epoch; ! = did not hold
                """
            );
        GoldenTrend.Table([]).Should().Equal("No night is recorded yet.");
    }

    [Test]
    public void Only_the_last_nights_are_drawn() =>
        GoldenTrend
            .Table([.. Enumerable.Range(1, 9).Select(day => Entry(day, "a", 2))])[0]
            .Should()
            .Contain("11-05")
            .And.Contain("11-09")
            .And.NotContain("11-04");

    [Test]
    public void A_line_that_was_torn_is_removed_before_the_next_is_added_and_a_damaged_one_is_named()
    {
        GoldenTrend.Append(File, [Entry(1, "a", 2)]);
        System.IO.File.AppendAllText(File, "{\"when\":");
        GoldenTrend.Append(File, [Entry(2, "a", 2)]);
        System.IO.File.AppendAllText(File, "nonsense\n");
        var (entries, problems) = GoldenTrend.Read(File);
        entries.Should().HaveCount(2);
        problems.Should().ContainSingle().Which.Should().Contain("line 3");
        FluentActions
            .Invoking(() => GoldenTrend.Append(Path.Combine(folder, "gone", "x"), [Entry(1, "a", 2)]))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("Cannot add to the trend '*': *");
    }

    [Test]
    public void A_result_gives_the_values_of_its_last_epoch_and_none_where_it_did_not_run()
    {
        var result = new GoldenCheckResult
        {
            Golden = Scenarios.Goldens[0],
            State = GoldenState.Equal,
            Sentence = "",
            Received = GoldenSamples.Sample(),
        };
        GoldenTrend
            .Of(result, "0.1.0", DateTimeOffset.UnixEpoch)
            .Should()
            .BeEquivalentTo(
                new
                {
                    Golden = "healthy-seed-1",
                    State = GoldenState.Equal,
                    Version = "0.1.0",
                }
            );
        GoldenTrend
            .Of(result, "0.1.0", DateTimeOffset.UnixEpoch)
            .Last.Should()
            .Equal(new Dictionary<string, double> { ["loss.total"] = 0.25, ["mean.pesq_wb"] = 1.625 });
        GoldenTrend.Of(result with { Received = null }, "0.1.0", DateTimeOffset.UnixEpoch).Last.Should().BeEmpty();
    }

    private static GoldenTrendEntry Entry(int day, string golden, double? pesq, GoldenState state = GoldenState.Equal) =>
        new()
        {
            When = new DateTimeOffset(2026, 11, day, 2, 0, 0, TimeSpan.Zero),
            Version = "0.1.0",
            Golden = golden,
            State = state,
            Last = pesq is { } p ? new Dictionary<string, double> { ["mean.pesq_wb"] = p } : new Dictionary<string, double>(),
        };
}
