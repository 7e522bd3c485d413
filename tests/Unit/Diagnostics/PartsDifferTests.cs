using System.Globalization;
using SpeechGan.Data;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class PartsDifferTests
{
    [TestCase("clean-bandwidth", "Hz", 3750, 4000, 4250)]
    [TestCase("noisy-bandwidth", "Hz", 3750, 4000, 4250)]
    [TestCase("clean-level", "dB", -45, -42, -40)]
    [TestCase("noisy-floor", "dB", -20, -18, -15)]
    [TestCase("noisy-clipped", "%", 0.2, 0.5, 1.5)]
    public void A_measure_that_sets_two_parts_apart_confirms_and_is_told_with_both_ranges(
        string name,
        string unit,
        double low,
        double median,
        double high
    )
    {
        var finding = new PartsDiffer().Examine(With(8, new PartMeasure(name, unit, 8, low, median, high)));
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Concerns.Should().Equal($"train and test: {name}");
        finding
            .Sentence.Should()
            .StartWith(name.Replace('-', ' '))
            .And.Contain(string.Create(CultureInfo.InvariantCulture, $"{median:0.#} {unit} in test"));
        finding.NextAction.Should().Contain("speechgan audit --data DIR --json");
    }

    [Test]
    public void Exactly_what_is_allowed_and_ranges_that_touch_are_left_alone()
    {
        new PartsDiffer()
            .Examine(With(8, new PartMeasure("clean-level", "dB", 8, -37, -26 - PartsDiffer.LevelDecibels, -35)))
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);
        new PartsDiffer()
            .Examine(With(8, new PartMeasure("clean-level", "dB", 8, -60, -50, -28)))
            .Outcome.Should()
            .Be(FindingOutcome.Rejected);
    }

    [Test]
    public void Few_files_are_suspected_and_a_rate_alone_is()
    {
        new PartsDiffer()
            .Examine(With(3, new PartMeasure("clean-bandwidth", "Hz", 3, 3750, 4000, 4250)))
            .Outcome.Should()
            .Be(FindingOutcome.Suspected);
        new PartsDiffer()
            .Examine(With(1, new PartMeasure("clean-bandwidth", "Hz", 1, 4000, 4000, 4000)))
            .Outcome.Should()
            .Be(FindingOutcome.NotMeasured);
        new PartsDiffer()
            .Examine(With(8, new PartMeasure("clean-rate", "Hz", 8, 48000, 48000, 48000)))
            .Outcome.Should()
            .Be(FindingOutcome.Suspected);
    }

    [Test]
    public void Without_an_audit_or_a_second_part_nothing_is_measured()
    {
        var run = Records.Healthy();
        new PartsDiffer().Examine(run with { Audit = null }).Outcome.Should().Be(FindingOutcome.NotMeasured);
        new PartsDiffer()
            .Examine(run with { Audit = run.Audit! with { Parts = [run.Audit.Parts[0]] } })
            .Outcome.Should()
            .Be(FindingOutcome.NotMeasured);
    }

    private static RunRecord With(int files, PartMeasure other)
    {
        var run = Records.Healthy();
        AuditedPart test = run.Audit!.Parts[1] with
        {
            Pairs = files,
            Measures = [.. Records.Measured(files).Select(m => m.Name == other.Name ? other : m)],
        };
        return run with { Audit = run.Audit with { Parts = [run.Audit.Parts[0], test] } };
    }
}
