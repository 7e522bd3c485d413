using SpeechGan.Comparison;
using SpeechGan.Import;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Import;
using SpeechGan.Tests.Unit.Reports;

namespace SpeechGan.Tests.Unit.Comparison;

/// <summary>Runs of other trainers held against each other: by what both records hold, and by nothing else.</summary>
public sealed class ImportedComparisonTests
{
    private const string Table = "epoch,loss,pesq\n1,0.30,2.0\n2,0.20,2.4\n3,0.15,2.6\n4,0.12,2.7\n";

    [Test]
    public void Equal_tables_of_other_files_are_equal_in_what_both_hold()
    {
        var comparison = Of(Run("a.csv", Table), Run("b.csv", Table));
        comparison.Outcome.Should().Be(ComparisonOutcome.Equal);
        comparison.Sentence.Should().Be("Equal in all that both records hold: 8 values of 4 epochs and 0 steps.");
        (comparison.Told.Seed, comparison.SameHost).Should().Be((null, false));
        ComparisonJudge.Holds(comparison, ComparisonAssertion.Equal).Should().BeTrue();
        comparison
            .Notes.Should()
            .HaveCount(2)
            .And.OnlyContain(n => n.EndsWith("nothing says whether both trainings saw the same batches."));
    }

    [Test]
    public void The_first_epoch_and_field_that_differ_are_told_with_their_growth_and_PESQ()
    {
        var comparison = Of(Run("a.csv", Table), Run("b.csv", "epoch,loss,pesq\n1,0.30,2.0\n2,0.20,2.3\n3,0.15,2.1\n4,0.12,1.9\n"));
        comparison.Outcome.Should().Be(ComparisonOutcome.Different);
        comparison
            .Sentence.Should()
            .Be(
                "Different: of 8 values of 4 epochs and 0 steps that both records hold 3 differ, first at epoch 2, "
                    + "validation.mean.pesq_wb: A 2.4, B 2.3, relative distance 0.042."
            );
        comparison
            .Told.Growth.Should()
            .ContainSingle()
            .Which.Should()
            .BeEquivalentTo(new { Field = "validation.mean.pesq_wb", Unit = "epoch" });
        comparison.Told.Growth[0].Points.Select(p => p.Step).Should().Equal(2, 3, 4);
        var pesq = comparison.Quantities[0];
        (pesq.MeanOfA, pesq.MeanOfB, pesq.Verdict, pesq.Pairs).Should().Be((2.7, 1.9, QuantityVerdict.Unmeasured, "mean"));
        pesq.InWords.Should()
            .Be("cannot be judged: one value a side, that of epoch 4; how far utterances and seeds scatter is not recorded");
        comparison.Spread.Should().StartWith("not measurable from these two: an imported record tells neither its seed");
        ComparisonJudge.Holds(comparison, ComparisonAssertion.Within).Should().BeNull("no spread of one seed is known");
        ComparisonJudge.Holds(comparison, ComparisonAssertion.Equal).Should().BeFalse();
        ComparisonJudge.Holds(comparison, ComparisonAssertion.Pesq).Should().BeNull();
    }

    [Test]
    public void Further_runs_of_A_s_seed_decide_what_is_within_their_spread()
    {
        var a = Run("a.csv", Table);
        var spread = SameSeedSpread.Of(
            a,
            [Run("c.csv", "epoch,loss,pesq\n1,0.31,2.1\n2,0.20,2.4\n3,0.15,2.6\n4,0.12,2.7\n")],
            "--same-seed"
        );
        spread.Tolerances!.All.Select(t => t.Name).Should().Equal("loss.total", "mean.pesq_wb");
        var near = Of(a, Run("b.csv", "epoch,loss,pesq\n1,0.30,2.0\n2,0.20,2.3\n3,0.15,2.6\n4,0.12,2.7\n"), spread);
        near.Outcome.Should().Be(ComparisonOutcome.Within);
        ComparisonJudge.Holds(near, ComparisonAssertion.Within).Should().BeTrue();
        var far = Of(a, Run("b.csv", "epoch,loss,pesq\n1,0.30,2.0\n2,0.20,2.4\n3,0.15,2.6\n4,0.12,1.9\n"), spread);
        far.Outcome.Should().Be(ComparisonOutcome.Different);
        far.Told.Beyond.Should().ContainSingle(d => d.Metric == "mean.pesq_wb" && d.Epoch == 4);
        ComparisonJudge.Holds(far, ComparisonAssertion.Within).Should().BeFalse();
    }

