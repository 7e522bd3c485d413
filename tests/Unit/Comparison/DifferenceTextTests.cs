using SpeechGan.Comparison;

namespace SpeechGan.Tests.Unit.Comparison;

public sealed class DifferenceTextTests
{
    [TestCase(0, "0")]
    [TestCase(0.05, "+0.0500")]
    [TestCase(-1.25, "-1.2500")]
    [TestCase(0.00005, "+0.0001")]
    [TestCase(-3.21e-7, "-3.21E-07")]
    public void A_difference_that_is_there_is_never_shown_as_none(double value, string text) =>
        DifferenceText.Signed(value).Should().Be(text);
}
