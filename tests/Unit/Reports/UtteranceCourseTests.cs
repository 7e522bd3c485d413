using SpeechGan.Reports;
using static SpeechGan.Tests.Unit.Reports.ReportSamples;

namespace SpeechGan.Tests.Unit.Reports;

public sealed class UtteranceCourseTests
{
    [Test]
    public void The_largest_change_comes_first_whichever_way_it_goes()
    {
        var run = Run() with
        {
            Evaluations =
            [
                Scored(1, "same", 2),
                Scored(1, "falls", 3),
                Scored(1, "rises", 2),
                Scored(2, "same", 2),
                Scored(2, "falls", 1),
                Scored(2, "rises", 3),
            ],
        };
        var changes = UtteranceCourse.Of(run, "valid");
        changes.Select(c => c.Name).Should().Equal("falls", "rises", "same");
        (changes[0].SinceFirst, changes[0].SinceBest).Should().Be((-2, -2));
        UtteranceCourse.BestEpoch(run, "valid").Should().Be(1);
    }

    [Test]
    public void Without_a_value_there_is_no_change_and_the_utterance_comes_last()
    {
        var silent = Scored(2, "silent", 1) with
        {
            Metrics = new Dictionary<string, double>(),
            Unavailable = new Dictionary<string, string> { ["pesq_wb"] = "PESQ has no value." },
        };
        var run = Run() with { Evaluations = [Scored(1, "silent", 2), Scored(1, "x", 2), silent, Scored(2, "x", 2.1)] };
        var changes = UtteranceCourse.Of(run, "valid");
        changes.Select(c => c.Name).Should().Equal("x", "silent");
        changes[1].Largest.Should().BeNull();
        var page = new PageReader(Page(run));
        page.Text.Should().Contain("silent, epoch 2, pesq_wb: PESQ has no value.");
        page.Tags.Where(t => t.Attributes.GetValueOrDefault("title") == "PESQ has no value.").Should().NotBeEmpty();
    }

    [Test]
    public void Values_of_the_table_are_the_records_in_full_precision()
    {
        var run = Run(2.0, 1.0 / 3);
        var values = new PageReader(Page(run))
            .Tags.Where(t => t.Name == "td" && t.Attributes.ContainsKey("data-value"))
            .Select(t => double.Parse(t.Attributes["data-value"], System.Globalization.CultureInfo.InvariantCulture))
            .ToList();
        foreach (var evaluation in run.Evaluations)
            values.Should().Contain(evaluation.Metrics.Values);
    }
}
