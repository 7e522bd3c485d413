using SpeechGan.Goldens;
using SpeechGan.Tests.Unit.Data;

namespace SpeechGan.Tests.Unit.Goldens;

/// <summary>Format 3: the tolerances stand once beside the goldens that share them.</summary>
public sealed class SharedTolerancesTests
{
    private readonly TemporaryFolder folder = new();
    private int count;
    private GoldenStore store = null!;

    [SetUp]
    public void SetUp() =>
        store = new GoldenStore(Directory.CreateDirectory(folder[$"goldens-{++count}"]).FullName, environment: _ => null);

    [OneTimeTearDown]
    public void TearDown() => folder.Dispose();

    [Test]
    public void Two_goldens_with_the_same_tolerances_share_one_set_and_read_back_equal()
    {
        Approve(Golden("one"));
        Approve(Golden("two"));
        Sets().Should().ContainSingle();
        File.ReadAllText(store.VerifiedPath("one"))
            .Should()
            .Contain($"\ntolerances {Path.GetFileName(Sets()[0])[..16]}\n")
            .And.NotContain("tolerance mean");
        store.Read("one").Should().BeEquivalentTo(Golden("one"));
        store.Check(Golden("two"))!.Outcome.Should().Be(GoldenOutcome.Equal);
        store.Waiting.Should().BeEmpty();
    }

    [Test]
    public void Other_tolerances_wait_for_an_approval_and_drift_is_measured_within_the_anchors_own()
    {
        Approve(Golden("one"));
        var wider = Golden("one") with { Tolerances = new Tolerances { All = [new("mean.pesq_wb", 1, "measured anew")] } };
        store.Check(wider);
        store.Waiting.Should().Equal("one");
        store.Approve("one", Request);
        Sets().Should().HaveCount(2);
        store.History("one").Anchor(d => store.Read("one").Tolerances)!.Provenance.Date.Should().Be(Golden("one").Provenance.Date);
        store.Check(wider with { Trajectory = GoldenSamples.With(1, "mean.pesq_wb", 0.9) });
        FluentActions
            .Invoking(() => store.Approve("one", Request))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("*allowed distance 0.05*", "the first approved set counts");
    }

    [Test]
    public void A_set_that_is_missing_or_was_changed_by_hand_makes_its_goldens_unsound()
    {
        Approve(Golden("one"));
        var text = File.ReadAllText(Sets()[0]);
        foreach (
            var damaged in new[]
            {
                text.Replace("0.05", "0.5", StringComparison.Ordinal),
                text[..^5],
                "",
                text.Replace("format 1", "format 2", StringComparison.Ordinal),
            }
        )
        {
            File.WriteAllText(Sets()[0], damaged);
            FluentActions
                .Invoking(() => store.Read("one"))
                .Should()
                .Throw<GoldenException>()
                .WithMessage($"{Sets()[0]}: SHA-256 mismatch: *");
        }

        File.Delete(Sets()[0]);
        FluentActions
            .Invoking(() => store.Read("one"))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("The tolerances that a golden was approved with are missing: *Restore it from version control.");
    }

    [Test]
    public void A_golden_of_format_2_is_read_with_its_own_copy_and_stays_as_it_is_until_it_is_approved_anew()
    {
        Approve(GoldenSamples.Sample());
        Sets().Should().BeEmpty();
        store.Check(GoldenSamples.Sample() with { Format = 3 })!.Outcome.Should().Be(GoldenOutcome.Equal);
        store.Waiting.Should().BeEmpty("the same tolerances in another format are no change");
        FluentActions
            .Invoking(() =>
                GoldenText.Parse(GoldenText.Write(Golden("one")).Replace("\ntolerances ", "\ntolerances x", StringComparison.Ordinal), "g")
            )
            .Should()
            .Throw<GoldenException>()
            .WithMessage("g, line 9: expected 'tolerances DIGEST' of 16 hexadecimal digits.");
    }

    private static ApprovalRequest Request =>
        new()
        {
            By = "Ada",
            Reason = "for this test",
            When = DateTimeOffset.UnixEpoch,
        };

    private static Golden Golden(string name) => GoldenSamples.Sample() with { Format = 3, Name = name };

    private void Approve(Golden golden)
    {
        store.Check(golden);
        store.Approve(golden.Name, Request);
    }

    private string[] Sets() => [.. Directory.GetFiles(store.Folder, "*.tolerances.txt").Order(StringComparer.Ordinal)];
}
