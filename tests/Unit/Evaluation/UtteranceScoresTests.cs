using SpeechGan.Evaluation;
using SpeechGan.Metrics;
using SpeechGan.Tests.Unit.Metrics;

namespace SpeechGan.Tests.Unit.Evaluation;

public sealed class UtteranceScoresTests
{
    [Test]
    public void Evaluation_and_training_report_every_metric_under_its_name()
    {
        MetricVector vector = MetricVector.Named("white25");
        var scores = UtteranceScores.Of(vector.Clean(), vector.Enhanced());
        scores.Select(s => s.Name).Should().Equal([.. Metric.All.Select(m => m.Name), "pesq_wb_moved"]);
        ScoreSet expected = ScoreSet.Of(vector.Clean(), vector.Enhanced(), 16000);
        scores.SkipLast(1).Select(s => s.Result).Should().Equal(expected.Results.Select(r => r.Result));
        scores[^1].Result.Value.Should().BeLessThan(0.1);
        UtteranceScores
            .Of(new float[16000], vector.Enhanced().AsSpan(0, 16000))
            .Single(s => s.Name == UtteranceScores.PesqMoved)
            .Result.Sentence.Should()
            .Be("PESQ has no value: every sample of the clean signal is zero.");
    }

    [Test]
    public void The_names_that_the_trainer_reads_are_names_of_metrics() =>
        new[] { UtteranceScores.Pesq, UtteranceScores.SiSdr, UtteranceScores.SegmentalSnr }
            .Should()
            .BeSubsetOf(Metric.All.Select(m => m.Name));
}
