using SpeechGan.Goldens;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class TolerancesTests
{
    [Test]
    public void Tolerance_needs_a_cause()
    {
        FluentActions
            .Invoking(() => new Tolerances { All = [new("mean.pesq_wb", 0.1, " ")] })
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("The tolerance of 'mean.pesq_wb' has no cause; write the measured spread it comes from.");
        FluentActions.Invoking(() => new Tolerances { All = [new("mean.pesq_wb", -0.1, "x")] }).Should().Throw<ArgumentException>();
    }
}
