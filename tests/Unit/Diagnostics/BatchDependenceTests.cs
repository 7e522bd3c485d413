using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class BatchDependenceTests
{
    [TestCase(1e-2, FindingOutcome.Rejected)]
    [TestCase(0.011, FindingOutcome.Confirmed)]
    public void A_sample_that_differs_alone_and_in_its_batch_confirms(double distance, FindingOutcome outcome) =>
        new BatchDependence().Examine(Records.Healthy().WithOracle("alone-and-in-batch/estimate", distance)).Outcome.Should().Be(outcome);

    [Test]
    public void Batch_size_and_InstanceNorm_are_refuted_in_words() =>
        new BatchDependence()
            .Examine(Records.Healthy())
            .Sentence.Should()
            .Be(
                "A sample's estimate is the same alone and in its batch (within 2E-06): in evaluation mode InstanceNorm and BatchNorm "
                    + "look at one sample, and the batch size cannot explain a score."
            );
}
