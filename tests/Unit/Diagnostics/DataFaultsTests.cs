using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class DataFaultsTests
{
    [TestCase(6, FindingOutcome.Suspected)]
    [TestCase(7, FindingOutcome.Confirmed)]
    public void The_share_of_pairs_with_a_fault_decides(int pairs, FindingOutcome outcome)
    {
        var finding = new DataFaults().Examine(With([.. Enumerable.Range(0, pairs).Select(i => Fault("misaligned", $"tr{i}"))]));
        finding.Outcome.Should().Be(outcome);
        finding.Observed.Should().Be(pairs / 68.0);
        finding.Sentence.Should().Be($"{pairs} of 68 pairs have a fault (misaligned x{pairs}). train/tr0: misaligned.");
    }

    [Test]
    public void Pairs_that_were_not_read_leave_a_sound_rest_open()
    {
        var run = Records.Healthy();
        new DataFaults()
            .Examine(run with { Audit = run.Audit! with { LeftOut = 5 } })
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Inconclusive && f.NextAction == "speechgan audit --data DIR reads all of them."
            );
    }

    [Test]
    public void Exactly_a_tenth_is_not_above_it()
    {
        var run = Records.Healthy();
        AuditFinding[] six = [.. Enumerable.Range(0, 6).Select(i => Fault("misaligned", $"tr{i}"))];
        new DataFaults()
            .Examine(run with { Audit = run.Audit! with { Parts = [run.Audit.Parts[0]], Findings = six } })
            .Outcome.Should()
            .Be(FindingOutcome.Suspected);
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
