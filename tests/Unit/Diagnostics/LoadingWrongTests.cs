using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class LoadingWrongTests
{
    [TestCase("loaded/clean")]
    [TestCase("loaded/noisy")]
    public void A_first_batch_that_is_not_its_files_confirms(string check) =>
        Examine(Records.Healthy().WithOracle(check, 0.01))
            .Should()
            .Match<Finding>(f => f.Outcome == FindingOutcome.Confirmed && f.Concerns[0] == check);

    [Test]
    public void Later_samples_that_are_misaligned_while_their_files_are_sound_confirm()
    {
        var late = Records
            .Healthy()
            .WithSamples((s, x) => s.Epoch > 1 && s.Batch % 4 == 0 ? x with { Input = x.Input! with { Lag = 320, Unshifted = 0.3 } } : x);
        var finding = Examine(late);
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.SinceEpoch.Should().Be(2);
        finding
            .Sentence.Should()
            .EndWith("have sides that do not belong together as loaded (misaligned x80). The audit finds no fault in the files.");
    }

    [Test]
    public void Where_the_files_may_be_at_fault_and_the_first_batches_were_not_held_against_them_the_loader_is_only_suspected()
    {
        var unrelated = Unrelated();
        unrelated = unrelated with { Oracles = [.. unrelated.Oracles.Where(o => !o.Name.StartsWith("loaded/", StringComparison.Ordinal))] };
        Examine(unrelated with { Audit = null }).Outcome.Should().Be(FindingOutcome.Suspected);
        Examine(unrelated with { Audit = unrelated.Audit! with { Findings = Faults(30) } }).Outcome.Should().Be(FindingOutcome.Suspected);
    }

    [Test]
    public void First_batches_that_equal_their_files_and_do_not_belong_together_are_the_files_fault()
    {
        var run = Unrelated();
        var finding = Examine(run);
        finding.Outcome.Should().Be(FindingOutcome.Rejected);
        finding.Sentence.Should().EndWith("which equal their files sample for sample: the files are at fault (data-faults).");
        new DataFaults()
            .Examine(run)
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Suspected
                && f.Sentence.StartsWith("The audit of 68 pairs found no fault. ", StringComparison.Ordinal)
                && f.Sentence.EndsWith("and the first batches equal their files sample for sample.", StringComparison.Ordinal)
            );
    }

    /// <summary>Of made speech with noisy pauses the audit tells one exchanged pair in eight, the cuts tell a third.</summary>
    [Test]
    public void A_fault_that_the_audit_finds_in_few_files_is_confirmed_by_samples_that_equal_theirs()
    {
        var run = Unrelated();
        run = run with { Audit = run.Audit! with { Findings = Faults(3) } };
        var finding = new DataFaults().Examine(run);
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Rule.Should().Be("above 10 % of the loaded samples, which equal their files, confirms");
        Examine(run).Outcome.Should().Be(FindingOutcome.Rejected);
    }

    private static RunRecord Unrelated() => Records.Healthy().WithSamples((_, x) => x with { Input = x.Input! with { Correlation = 0.1 } });

    private static AuditFinding[] Faults(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new AuditFinding
                {
                    Kind = "unrelated",
                    Level = AuditLevel.Fault,
                    Split = "train",
                    Name = $"tr{i:00}",
                    Sentence = "x",
                }),
        ];

    [Test]
    public void Silent_samples_and_a_few_odd_ones_are_no_fault()
    {
        Examine(
            Records
                .Healthy()
                .WithSamples(
                    (_, x) =>
                        x.Name.EndsWith('1')
                            ? x with
                            {
                                Pesq = null,
                                Target = null,
                                Masked = "SILENT_REFERENCE",
                                Input = x.Input! with { Correlation = 0.0 },
                            }
                            : x
                )
        )
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);
        Examine(Records.Healthy().WithSamples((s, x) => s.Step % 20 == 0 ? x with { Input = x.Input! with { NoisyMean = 0.05 } } : x))
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);
    }

    private static Finding Examine(RunRecord run) => new LoadingWrong().Examine(run);
}
