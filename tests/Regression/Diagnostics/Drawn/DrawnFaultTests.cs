using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tests.Regression.Diagnostics.Drawn;

/// <summary>What tools/healthy-runs and tools/diagnosis-proof rest on.</summary>
public sealed class DrawnFaultTests
{
    [Test]
    public void A_fault_is_drawn_for_every_second_run_and_each_comes_once_before_one_comes_twice()
    {
        List<Fault> drawn = [.. Enumerable.Range(0, 2 * AllFaults.InOrder.Count).Select(i => DrawnFault.Draw(7, i))];
        drawn.Where((_, i) => i % 2 == 1).Should().OnlyContain(f => f.Causes.Length == 0);
        drawn.Where((_, i) => i % 2 == 0).Select(f => f.Name).Should().BeEquivalentTo(AllFaults.InOrder.Select(f => f.Name));
        drawn
            .Select(f => f.Name)
            .Should()
            .NotEqual(Enumerable.Range(0, drawn.Count).Select(i => DrawnFault.Draw(8, i).Name), "another seed draws another order");
    }

    [TestCase(0, 300, 0.0099)]
    [TestCase(3, 300, 0.0256)]
    [TestCase(5, 10, 0.7776)]
    public void The_upper_bound_is_the_tabled_one(int count, int of, double upper) =>
        RateBound.Upper95(count, of).Should().BeApproximately(upper, 1e-4);
}
