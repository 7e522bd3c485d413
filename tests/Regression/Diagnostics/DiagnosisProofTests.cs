using SpeechGan.Diagnostics;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tests.Regression.Diagnostics;

/// <summary>
/// The diagnosis on real trainings with faults of published trainers in them, let in below the record: one seed each. tools/diagnosis-proof takes three and
/// makes the matrix of docs/diagnosis-proof.md.
/// </summary>
public sealed class DiagnosisProofTests
{
    private const long Seed = 1;

    private readonly FaultRun runs = new();

    private static IEnumerable<Fault> Each => AllFaults.InOrder.Where(f => !f.InProofAlone);

    private static IEnumerable<Fault> SeenAtOnce => AllFaults.InOrder.Where(f => f.SeenInFirstStep);

    private static IEnumerable<Fault> Pairs => AllFaults.Pairs.Take(2);

    [OneTimeTearDown]
    public void Remove() => runs.Dispose();

    [TestCaseSource(nameof(Each))]
    public void The_right_cause_is_named_first(Fault fault)
    {
        var verdict = FaultVerdict.Of(runs, fault, Seed);
        TestContext.Out.WriteLine(verdict.InWords());
        foreach (var asked in verdict.Findings.Where(f => fault.Causes.Contains(f.Id)))
            TestContext.Out.WriteLine($"  {asked.Id}: {asked.Outcome}: {asked.Sentence}");
        verdict.IsRight.Should().BeTrue("{0} is what {1} looks like; found {2}", string.Join(" or ", fault.Causes), fault.Name, verdict.InWords());
    }

    [TestCase(1)]
    [TestCase(2)]
    public void On_a_healthy_run_nothing_grave_is_confirmed(long seed)
    {
        var verdict = FaultVerdict.Of(runs, AllFaults.Healthy, seed);
        TestContext.Out.WriteLine(verdict.InWords());
        verdict.Grave.Should().BeEmpty();
    }

    [TestCaseSource(nameof(SeenAtOnce))]
    public void What_an_invariant_sees_is_confirmed_after_one_step(Fault fault)
    {
        var verdict = FaultVerdict.Of(runs, fault, Seed, "train.epochs=1", "train.stepsPerEpoch=1");
        TestContext.Out.WriteLine(verdict.InWords());
        verdict.IsRight.Should().BeTrue();
    }

    [TestCaseSource(nameof(Pairs))]
    public void Two_faults_at_once_are_both_among_the_first_three(Fault both)
    {
        var verdict = FaultVerdict.Of(runs, both, Seed);
        TestContext.Out.WriteLine(verdict.InWords());
        both.Causes.Should().BeSubsetOf(verdict.Confirmed.Take(3));
    }
}
