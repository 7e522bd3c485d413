using System.Text.Json;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Probes;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class VerdictTests
{
    private static readonly int All = AllTheories.InOrder.Count;

    [Test]
    public void Grave_causes_come_before_serious_ones_and_symptoms_last()
    {
        var run = Records.Healthy().WithPesq(0.4, 0.4, -0.05, -0.1, -0.15, -0.2).WithOracle("clean-reversed/signal", 0.1);
        run = run.WithSteps(s => s with { GradientNorm = s.GradientNorm! with { Gan = 1e-6 } });

        var verdict = Verdict.Of(run);

        verdict
            .Findings.Where(f => f.Outcome == FindingOutcome.Confirmed)
            .Select(f => (f.Id, f.Severity))
            .Should()
            .Equal(("label-leak", Severity.Grave), ("loss-balance", Severity.Serious), ("loss-pesq-divergence", Severity.Symptom));
        verdict.Summary.Should().Be("Confirmed, grave: label-leak; serious: loss-balance; symptom: loss-pesq-divergence.");
        verdict.Findings.Select(f => f.Outcome).Should().BeInAscendingOrder();
    }

    [Test]
    public void A_run_without_a_fault_is_said_to_be_one()
    {
        var verdict = Verdict.Of(Records.Healthy());
        verdict.HasConfirmed.Should().BeFalse();
        verdict
            .Summary.Should()
            .Be($"No cause was found: {All - 1} of {All} theories are rejected by measurement; not examined: discriminator-of-clean.");
        verdict.Path.Should().HaveCount(8).And.OnlyContain(s => s.Answer == "yes");
        Verdict
            .Of(Records.Healthy() with { Audit = null })
            .Summary.Should()
            .Be(
                $"The data were not examined, and the cause may lie there; of the training {All - 4} of {All} theories are rejected by "
                    + "measurement; not examined: data-faults, recording-in-two-parts, parts-differ, discriminator-of-clean."
            );
        Verdict
            .Of(Records.Healthy() with { Steps = [], Epochs = [], Evaluations = [], Oracles = [] })
            .Summary.Should()
            .MatchRegex(
                $"^Too little is recorded to find a cause: [0-9]+ of {All} theories could be examined, and none is confirmed; not "
                    + "examined: evaluated-in-training-mode, .*[.]$"
            );
        Verdict.Of(Records.Empty()).Summary.Should().Be("Nothing could be judged: the run has recorded too little so far.");
        Verdict.Of(Records.Empty()).Path.Should().OnlyContain(s => s.Answer == "unknown");
    }

    [Test]
    public void The_summary_counts_what_is_inconclusive_and_begins_with_what_an_experiment_confirmed()
    {
        var run = Records.Healthy();
        var verdict = Verdict.Of(run with { Steps = [.. run.Steps.Where(s => s is not { Epoch: 4, Batch: 7 })], UnreadSteps = 1 });
        verdict
            .Summary.Should()
            .Be(
                $"No cause was found: {All - 2} of {All} theories are rejected by measurement, 1 is inconclusive; not examined: "
                    + "discriminator-of-clean."
            );

        Finding Probed(FindingOutcome outcome) => verdict.Findings[0] with { Id = "probe/gan-off", Outcome = outcome };
        verdict.With(new ProbeVerdict("epoch 2", [Probed(FindingOutcome.Rejected)])).Summary.Should().Be(verdict.Summary);
        var confirmed = verdict.With(new ProbeVerdict("epoch 2", [Probed(FindingOutcome.Confirmed)]));
        confirmed.HasConfirmed.Should().BeTrue();
        confirmed.Summary.Should().Be($"Confirmed by experiment: probe/gan-off. By the record: {verdict.Summary}");
    }

    [Test]
    public void The_path_says_which_way_it_went_and_goes_on_for_a_second_fault()
    {
        var run = Records.Healthy().WithOracle("estimate-is-clean/time", 0.5);
        run = run with { Steps = [.. run.Steps.Where(s => s is not { Epoch: 2, Batch: 3 })] };
        // A trainer that skips sums its epoch up from the steps it took.
        var taken = EpochSummary.Of(2, [.. run.Steps.Where(s => s.Epoch == 2)]);
        run = run.WithEpochs(e =>
            e.Epoch == 2
                ? e with
                {
                    BatchesSeen = taken.BatchesSeen,
                    BatchesStepped = taken.BatchesStepped,
                    Loss = taken.Loss,
                    DiscriminatorLoss = taken.DiscriminatorLoss,
                }
                : e
        );
        var path = Verdict.Of(run).Path;
        path.Select(s => s.Answer).Should().Equal("yes", "yes", "no", "no", "yes", "yes", "yes", "yes");
        path[2]
            .Should()
            .BeEquivalentTo(
                new PathStep
                {
                    Question = "Do the identities of a sound trainer hold?",
                    Answer = "no",
                    Why = "scale-fault is confirmed. Repair this before what follows is believed.",
                    Findings =
                    [
                        "scale-fault",
                        "label-leak",
                        "front-end-fault",
                        "scoring-wrong",
                        "loss-term-wrong",
                        "discriminator-loss-wrong",
                        "gradient-wrong",
                        "update-wrong",
                        "loss-inconsistent",
                        "batch-dependence",
                    ],
                }
            );
    }

    [Test]
    public void A_question_of_which_most_was_not_measured_has_no_answer_yet()
    {
        var run = Records.Healthy();
        var young = Verdict.Of(
            run with
            {
                Steps = [.. run.Steps.Take(6)],
                Epochs = [],
                Evaluations = [.. run.Evaluations.Where(e => e.Epoch == 0)],
            }
        );
        young.Path[4].Answer.Should().Be("unknown");
        young
            .Path[4]
            .Why.Should()
            .Be(
                "discriminator-constant, discriminator-blind, discriminator-of-clean are not measured; targets-above-one, "
                    + "discriminator-targets are rejected; going on."
            );
        young.Path[2].Answer.Should().Be("yes");
    }

    [Test]
    public void Its_file_can_be_read_back_and_holds_what_the_documentation_says()
    {
        var verdict = Verdict.Of(Records.Healthy().WithOracle("estimate-is-clean/time", 0.5));
        using var json = JsonDocument.Parse(verdict.ToJson());
        json.RootElement.EnumerateObject()
            .Select(p => p.Name)
            .Should()
            .BeEquivalentTo("run", "format", "status", "summary", "findings", "path", "problems", "hasConfirmed");
        var first = json.RootElement.GetProperty("findings")[0];
        first.GetProperty("id").GetString().Should().Be("scale-fault");
        first.GetProperty("severity").GetString().Should().Be("grave");
        first.GetProperty("outcome").GetString().Should().Be("confirmed");
        JsonSerializer.Deserialize<Verdict>(verdict.ToJson(), RunJson.Document)!.Findings.Should().BeEquivalentTo(verdict.Findings);
    }

    [Test]
    public void A_baseline_is_compared_by_findings_knobs_and_utterances_in_pairs()
    {
        var good = Records.Healthy();
        var bad = Records.Healthy().WithPesq(-0.4, -0.4, -0.41, -0.42, -0.43, -0.44).WithOracle("estimate-is-clean/time", 0.5);
        bad = bad with { Config = bad.Config!.With(["loss.timeReference=raw"]) };

        var comparison = BaselineComparison.Of(bad, Verdict.Of(bad), good, Verdict.Of(good));

        comparison.Findings.Should().Equal(new FindingDifference("scale-fault", FindingOutcome.Confirmed, FindingOutcome.Rejected));
        comparison.Knobs!.Select(k => (k.Key, k.Here, k.There)).Should().Equal(("loss.timeReference", "raw", "normalized"));
        comparison.Pesq!.Mean.Should().BeApproximately(-0.44, 1e-9);
        comparison
            .Sentence.Should()
            .StartWith(
                "Validation PESQ after epoch 6 is -0.440 against the baseline's after epoch 6, over 8 utterances in pairs, 95 % interval "
            )
            .And.EndWith("worse.");
    }

    [Test]
    public void Other_cuts_and_missing_validations_are_not_compared()
    {
        var good = Records.Healthy();
        var moved = good with { Evaluations = [.. good.Evaluations.Select(e => e with { CutStart = e.CutStart + 1 })] };
        BaselineComparison
            .Of(good, Verdict.Of(good), moved, Verdict.Of(moved))
            .Should()
            .Match<BaselineComparison>(c =>
                c.Pesq == null && c.Sentence == "PESQ was not compared: no utterance was scored on the same cut in both runs."
            );
        var empty = Records.Empty();
        BaselineComparison
            .Of(good, Verdict.Of(good), empty, Verdict.Of(empty))
            .Should()
            .Match<BaselineComparison>(c => c.Knobs == null && c.Sentence == "PESQ was not compared: the baseline has no validated epoch.");
    }
}
