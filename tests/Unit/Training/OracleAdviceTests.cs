using SpeechGan.Training;

namespace SpeechGan.Tests.Unit.Training;

public sealed class OracleAdviceTests
{
    [TestCase("step/generator-update", "The training step is not the one that its formulas describe.")]
    [TestCase("loaded/noisy", "The loader gives other samples than the files hold.")]
    [TestCase("scoring/clean", "What is scored is not the estimate against its clean signal.")]
    [TestCase("evaluated/cut", "What is scored is not the estimate against its clean signal.")]
    [TestCase("estimate-is-clean/ri", "A perfect estimate does not score as one: look for a leak of labels or a fault in the front end.")]
    public void A_check_that_fails_points_at_the_part_it_is_of(string check, string advice) =>
        ReconstructionAdvice.For(check).Should().Be(advice);
}
