using SpeechGan.Dsp;
using SpeechGan.Evaluation;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Evaluation;

internal sealed class EvaluatorTests
{
    [Test]
    public void A_mean_is_over_those_that_have_a_value_and_the_rest_is_counted()
    {
        var summary = Evaluator.Summarise("valid", [Scored("a", 2), Scored("b", 3), Unscored("c")]);
        summary.Utterances.Should().Be(3);
        summary.Mean["pesq_wb"].Should().Be(2.5);
        summary.Missing.Should().Equal(new Dictionary<string, int> { ["pesq_wb"] = 1 });
    }

    [Test]
    public void A_metric_that_nobody_has_is_missing_not_a_number()
    {
        var summary = Evaluator.Summarise("valid", [Unscored("a"), Unscored("b")]);
        summary.Mean.Should().NotContainKey("pesq_wb");
        summary.Missing["pesq_wb"].Should().Be(2);
    }

    [Test]
    public void A_mean_does_not_depend_on_the_order_to_the_last_bit()
    {
        const int seed = 7;
        TestContext.Out.WriteLine($"seed {seed}");
        var evaluations = Enumerable.Range(0, 101).Select(i => Scored($"u{i}", 1 + (3 * CounterRandom.Double(seed, 1, 0, i)))).ToList();
        var expected = Evaluator.Summarise("valid", evaluations).Mean["pesq_wb"];
        for (var k = 0; k < 20; k++)
        {
            var order = CounterRandom.Permutation(evaluations.Count, seed, 2, k);
            Evaluator.Summarise("valid", [.. order.Select(i => evaluations[i])]).Mean["pesq_wb"].Should().Be(expected);
        }
    }

    // The names decide the order, and the same scores may belong to other names: 0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1.
    [Test]
    public void A_mean_does_not_depend_on_which_utterance_has_which_score()
    {
        Evaluator
            .Summarise("valid", [Scored("a", 0.1), Scored("b", 0.2), Scored("c", 0.3)])
            .Mean["pesq_wb"]
            .Should()
            .Be(Evaluator.Summarise("valid", [Scored("a", 0.3), Scored("b", 0.2), Scored("c", 0.1)]).Mean["pesq_wb"]);
    }

    [Test]
    public void A_random_cut_depends_on_seed_epoch_and_name_alone_and_a_centre_cut_on_nothing_else_than_the_file()
    {
        int Start(string cut, long seed, int epoch, string name)
        {
            var evaluator = new Evaluator(RunConfig.Load("tiny", null, [$"evaluation.cut={cut}", $"seed={seed}"]));
            return evaluator.Cuts.Start(100_000, seed, epoch, (long)(CounterRandom.Stream(name) >> 1));
        }
        Start("center", 1, 1, "a").Should().Be(Start("center", 2, 9, "b")).And.Be((100_000 - 64_000) / 2);
        Start("random", 1, 1, "a").Should().Be(Start("random", 1, 1, "a"));
        new[] { Start("random", 2, 1, "a"), Start("random", 1, 2, "a"), Start("random", 1, 1, "b") }
            .Should()
            .NotContain(Start("random", 1, 1, "a"));
    }

    private static UtteranceEvaluation Scored(string name, double pesq) =>
        new()
        {
            Epoch = 1,
            Split = "valid",
            Name = name,
            CutStart = 0,
            CutLength = 64_000,
            Metrics = new Dictionary<string, double> { ["pesq_wb"] = pesq },
        };

    private static UtteranceEvaluation Unscored(string name) =>
        new()
        {
            Epoch = 1,
            Split = "valid",
            Name = name,
            CutStart = 0,
            CutLength = 64_000,
            Metrics = new Dictionary<string, double>(),
            Unavailable = new Dictionary<string, string> { ["pesq_wb"] = "silent" },
        };
}
