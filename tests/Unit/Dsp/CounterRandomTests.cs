using SpeechGan.Dsp;

namespace SpeechGan.Tests.Unit.Dsp;

public sealed class CounterRandomTests
{
    [Test]
    public void Numbers_are_the_same_in_every_version()
    {
        // Computed by an independent implementation (Python integers): a change here changes every run's cuts and order.
        CounterRandom.Stream("cut").Should().Be(0x21E721176CE6F448UL);
        CounterRandom.Bits(1, 2, 3, 4).Should().Be(0x68055585A968B899UL);
        CounterRandom.Permutation(8, 1, CounterRandom.Stream("order"), 0).Should().Equal(3, 5, 0, 4, 7, 6, 2, 1);
    }

    [Test]
    public void Every_counter_matters()
    {
        ulong[] values =
        [
            CounterRandom.Bits(1, 2, 3, 4),
            CounterRandom.Bits(2, 2, 3, 4),
            CounterRandom.Bits(1, 3, 3, 4),
            CounterRandom.Bits(1, 2, 4, 4),
            CounterRandom.Bits(1, 2, 3, 5),
            CounterRandom.Bits(1, 2, 3, 4, 1),
            CounterRandom.Bits(-1, 2, 3, 4),
            CounterRandom.Bits(2, 1, 3, 4),
        ];
        values.Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void A_flipped_counter_bit_flips_half_of_the_bits()
    {
        double flipped = 0;
        int count = 0;
        for (long index = 0; index < 200; index++)
        for (int bit = 0; bit < 40; bit++, count++)
            flipped += ulong.PopCount(CounterRandom.Bits(9, 8, 7, index) ^ CounterRandom.Bits(9, 8, 7, index ^ (1L << bit)));
        // 8000 differences of 64 bits: the standard deviation of the mean is 4 / sqrt(8000) = 0.045.
        (flipped / count).Should().BeApproximately(32, 0.2);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(7)]
    [TestCase(1000)]
    public void Integers_below_a_bound_are_equally_likely(int bound)
    {
        int draws = 100 * bound;
        var counts = new int[bound];
        for (int i = 0; i < draws; i++)
            counts[CounterRandom.Below(bound, 11, 12, 13, i)]++;
        double chi = counts.Sum(c => (c - 100.0) * (c - 100.0) / 100);
        // Mean bound - 1, variance 2 (bound - 1): four standard deviations. The counters are fixed, so that the outcome is too.
        chi.Should().BeLessThanOrEqualTo(bound - 1 + (4 * Math.Sqrt(2.0 * (bound - 1))));
        FluentActions.Invoking(() => CounterRandom.Below(0, 1, 1, 1, 1)).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Test]
    public void Doubles_fill_the_unit_interval_without_its_end()
    {
        double[] values = [.. Enumerable.Range(0, 10_000).Select(i => CounterRandom.Double(3, 4, 5, i))];
        values.Min().Should().BeInRange(0, 0.001);
        values.Max().Should().BeInRange(0.999, Math.BitDecrement(1.0));
        values.Average().Should().BeApproximately(0.5, 0.012); // four standard deviations of the mean
    }

    [Test]
    public void Permutations_are_equally_likely()
    {
        int[] counts = new int[6];
        for (int epoch = 0; epoch < 6000; epoch++)
        {
            int[] order = CounterRandom.Permutation(3, 1, 2, epoch);
            order.Order().Should().Equal(0, 1, 2);
            counts[(order[0] * 2) + (order[1] > order[2] ? 1 : 0)]++;
        }
        counts.Sum(c => (c - 1000.0) * (c - 1000.0) / 1000).Should().BeLessThan(20.5, "chi-square, 5 degrees of freedom, once in 1000");
        CounterRandom.Permutation(0, 1, 2, 3).Should().BeEmpty();
    }
}
