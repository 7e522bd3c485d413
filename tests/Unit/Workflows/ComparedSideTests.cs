using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Workflows;

public sealed class ComparedSideTests
{
    [Test]
    public void A_side_is_read_by_its_form()
    {
        ComparedSide
            .Parse("commit:HEAD~1")
            .Should()
            .BeEquivalentTo(
                new
                {
                    Kind = SideKind.Commit,
                    Value = "HEAD~1",
                    Knobs = Array.Empty<string>(),
                }
            );
        ComparedSide.Parse("set:loss.weights.gan=0.2").Knobs.Should().Equal("loss.weights.gan=0.2");
        ComparedSide.Parse("device:cuda:1").Knobs.Should().Equal("train.device=cuda:1");
        ComparedSide.Parse("threads:4").Knobs.Should().Equal("train.threads=4");
        ComparedSide.Parse("as-is").Should().BeEquivalentTo(new { Kind = SideKind.Options, Value = "" });
        ComparedSide.Parse(TestContext.CurrentContext.TestDirectory).Kind.Should().Be(SideKind.Run);
    }

    [TestCase(
        "nothing-here",
        "'nothing-here' is not an existing folder. A side is a run folder, commit:REV, config:FILE, set:key=value, device:NAME, "
            + "threads:N or as-is."
    )]
    [TestCase("", "'' is not an existing folder. A side is *")]
    [TestCase("commit:", "'commit:' names nothing after the colon. A side is *")]
    [TestCase(
        "config:none.json",
        "'config:none.json': there is no file 'none.json'. Give a JSON file with any of the options, such as a run's config.json."
    )]
    [TestCase("set:loss", "'set:loss' sets nothing: expected set:key=value, for example set:loss.weights.gan=0.2.")]
    [TestCase("threads:-1", "'threads:-1': '-1' is not a number of threads. Give a whole number of at least 1.")]
    [TestCase("gpu:1", "'gpu:1' is not a side of a comparison: 'gpu:' is unknown and there is no such folder. A side is *")]
    public void What_is_no_side_is_told(string text, string sentence) =>
        FluentActions.Invoking(() => ComparedSide.Parse(text)).Should().Throw<UsageException>().WithMessage(sentence);
}
