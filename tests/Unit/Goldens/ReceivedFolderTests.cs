using SpeechGan.Goldens;
using SpeechGan.Tests.Unit.Data;

namespace SpeechGan.Tests.Unit.Goldens;

/// <summary>What continuous integration received is approved by a person elsewhere.</summary>
public sealed class ReceivedFolderTests
{
    private readonly TemporaryFolder folder = new();

    private GoldenStore Mine => new(folder["mine"], environment: _ => null);

    [SetUp]
    public void SetUp()
    {
        foreach (var part in new[] { "ci", "mine", "received" })
        {
            if (Directory.Exists(folder[part]))
                Directory.Delete(folder[part], recursive: true);
            if (part != "received")
                Directory.CreateDirectory(folder[part]);
        }
    }

    [OneTimeTearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void A_check_on_continuous_integration_keeps_what_it_received_where_it_is_told_and_a_person_approves_it()
    {
        var golden = GoldenSamples.Sample();
        Ci(received: null).Check(golden);
        Ci(received: null).Waiting.Should().BeEmpty();
        Ci(folder["received"]).Check(golden).Should().BeNull("nothing is approved yet");
        Directory.GetFiles(folder["ci"]).Should().BeEmpty("nothing is written beside the goldens");

        Mine.IsWaitingIn("tiny", folder["received"]).Should().BeTrue();
        Mine.Bring("tiny", folder["received"]);
        FluentActions
            .Invoking(() => Ci(null).Approve("tiny", Request))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("*only a person approves*");
        Mine.Approve("tiny", Request);
        Mine.Read("tiny").Should().BeEquivalentTo(golden);
        Mine.History("tiny").Approvals.Should().ContainSingle();
    }

    [Test]
    public void What_waits_already_is_not_overwritten_and_another_goldens_file_is_refused()
    {
        Ci(folder["received"]).Check(GoldenSamples.Sample());
        Mine.Check(GoldenSamples.Sample() with { Provenance = GoldenSamples.Sample().Provenance with { Date = "2020-01-01" } });
        FluentActions
            .Invoking(() => Mine.Bring("tiny", folder["received"]))
            .Should()
            .Throw<GoldenException>()
            .WithMessage(
                $"'{Mine.ReceivedPath("tiny")}' waits already and is not the file of '{folder["received"]}'. Approve or remove it first."
            );
        File.Move(Path.Combine(folder["received"], "tiny.received.txt"), Path.Combine(folder["received"], "other.received.txt"));
        FluentActions
            .Invoking(() => Mine.Bring("other", folder["received"]))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("*is the trajectory of golden 'tiny', not of 'other'. Download the folder again.");
    }

    private static ApprovalRequest Request =>
        new()
        {
            By = "Ada",
            Reason = "for this test",
            When = DateTimeOffset.UnixEpoch,
        };

    private GoldenStore Ci(string? received) => new(folder["ci"], environment: n => n == "CI" ? "true" : null, received: received);
}
