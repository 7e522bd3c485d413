using SpeechGan.Goldens;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class TrajectoryChartTests
{
    [Test]
    public void Both_trajectories_are_drawn_over_their_epochs() =>
        Draw([1, 2, 3], [2.0, 2.2, 2.3], [2.0, 2.1, 1.6])
            .Should()
            .Be(
                """
                mean.pesq_wb (* expected, o received, @ both)
                2.3 |                *
                    |        *
                    |        o
                    |@
                    |
                    |
                    |
                1.6 |                o
                    +------------------------
                     1       2       3
                """
            );

    [Test]
    public void A_value_that_is_missing_on_one_side_leaves_its_place_empty() =>
        Draw([1, 2], [1.0, null], [double.NaN, 2.0])
            .Should()
            .Be(
                """
                mean.pesq_wb (* expected, o received, @ both)
                2 |        o
                  |
                  |
                  |
                  |
                  |
                  |
                1 |*
                  +----------------
                   1       2
                """
            );

    [Test]
    public void A_flat_trajectory_is_one_line_and_none_is_said()
    {
        Draw([1, 2], [1.5, 1.5], [1.5, 1.5]).Split('\n')[1].Should().Be("1.5 |@       @");
        Draw([1], [null], [null]).Should().Be("mean.pesq_wb: no value in any epoch");
        Draw([], [], []).Should().Be("mean.pesq_wb: no value in any epoch");
    }

    [TestCase(20)]
    [TestCase(120)]
    [TestCase(1000)]
    public void Many_epochs_fit_a_terminal_and_end_with_the_last(int count)
    {
        int[] epochs = [.. Enumerable.Range(1, count)];
        var lines = TrajectoryChart.Draw(
            "loss.total",
            epochs,
            [.. epochs.Select(e => (double?)(1.0 / e))],
            [.. epochs.Select(e => (double?)(1.0 / e))]
        );
        lines.Should().HaveCount(11).And.OnlyContain(l => l.Length <= 80);
        lines.Skip(1).Take(8).Max(l => l.LastIndexOf('@')).Should().Be(lines[8].LastIndexOf('@'), "the last epoch is the lowest and drawn");
    }

    private static string Draw(int[] epochs, double?[] expected, double?[] received) =>
        string.Join('\n', TrajectoryChart.Draw("mean.pesq_wb", epochs, expected, received));
}
