using SpeechGan.Distributed;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Regression.Distributed;

/// <summary>The collectives that everything in several processes is made of: the product's rules, over threads.</summary>
public sealed class CollectiveTests
{
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(5)]
    public void A_sum_has_the_same_bits_on_every_rank_and_in_every_group_of_the_size(int size)
    {
        var sums = Enumerable
            .Range(0, 3)
            .SelectMany(_ => Ranks.Run(size, group =>
                {
                    using var scope = NewDisposeScope();
                    // Values of very different sizes: another order of addition gives other bits.
                    var values = Values(group.Rank, 10_007);
                    group.Sum(values);
                    return Convert.ToHexString(values.bytes);
                }))
            .ToList();
        sums.Distinct().Should().HaveCount(1);
        using var all = NewDisposeScope();
        var exact = Enumerable.Range(0, size).Select(r => Values(r, 10_007).to(float64)).Aggregate((a, b) => a + b);
        var found = empty([10_007], ScalarType.Float32);
        Convert.FromHexString(sums[0]).CopyTo(found.bytes);
        (found.to(float64) - exact)
            .abs()
            .max()
            .ToDouble()
            .Should()
            .BeLessThan(1e4 * size * Math.Pow(2, -23), "float32 rounds sums of values up to 1e4");
    }

    [Test]
    public void The_gradient_of_a_sum_is_the_sum_of_the_gradients()
    {
        var gradients = Ranks.Run(3, group =>
        {
            using var scope = NewDisposeScope();
            var x = tensor(new double[] { 1 + group.Rank, 2 }, [2], dtype: float64, device: CPU);
            x.requires_grad = true;
            var sum = group.SumWithGradient(x);
            // Each rank's loss weighs the sum by its own number: d/dx of all losses is 0 + 1 + 2.
            (sum.square() * group.Rank).sum().backward();
            return x.grad!.data<double>().ToArray();
        });
        // sum = (6, 6): each rank's gradient of the sum is 2 * 6 * rank, and 12 * (0 + 1 + 2) = 36.
        gradients.Should().OnlyContain(g => g.SequenceEqual(new double[] { 36, 36 }));
    }

    [TestCase(0, 1)]
    [TestCase(3, 2044)]
    [TestCase(2045, 5)]
    [TestCase(100_000, 0)]
    public void What_ranks_gather_may_differ_in_length(int first, int second)
    {
        int[] lengths = [first, second];
        var found = Ranks.Run(2, group => group.Gather(Pattern(group.Rank, lengths[group.Rank])));
        foreach (var all in found)
            for (var rank = 0; rank < 2; rank++)
                all[rank].Should().Equal(Pattern(rank, lengths[rank]));
    }

    [Test]
    public void Rank_0s_bytes_reach_everybody()
    {
        var found = Ranks.Run(3, group => (Bytes: group.OfFirst(Pattern(group.Rank, 50_000)), None: group.OfFirst([])));
        found.Should().OnlyContain(f => f.Bytes.SequenceEqual(Pattern(0, 50_000)) && f.None.Length == 0);
    }

    [Test]
    public void Numbers_that_are_shared_keep_their_bits_and_those_that_are_none_arrive()
    {
        double[] values = [0.1, -0.0, 1e-320, Math.PI, double.NaN, double.PositiveInfinity];
        var found = Ranks.Run(2, group => group.Share(values.Select(v => v * (group.Rank + 1)).ToArray()));
        foreach (var all in found)
            for (var rank = 0; rank < 2; rank++)
                all[rank]
                    .Select(BitConverter.DoubleToInt64Bits)
                    .Should()
                    .Equal(values.Select(v => BitConverter.DoubleToInt64Bits(v * (rank + 1))));
    }

    [Test]
    public void Where_one_rank_fails_the_others_end_with_its_words()
    {
        var outcomes = Ranks.Outcomes<int>(3, group =>
        {
            group.Together(() =>
            {
                if (group.Rank == 1)
                    throw new InvalidDataException("the file is gone");
            });
            return 0;
        });
        outcomes[1].Failure.Should().BeOfType<InvalidDataException>().Which.Message.Should().Be("the file is gone");
        foreach (var rank in new[] { 0, 2 })
            outcomes[rank]
                .Failure.Should()
                .BeOfType<GroupException>()
                .Which.Message.Should()
                .Be("Rank 1 stopped, and the group with it. It reported: the file is gone");
    }

    [Test]
    public void A_rank_that_leaves_ends_the_others_in_a_sentence()
    {
        var outcomes = Ranks.Outcomes(2, group =>
        {
            group.Doing = "epoch 3, step 7";
            if (group.Rank == 0)
                group.Gather([1]);
            group.Gather([group.Rank == 1 ? (byte)1 : (byte)2]);
            return 0;
        });
        outcomes[1].Failure.Should().BeNull();
        outcomes[0]
            .Failure.Should()
            .BeOfType<GroupException>()
            .Which.Message.Should()
            .StartWith("Rank 0 of 2 lost its group in epoch 3, step 7, at an exchange, after ")
            .And.EndWith(
                ": rank 1 has left. Another process was killed, is paused or cannot be reached. What was saved is intact: start all "
                    + "ranks again with --resume."
            );
    }

    [Test]
    public void A_rank_that_does_not_answer_ends_the_others_at_the_deadline()
    {
        using var never = new ManualResetEventSlim();
        var outcomes = Ranks.Outcomes(2, group =>
        {
            if (group.Rank == 1)
            {
                never.Wait(); // until rank 0 has given up
                return 0;
            }
            // Joined without haste: only this sum must fail, however slow the machine is.
            group.Deadline = TimeSpan.FromSeconds(1);
            try
            {
                using var values = ones([8]);
                group.Sum(values);
                return 0;
            }
            finally
            {
                never.Set();
            }
        });
        outcomes[0]
            .Failure.Should()
            .BeOfType<GroupException>()
            .Which.Message.Should()
            .Contain("at a sum, after ")
            .And.Contain("the others did not answer within 1 s (train.collectiveTimeoutSeconds)");
    }

    [Test]
    public void A_rank_that_leaves_in_a_backward_pass_ends_the_others_after_it_and_for_good()
    {
        // An exception that left a managed backward would end this process, and no test could tell.
        var outcomes = Ranks.Outcomes(2, group =>
        {
            using var scope = NewDisposeScope();
            group.Doing = "step 4";
            var x = ones([3], float64, CPU, requires_grad: true);
            var loss = group.SumWithGradient(group.SumWithGradient(x) * 2).sum();
            if (group.Rank == 1)
                return new List<Exception>();
            void Backward() =>
                group.Pass(() =>
                {
                    loss.backward();
                    return 0;
                });
            var first = FluentActions.Invoking(Backward).Should().Throw<GroupException>().Which;
            // Neither a second pass nor another collective waits for anybody: both end in the same words.
            return [first, Thrown(() => group.Pass(() => 0)), Thrown(() => group.Gather([1])), Thrown(() => group.Sum(x.detach()))];
        });
        outcomes[1].Failure.Should().BeNull();
        var seen = outcomes[0].Result!;
        seen.Should().HaveCount(4).And.AllBeOfType<GroupException>().And.OnlyContain(e => e.Message == seen[0].Message);
        seen[0]
            .Message.Should()
            .StartWith("Rank 0 of 2 lost its group in step 4, at a sum in a backward pass, after ")
            .And.Contain(": rank 1 has left. ");

        static Exception Thrown(Action work)
        {
            try
            {
                work();
            }
            catch (GroupException e)
            {
                return e;
            }
            throw new AssertionException("nothing was thrown");
        }
    }

    [Test]
    public void What_was_moved_is_counted_and_a_backward_sum_with_it()
    {
        var tallies = Ranks.Run(2, group =>
        {
            using var scope = NewDisposeScope();
            group.Sum(ones([5], float32));
            group.Broadcast(ones([7], float32));
            group.Gather(new byte[3 + group.Rank]);
            var x = ones([2], float64, CPU, requires_grad: true);
            group.Pass(() =>
            {
                group.SumWithGradient(x).sum().backward();
                return 0;
            });
            return group.Tally;
        });
        for (var rank = 0; rank < 2; rank++)
        {
            tallies[rank].Calls.Should().Be(5);
            tallies[rank].ReducedBytes.Should().Be((5 * 4) + (2 * 2 * 8));
            tallies[rank].SharedBytes.Should().Be((rank == 0 ? 7 * 4 : 0) + 3 + rank);
            tallies[rank].Seconds.Should().BePositive();
        }
    }

    [Test]
    public void A_weight_that_differs_on_one_rank_is_found_and_named()
    {
        var config = SmallRun.Config();
        var networks = Enumerable.Range(0, 3).Select(_ => new Networks(config)).ToList();
        using (no_grad())
        {
            var bias = networks[2].Generator.named_parameters().First(p => p.name == "mask_decoder.conv_1.bias").parameter;
            bias.add_(1e-7);
        }
        var outcomes = Ranks.Outcomes<int>(3, group =>
        {
            new Replicas(group, networks[group.Rank], config.Train).Compare(12);
            return 0;
        });
        foreach (var (_, failure) in outcomes)
            failure
                .Should()
                .BeOfType<ReplicaException>()
                .Which.Message.Should()
                .StartWith(
                    "After step 12 the ranks hold different weights: generator.mask_decoder.conv_1.bias of rank 2 is not that of rank "
                        + "0. Nothing of this was saved."
                );
        Ranks.Run(3, group =>
        {
            var replicas = new Replicas(group, networks[group.Rank], config.Train);
            replicas.ShareAll();
            replicas.Compare(12);
            return 0;
        });
        networks.ForEach(n => n.Dispose());
    }

    private static Tensor Values(int rank, int count)
    {
        var random = new Random(rank);
        return tensor(
            [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 5))))],
            [count],
            dtype: float32,
            device: CPU
        );
    }

    private static byte[] Pattern(int rank, int length) => [.. Enumerable.Range(0, length).Select(i => (byte)((i * 7) + rank))];
}