    [Test]
    public void What_one_record_alone_holds_is_not_measured_and_decides_nothing()
    {
        var comparison = Of(Run("a.csv", Table), Run("b.csv", "epoch,loss,lr\n1,0.30,0.001\n2,0.20,0.001\n3,0.15,0.001\n4,0.12,0.001\n"));
        comparison.Outcome.Should().Be(ComparisonOutcome.Equal);
        comparison.Sentence.Should().Be("Equal in all that both records hold: 4 values of 4 epochs and 0 steps.");
        comparison
            .Notes.Should()
            .Contain("No epoch of B records validation.mean.pesq_wb: not measured there, and not compared.")
            .And.Contain("No epoch of A records generatorLearningRate: not measured there, and not compared.");
        comparison.Quantities[0].Verdict.Should().Be(QuantityVerdict.Unmeasured);
        comparison.Quantities[0].MeanOfB.Should().BeNull();
    }

    [Test]
    public void A_value_that_is_missing_at_one_place_is_told_and_not_taken_for_0()
    {
        var comparison = Of(Run("a.csv", Table), Run("b.csv", "epoch,loss,pesq\n1,0.30,2.0\n2,0.20,\n3,0.15,2.6\n4,0.12,2.7\n"));
        comparison.Outcome.Should().Be(ComparisonOutcome.Equal);
        comparison
            .Notes.Should()
            .Contain(
                "Values that one side alone holds at a place: 1 (first: epoch 2, validation.mean.pesq_wb: A 2.4, B has none). They were "
                    + "not compared."
            );
    }

    [Test]
    public void A_record_that_ends_earlier_leaves_the_rest_undecided()
    {
        var comparison = Of(Run("a.csv", Table), Run("b.csv", "epoch,loss,pesq\n1,0.30,2.0\n2,0.20,2.4\n"));
        comparison.Outcome.Should().Be(ComparisonOutcome.Undecided);
        comparison
            .Sentence.Should()
            .Be("Not decided: one record goes on where the other ends. Equal in all that both hold: 4 values of 2 epochs and 0 steps.");
        comparison.Notes.Should().Contain("A alone has 2 epochs (first: epoch 3; last: epoch 4).");
        ComparisonJudge.Holds(comparison, ComparisonAssertion.Equal).Should().BeNull();
    }

    [Test]
    public void Records_without_a_value_in_common_are_refused()
    {
        FluentActions
            .Invoking(() => Of(Run("a.csv", "epoch,loss\n1,0.3\n"), Run("b.csv", "epoch,pesq\n1,2.0\n")))
            .Should()
            .Throw<ComparisonException>()
            .WithMessage("'A' and 'B' hold no value in common. No epoch of B records loss.total: not measured there, *");
        FluentActions
            .Invoking(() => Of(Run("a.csv", "epoch,loss\n1,0.3\n"), Run("b.csv", "epoch,loss\n7,0.3\n")))
            .Should()
            .Throw<ComparisonException>()
            .WithMessage("*A alone has 1 epoch (first: epoch 1; last: epoch 1).*");
    }

    [Test]
    public void A_sampled_log_and_a_full_one_are_compared_at_their_common_steps_and_not_by_means_of_others()
    {
        static string Log(IEnumerable<int> steps) =>
            string.Concat(steps.Select(s => FormattableString.Invariant($"Epoch 0, Step {s}, loss: 0.{1000 - s}, disc_loss: 0.01\n")))
            + "Generator loss: 0.1, Discriminator loss: 0.01\n";
        var comparison = Of(Run("a.log", Log([100, 200, 300])), Run("b.log", Log([100, 150, 200, 250, 300])));
        comparison.Outcome.Should().Be(ComparisonOutcome.Equal);
        comparison.Told.CommonSteps.Should().Be(3);
        comparison.Notes.Should().Contain("B alone has 2 steps (first: step 150 (epoch 1); last: step 250 (epoch 1)).");
        var apart = Of(
            Run("a.log", Log([100, 200, 300])),
            Run("b.log", Log([100, 150, 200, 250, 300]).Replace("loss: 0.1,", "loss: 0.2,"))
        );
        apart.Told.First!.InWords().Should().StartWith("epoch 1, validation.loss: A 0.1, B 0.2");
        apart.Told.Growth.Select(g => g.Field).Should().Equal(["validation.loss"], "means of other steps are not compared");
        var other = Of(Run("a.log", Log([100, 200])), Run("b.log", Log([100, 200]).Replace("0.800", "0.801")));
        other.Told.First!.InWords().Should().StartWith("step 200 (epoch 1), loss.total: A 0.8, B 0.801");
    }

