using SpeechGan.Kernels;

namespace SpeechGan.Tests.Unit.Kernels;

/// <summary>The threads that take parts of kernels' work.</summary>
internal sealed class WorkersTests
{
    [TestCase(0, 4)]
    [TestCase(1, 4)]
    [TestCase(32, 1)]
    [TestCase(32, 8)]
    [TestCase(3, 8)]
    public void Every_part_is_done_once(int parts, int threads)
    {
        var done = new int[parts];
        for (var round = 0; round < 200; round++)
            Workers.Shared.Run(parts, threads, p => Interlocked.Increment(ref done[p]));
        done.All(d => d == 200).Should().BeTrue();
    }

    [Test]
    public void An_exception_of_a_part_is_thrown_by_the_call_and_the_workers_go_on()
    {
        FluentActions
            .Invoking(() => Workers.Shared.Run(32, 4, p =>
                {
                    if (p == 7)
                        throw new InvalidDataException("part 7");
                }))
            .Should()
            .Throw<InvalidDataException>()
            .WithMessage("part 7");
        Every_part_is_done_once(32, 4);
    }

    [Test]
    public void Several_threads_bring_work_at_once()
    {
        var sums = new long[6];
        var callers = Enumerable
            .Range(0, sums.Length)
            .Select(caller => new Thread(() =>
            {
                for (var round = 0; round < 300; round++)
                    Workers.Shared.Run(16, 3, p => Interlocked.Add(ref sums[caller], p));
            }))
            .ToList();
        callers.ForEach(c => c.Start());
        callers.ForEach(c => c.Join());
        sums.Should().OnlyContain(s => s == 300 * 120);
    }

    [Test]
    public void A_part_may_bring_work_of_its_own()
    {
        long sum = 0;
        Workers.Shared.Run(8, 4, _ => Workers.Shared.Run(8, 4, p => Interlocked.Add(ref sum, p)));
        sum.Should().Be(8 * 28);
    }
}
