using System.Globalization;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Probes;

namespace SpeechGan.Tests.Unit.Diagnostics.Probes;

public sealed class FailurePoliciesTests
{
    [TestCase(1.0, FindingOutcome.Rejected)]
    [TestCase(0.9, FindingOutcome.Inconclusive)]
    [TestCase(0.7, FindingOutcome.Inconclusive)]
    [TestCase(0.6, FindingOutcome.Confirmed)]
    public void Failure_policies_matter_where_silence_is_in_many_batches(double drop, FindingOutcome outcome)
    {
        var finding = FailurePolicies.Judge([Of(("mask", 1), ("batch-mean", 1), ("drop-batch", drop))]);
        finding.Outcome.Should().Be(outcome);
        finding
            .Sentence.Should()
            .StartWith(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"By the scores of the replayed window the discriminator would step on {100 * drop:0.#} % of batches where one "
                        + $"sample without a score drops its batch, and on 100 %"
                )
            );
    }

    [Test]
    public void Without_scores_nothing_is_said_of_the_policies()
    {
        var finding = FailurePolicies.Judge([Of()]);
        finding.Outcome.Should().Be(FindingOutcome.NotMeasured);
        finding.Observed.Should().BeNull();
    }

    private static Replay Of(params (string Policy, double Rate)[] rates) =>
        new()
        {
            Key = "k",
            Ingredient = "unchanged",
            Seed = 1,
            Pesq = new Dictionary<string, double>(),
            SiSdr = new Dictionary<string, double>(),
            RateByPolicy = rates.ToDictionary(r => r.Policy, r => r.Rate),
        };
}