    [Test]
    public void A_step_that_does_not_tell_whether_the_discriminator_was_updated_has_no_training_rate()
    {
        const string steps = "step,loss\n1,0.3\n2,0.2\n3,0.1\n";
        Of(Run("a.csv", steps), Run("b.csv", steps))
            .Quantities.Single(q => q.Name == "trainingRate")
            .Verdict.Should()
            .Be(QuantityVerdict.Unmeasured);
        const string partly = "step,loss,grad_gan\n1,0.3,1\n2,0.2,1\n3,0.1,1\n";
        Of(Run("a.csv", partly), Run("b.csv", partly))
            .Quantities.Single(q => q.Name == "gradientShare.gan")
            .MeanOfA.Should()
            .BeNull("a share needs all four terms");
    }

    [Test]
    public void Event_files_are_compared_in_their_32_bits()
    {
        var events = Importer.Read(
            Sources.Of(
                "events.out.tfevents.1",
                EventFolderTests.File((1, "loss", 0.1098), (1, "pesq", 2.64), (2, "loss", 0.105), (2, "pesq", 2.21))
            ),
            null,
            [],
            null
        );
        var comparison = Of(events, Run("b.csv", "epoch,loss,pesq\n1,0.1098,2.64\n2,0.105,2.21\n"));
        comparison.Outcome.Should().Be(ComparisonOutcome.Equal);
        comparison.Notes.Should().Contain("Event files keep numbers in 32 bits: all numbers were compared so.");
        Of(events, Run("b.csv", "epoch,loss,pesq\n1,0.1098,2.64\n2,0.105,2.2101\n")).Outcome.Should().Be(ComparisonOutcome.Different);
    }

    [Test]
    public void A_run_of_this_program_is_compared_with_an_imported_one()
    {
        var own = ReportSamples.Run(2.0, 2.5);
        var comparison = Of(own, Run("b.csv", "epoch,loss,pesq\n1,1,2.0\n2,0.5,2.25\n"));
        comparison.Told.First!.InWords().Should().StartWith("epoch 2, validation.mean.pesq_wb: A 2.5, B 2.25");
        comparison
            .Notes.Should()
            .Contain("B records no step: not measured there.")
            .And.Contain("B records no utterance: not measured there.");
        comparison.Quantities[0].MeanOfB.Should().Be(2.25);
    }

    [Test]
    public void Records_of_different_corpora_are_refused_with_an_utterance_of_each()
    {
        static SourceFiles Recorded(string name) =>
            Sources.Folder(
                (
                    "steps.rank0.jsonl",
                    System.Text.Encoding.UTF8.GetBytes(
                        $"{{\"epoch\":1,\"step\":1,\"loss\":{{\"total\":0.5}},\"samples\":[{{\"name\":\"{name}\",\"pesq\":2.5}}]}}\n"
                    )
                )
            );
        FluentActions
            .Invoking(() => Of(Importer.Read(Recorded("p1"), null, [], null), Importer.Read(Recorded("q1"), null, [], null)))
            .Should()
            .Throw<ComparisonException>()
            .WithMessage("'A' and 'B' were trained on different corpora: A has 1 utterance like 'p1', B has 1 utterance like 'q1', *");
    }

    private static RunRecord Run(string name, string text) => Sources.Read(name, text);

    private static RunComparison Of(RunRecord a, RunRecord b, SameSeedSpread? spread = null) =>
        RunComparison.Of([new ComparedRun("A", a)], [new ComparedRun("B", b)], spread ?? SameSeedSpread.Imported);
}
