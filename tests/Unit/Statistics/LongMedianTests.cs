using SpeechGan.Statistics;

namespace SpeechGan.Tests.Unit.Statistics;

public sealed class LongMedianTests
{
    [Test]
    public void The_median_of_a_million_numbers_has_the_bits_of_the_sorted_one([Values(0, 1)] int more)
    {
        const int seed = 20261130;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        foreach (
            var draw in new Func<double>[]
            {
                () => random.NextDouble(),
                () => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)),
                () => 1 + (random.Next(3) * 1e-16 * random.Next(100)), // a few values, each many times
                () => random.Next(4) - 2,
            }
        )
        {
            double[] values = [.. Enumerable.Range(0, (2 * LongMedian.Few) + more).Select(_ => draw())];
            LongMedian.Of(values).Should().Be(Trend.Median(values));
        }
    }

    [Test]
    public void Few_numbers_are_sorted_and_none_have_no_median()
    {
        LongMedian.Of([3, 1, 2]).Should().Be(2);
        LongMedian.Of([4, 1]).Should().Be(2.5);
        FluentActions.Invoking(() => LongMedian.Of([])).Should().Throw<ArgumentException>();
    }
}
