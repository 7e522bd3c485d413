using SpeechGan.Goldens;
using SpeechGan.Reports;

namespace SpeechGan.Tests.Unit.Reports;

public sealed class NightPageTests
{
    private static readonly DateTimeOffset First = new(2026, 11, 1, 2, 0, 0, TimeSpan.Zero);

    [Test]
    public void The_charts_hold_the_trends_own_numbers_and_a_night_without_a_value_is_a_gap()
    {
        var page = new PageReader(Page(Night(0, 2.25), Night(1, null), Night(2, 2.5)));
        page.Series("trend-0", "healthy-seed-1").Should().Equal((0.0, 2.25), (1.0, null), (2.0, 2.5));
        page.Text.Should().Contain("healthy: PESQ").And.Contain("After the last epoch; 3 nights, the last 2026-11-03.");
    }

    [Test]
    public void What_failed_what_could_not_run_and_what_is_open_is_told_and_nothing_of_it_becomes_markup()
    {
        var page = Page();
        page.Should()
            .Contain("<td colspan=\"4\">could not run: no &lt;GPU&gt;</td>")
            .And.Contain("Unit: what failed")
            .And.Contain("&lt;b&gt;expected&lt;/b&gt;")
            .And.NotContain("<b>expected");
        page.Should()
            .Contain("Open regressions: 1")
            .And.Contain("#3 open: healthy-seed-1 differs from epoch 2 on in loss.ri")
            .And.Contain("No night is recorded yet.")
            .And.Contain("Not measured in this night");
        page.Should().Contain("name=\"viewport\" content=\"width=device-width, initial-scale=1\"", "it is read on a phone");
    }

    [Test]
    public void What_trainings_cost_is_a_chart_where_a_night_measured_it_and_else_there_is_none()
    {
        Page(Night(0, 2.25)).Should().NotContain("healthy: step time");
        var costly = Night(1, 2.25) with
        {
            Last = new Dictionary<string, double> { ["performance.stepTime"] = 7.5, ["performance.peakMemory"] = 25_000_000 },
        };
        var page = new PageReader(Page(Night(0, 2.25), costly));
        page.Text.Should().Contain("healthy: step time").And.Contain("healthy: peak memory");
        page.Series("trend-3", "healthy-seed-1").Should().Equal((0.0, null), (1.0, 7.5));
        page.Series("trend-4", "healthy-seed-1").Should().Equal((0.0, null), (1.0, 25));
    }

    [Test]
    public void The_power_of_the_checks_is_a_table_and_nothing_of_it_becomes_markup()
    {
        const string printed = """
            11 estimates, 20 trials a level

            | planted drop | found |
            | --- | --- |
            | 0.05 | 20 of <20> |

            An alarm is p <= 0.01.
            """;
        NightPage
            .Of(Input() with { Power = printed })
            .Should()
            .Contain("<p>11 estimates, 20 trials a level</p>")
            .And.Contain("<tr><th scope=\"col\">planted drop</th><th scope=\"col\">found</th></tr>")
            .And.Contain(
                "<tr><th scope=\"row\">0.05</th><td>20 of &lt;20&gt;</td></tr>\n</tbody></table></div>\n<p>An alarm is p &lt;= 0.01.</p>"
            )
            .And.NotContain("---</");
    }

    private static GoldenTrendEntry Night(int day, double? pesq) =>
        new()
        {
            When = First.AddDays(day),
            Version = "v",
            Golden = "healthy-seed-1",
            State = GoldenState.Equal,
            Last = pesq is { } value ? new Dictionary<string, double> { ["mean.pesq_wb"] = value } : new Dictionary<string, double>(),
        };

    private static string Page(params GoldenTrendEntry[] trend) => NightPage.Of(Input(trend));

    private static NightInput Input(params GoldenTrendEntry[] trend) =>
        new()
        {
            Summary = ["The night FAILED."],
            Suites =
            [
                new NightSuite("Unit", 5, 4, [new NightFailure("A_test", "<b>expected</b> 1")], 12, null),
                new NightSuite("Gpu", 3, 0, [], null, "no <GPU>"),
            ],
            Trend = trend,
            Regressions =
            [
                new Regression
                {
                    Number = 3,
                    Goldens = ["healthy-seed-1"],
                    Field = "loss.ri",
                    FirstEpoch = 2,
                    Host = "h",
                    Version = "v",
                    Opened = First,
                    Seen = First,
                    Times = 1,
                },
            ],
            Problems = [],
            MadeAt = First,
            MadeBy = "test",
        };
}
