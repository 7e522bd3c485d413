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
    public void Where_the_files_are_at_fault_the_loader_is_only_suspected()
    {
        var unrelated = Records.Healthy().WithSamples((_, x) => x with { Input = x.Input! with { Correlation = 0.1 } });
        Examine(unrelated with { Audit = null }).Outcome.Should().Be(FindingOutcome.Suspected);
        var faults = Enumerable
            .Range(0, 30)
            .Select(i => new AuditFinding
            {
                Kind = "unrelated",
                Level = AuditLevel.Fault,
                Split = "train",
                Name = $"tr{i:00}",
                Sentence = "x",
            });
        Examine(unrelated with { Audit = unrelated.Audit! with { Findings = [.. faults] } }).Outcome.Should().Be(FindingOutcome.Suspected);
    }

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
