using SpeechGan.Statistics;

namespace SpeechGan.Tests.Unit.Statistics;

public sealed class TrendTests
{
    [Test]
    public void Three_falling_values_have_one_chance_in_six()
    {
        var trend = Trend.Of([1, 2, 3], [2.64, 2.21, 2.07]);
        trend.PFalls.Should().BeApproximately(1.0 / 6, 1e-12);
        trend.PRises.Should().Be(1);
        trend.Slope.Should().BeApproximately(-0.285, 1e-12, "the median of -0.43, -0.14 and -0.285");
    }

    [Test]
    public void The_exact_and_the_normal_distribution_agree_where_they_meet()
    {
        double[] values = [1, 3, 2, 5, 4, 6, 8, 7];
        var exact = Trend.Of([.. Enumerable.Range(0, 8)], values);
        exact.PRises.Should().BeApproximately(0.0028, 0.0001, "S = 22 of 28: Kendall's table for n = 8 has 0.0028");
        var normal = Trend.Of([.. Enumerable.Range(0, 9)], [.. values, 9]);
        normal.PRises.Should().BeInRange(0.0005, 0.004);
        normal.PFalls.Should().BeGreaterThan(0.99);
    }

    [Test]
    public void Ties_and_odd_epochs_do_not_move_it()
    {
        Trend.Of([1, 2, 3, 4], [5, 5, 5, 5]).Should().Be(new Trend(4, 0, 1, 1));
        Trend.Of([.. Enumerable.Range(0, 12)], [.. Enumerable.Repeat(1.0, 12)]).Should().Be(new Trend(12, 0, 1, 1));
        Trend.Of([1, 2, 3, 4, 5], [1, 2, 100, 4, 5]).Slope.Should().BeApproximately(1, 1e-12);
        Trend.Of([1, 5], [1, 3]).Should().Be(new Trend(2, 0.5, null, null));
        FluentActions.Invoking(() => Trend.Of([1], [1])).Should().Throw<ArgumentException>().WithMessage("A trend needs two values*");
    }
}
