using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class RecordingInTwoPartsTests
{
    private static readonly AuditFinding Alike = new()
    {
        Kind = "alike",
        Level = AuditLevel.Fault,
        Split = "test",
        Name = "te1",
        Observed = 0.99,
        Allowed = 0.8,
        Sentence = "test/te1 is train/tr1 cut, scaled or shifted.",
    };

    [Test]
    public void One_recording_confirms_and_data_faults_leaves_it_to_this_theory()
    {
        var run = With([Alike], new AuditedLikeness(480, 0));
        var finding = new RecordingInTwoParts().Examine(run);
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Sentence.Should().Be("1 file is a recording of another part. test/te1 is train/tr1 cut, scaled or shifted.");
        finding.Concerns.Should().Equal("test/te1");
        new DataFaults().Examine(run).Outcome.Should().Be(FindingOutcome.Rejected);
    }

    [Test]
    public void Recordings_that_were_not_compared_leave_it_open()
    {
        new RecordingInTwoParts()
            .Examine(With([], new AuditedLikeness(400, 80)))
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Inconclusive && f.Sentence.Contains("80 were not compared"));
        new RecordingInTwoParts().Examine(With([], null)).Outcome.Should().Be(FindingOutcome.NotMeasured);
    }

    private static RunRecord With(AuditFinding[] findings, AuditedLikeness? likeness)
    {
        var run = Records.Healthy();
        return run with { Audit = run.Audit! with { Findings = findings, Likeness = likeness } };
    }
}
