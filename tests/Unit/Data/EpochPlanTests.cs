using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

public sealed class EpochPlanTests
{
    private static int[] Order(ShufflePolicy shuffle, long seed, long epoch) =>
        [.. EpochPlan.Items(50, 0, 0, shuffle, seed, epoch).Select(i => i.Index)];

    [Test]
    public void Shuffling_each_epoch_follows_seed_and_epoch()
    {
        Order(ShufflePolicy.EachEpoch, 1, 0).Should().BeEquivalentTo(Enumerable.Range(0, 50)).And.NotBeInAscendingOrder();
        Order(ShufflePolicy.EachEpoch, 1, 0).Should().Equal(Order(ShufflePolicy.EachEpoch, 1, 0));
        Order(ShufflePolicy.EachEpoch, 1, 1).Should().NotEqual(Order(ShufflePolicy.EachEpoch, 1, 0));
        Order(ShufflePolicy.EachEpoch, 2, 0).Should().NotEqual(Order(ShufflePolicy.EachEpoch, 1, 0));
    }

    [Test]
    public void Shuffling_once_keeps_the_first_order()
    {
        Order(ShufflePolicy.Once, 1, 9).Should().Equal(Order(ShufflePolicy.EachEpoch, 1, 0));
        Order(ShufflePolicy.None, 1, 9).Should().Equal(Enumerable.Range(0, 50));
    }

    [TestCase(0.0, 0)]
    [TestCase(0.35, 35)]
    [TestCase(0.999, 100)]
    public void The_mixed_in_share_of_an_epoch_is_exact(double share, int expected)
    {
        EpochItem[] items = EpochPlan.Items(100, 8, share, ShufflePolicy.EachEpoch, 1, 2);
        items.Should().HaveCount(100);
        items.Count(i => i.MixedIn).Should().Be(expected);
        items.Select(i => i.Counter).Should().OnlyHaveUniqueItems("two items of an epoch never share their cut's random number");
        items.Where(i => !i.MixedIn).Select(i => i.Index).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void No_mixed_in_utterance_comes_twice_before_all_have_come_once()
    {
        int[] mixed = [.. EpochPlan.Items(100, 8, 0.2, ShufflePolicy.EachEpoch, 3, 4).Where(i => i.MixedIn).Select(i => i.Index)];
        mixed.Should().HaveCount(20);
        mixed[..8].Should().BeEquivalentTo(Enumerable.Range(0, 8));
        mixed[8..16].Should().BeEquivalentTo(Enumerable.Range(0, 8));
        mixed[8..16].Should().NotEqual(mixed[..8]);
    }

    [Test]
    public void Mixing_in_leaves_the_order_of_the_others_alone()
    {
        EpochItem[] plain = EpochPlan.Items(40, 0, 0, ShufflePolicy.EachEpoch, 5, 6),
            mixed = EpochPlan.Items(40, 8, 0.3, ShufflePolicy.EachEpoch, 5, 6);
        for (int i = 0; i < 40; i++)
            if (!mixed[i].MixedIn)
                mixed[i].Should().Be(plain[i]);
        Array
            .FindAll(EpochPlan.Items(40, 8, 0.3, ShufflePolicy.EachEpoch, 5, 7), i => i.MixedIn)
            .Should()
            .NotEqual(Array.FindAll(mixed, i => i.MixedIn));
    }
}
