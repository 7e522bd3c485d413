using SpeechGan.Configuration;
using SpeechGan.Training;

namespace SpeechGan.Tests.Unit.Training;

/// <summary>Learning rates by epoch.</summary>
internal sealed class ScheduleTests
{
    [TestCase(1, 1.0)]
    [TestCase(30, 1.0)]
    [TestCase(31, 0.5)]
    [TestCase(60, 0.5)]
    [TestCase(61, 0.25)]
    [TestCase(120, 0.125)]
    public void The_rate_halves_after_every_thirty_epochs(int epoch, double factor) =>
        Schedule.Rate(5e-4, epoch, new OptimizerConfig()).Should().Be(5e-4 * factor);

    [Test]
    public void Period_and_factor_are_the_configuration_s()
    {
        var c = new OptimizerConfig { DecayEpochs = 2, DecayFactor = 0.1 };
        Schedule.Rate(1, 2, c).Should().Be(1);
        Schedule.Rate(1, 3, c).Should().Be(0.1);
        Schedule.Rate(1, 200, c with { DecayFactor = 1 }).Should().Be(1);
    }
}
