using SpeechGan.Diagnostics;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Tests.Regression.Diagnostics.Faults;

namespace SpeechGan.Tests.Regression.Diagnostics;

/// <summary>
/// The diagnosis on real trainings with faults of published trainers in them, let in below the record: one seed each. tools/diagnosis-proof
/// takes three and makes the matrix of docs/diagnosis-proof.md.
/// </summary>
public sealed class DiagnosisProofTests
{
    private const long Seed = 1;

    private static IEnumerable<Fault> Each => AllFaults.InOrder.Where(f => !f.InProofAlone);

    private static IEnumerable<Fault> SeenAtOnce => AllFaults.InOrder.Where(f => f.SeenInFirstStep);

    private static IEnumerable<Fault> Pairs => AllFaults.Pairs.Take(2);

    [TestCaseSource(nameof(Each))]
    public void The_right_cause_is_named_first(Fault fault)
    {
        var verdict = SharedTrainings.Of(fault, Seed);
        TestContext.Out.WriteLine(verdict.InWords());
        foreach (var asked in verdict.Findings.Where(f => fault.Causes.Contains(f.Id)))
            TestContext.Out.WriteLine($"  {asked.Id}: {asked.Outcome}: {asked.Sentence}");
        verdict
            .IsRight.Should()
            .BeTrue("{0} is what {1} looks like; found {2}", string.Join(" or ", fault.Causes), fault.Name, verdict.InWords());
    }

    [TestCase(1)]
    [TestCase(2)]
    public void On_a_healthy_run_nothing_grave_is_confirmed(long seed)
    {
        var verdict = SharedTrainings.Of(AllFaults.Healthy, seed);
        TestContext.Out.WriteLine(verdict.InWords());
        verdict.Grave.Should().BeEmpty();
    }

    [Test]
    public void Every_start_has_its_self_test_in_the_record_and_a_healthy_one_rejects_wrong_kernels()
    {
        var (record, _) = SharedTrainings.Runs.Of(
            AllFaults.Healthy with
            {
                ResumedAfter = 1,
            },
            Seed,
            "train.epochs=1",
            "train.stepsPerEpoch=2",
            "checkpoint.everySteps=1"
        );
        record
            .Info.Kernels.Should()
            .HaveCount(2, "the run was resumed once")
            .And.OnlyContain(k => k.Checks.Count > 20 && k.Checks.All(c => c.Right && c.InForce));
        var finding = Verdict.Of(record).Findings.Single(f => f.Id == "kernels-wrong");
        TestContext.Out.WriteLine(finding.Sentence);
        finding.Outcome.Should().Be(FindingOutcome.Rejected);
    }

    [Test]
    public void A_wrong_kernel_is_named_by_the_record_and_refused_unless_the_run_is_told_to_go_on()
    {
        var wrong = AllFaults.Of("a kernel that computes wrong");
        var finding = SharedTrainings.Of(wrong, Seed, "train.epochs=1", "train.stepsPerEpoch=1").Findings[0];
        finding.Should().Match<Finding>(f => f.Id == "kernels-wrong" && f.Outcome == FindingOutcome.Confirmed && f.Observed == 1);
        finding.Sentence.Should().Contain("feed forward (4 channels, 2x101): the ");
        FluentActions
            .Invoking(() => SharedTrainings.Runs.Of(wrong with { Knobs = [] }, Seed))
            .Should()
            .Throw<KernelException>()
            .WithMessage(
                "This machine computes the networks wrongly, and no way to compute them is right. With *feed forward (4 channels, 2x101)*"
            );
    }

    [TestCaseSource(nameof(SeenAtOnce))]
    public void What_an_invariant_sees_is_confirmed_after_one_step(Fault fault)
    {
        var verdict = SharedTrainings.Of(fault, Seed, "train.epochs=1", "train.stepsPerEpoch=1");
        TestContext.Out.WriteLine(verdict.InWords());
        verdict.IsRight.Should().BeTrue();
    }

    [TestCaseSource(nameof(Pairs))]
    public void Two_faults_at_once_are_both_among_the_first_three(Fault both)
    {
        var verdict = SharedTrainings.Of(both, Seed);
        TestContext.Out.WriteLine(verdict.InWords());
        both.Causes.Should().BeSubsetOf(verdict.Confirmed.Take(3));
    }
}
