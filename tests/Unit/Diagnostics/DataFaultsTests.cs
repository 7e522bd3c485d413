using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class DataFaultsTests
{
    [TestCase(6, FindingOutcome.Suspected, Description = "exactly 10 % is not above it")]
    [TestCase(7, FindingOutcome.Confirmed)]
    public void The_share_of_pairs_with_a_fault_decides(int pairs, FindingOutcome outcome)
    {
        var finding = new DataFaults().Examine(With([.. Enumerable.Range(0, pairs).Select(i => Fault("misaligned", $"tr{i}"))]));
        finding.Outcome.Should().Be(outcome);
        finding.Observed.Should().Be(pairs / 60.0);
        finding.Sentence.Should().Be($"{pairs} of 60 pairs have a fault (misaligned x{pairs}). train/tr0: misaligned.");
    }

    [Test]
    public void One_copy_between_parts_confirms_and_notes_do_not()
    {
        new DataFaults()
            .Examine(With([Fault("leak", "tr1")]))
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Confirmed && f.Rule == "a copy between parts confirms");
        new DataFaults()
            .Examine(With([Fault("other-rate", "tr1") with { Level = AuditLevel.Note }]))
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);
    }

    private static AuditFinding Fault(string kind, string name) =>
        new()
        {
            Kind = kind,
            Level = AuditLevel.Fault,
            Split = "train",
            Name = name,
            Sentence = $"train/{name}: {kind}.",
        };

    private static RunRecord With(AuditFinding[] findings)
    {
        var run = Records.Healthy();
        return run with { Audit = run.Audit! with { Findings = findings } };
    }
}
