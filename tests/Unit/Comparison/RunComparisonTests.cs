using SpeechGan.Comparison;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Reports;

namespace SpeechGan.Tests.Unit.Comparison;

public sealed class RunComparisonTests
{
    private static readonly SameSeedSpread Wide = new(
        new Tolerances
        {
            All =
            [
                .. new[] { "mean.pesq_wb", "utterance.pesq_wb", "utterance.si_sdr", "loss.total" }.Select(n => new Tolerance(
                    n,
                    0.1,
                    "for this test"
                )),
            ],
        },
        "this test"
    );

    [Test]
    public void Equal_records_are_equal_to_the_bit_whatever_time_they_took()
    {
        var run = ReportSamples.Run(2.0, 2.5);
        var slower = run with
        {
            Steps = [.. run.Steps.Select(s => s with { Seconds = new StepSeconds { Total = 99 } })],
            Epochs = [.. run.Epochs.Select(e => e with { Seconds = new EpochSeconds { Training = 9 } })],
        };
        var comparison = Of(run, slower);
        comparison.Outcome.Should().Be(ComparisonOutcome.Equal);
        comparison.Sentence.Should().Be("Equal to the bit over 8 steps.");
        comparison
            .Quantities.Where(q => q.Verdict != QuantityVerdict.Unmeasured)
            .Should()
            .OnlyContain(q => q.Verdict == QuantityVerdict.Equal);
        foreach (var assertion in Enum.GetValues<ComparisonAssertion>())
            ComparisonJudge.Holds(comparison, assertion).Should().BeTrue();
    }

    [Test]
    public void One_bit_in_any_recorded_number_of_a_step_is_found_at_its_step_and_field()
    {
        var run = ReportSamples.Run(2.0, 2.5);
        (string Field, Func<StepTelemetry, StepTelemetry> Change)[] changes =
        [
            ("loss.gan", s => s with { Loss = s.Loss with { Gan = Math.BitIncrement(s.Loss.Gan!.Value) } }),
            ("gradientNorm.time", s =>
                s with
                {
                    GradientNorm = s.GradientNorm! with { Time = Math.BitIncrement(s.GradientNorm.Time!.Value) },
                }
            ),
            ("samples[1].pesq", s =>
                s with
                {
                    Samples = [s.Samples![0], s.Samples[1] with { Pesq = Math.BitDecrement(s.Samples[1].Pesq!.Value) }],
                }
            ),
            ("discriminatorLoss", s => s with { DiscriminatorLoss = Math.BitIncrement(s.DiscriminatorLoss!.Value) }),
        ];
        foreach (var (field, change) in changes)
        {
            var first = Of(run, At(run, 6, change)).Told.First!;
            (first.Part, first.Step, first.Epoch, first.Field).Should().Be((RecordPart.Step, 6, 2, field));
        }
    }

    [Test]
    public void The_first_field_is_the_first_in_the_order_of_a_step_and_not_of_the_file()
    {
        var run = ReportSamples.Run(2.0);
        var other = At(run, 2, s =>
            s with
            {
                DiscriminatorLoss = 0.9,
                Loss = s.Loss with { Time = 0.7, Total = 0.8 },
                Samples = [s.Samples![0] with { Name = "elsewhere" }, s.Samples[1]],
            }
        );
        Of(run, other).Told.First!.InWords().Should().Be("step 2 (epoch 1), samples[0].name: A u2-0, B elsewhere");
        Of(run, At(run, 2, s => s with { DiscriminatorLoss = 0.9, Loss = s.Loss with { Time = 0.7, Total = 0.8 } }))
            .Told.First!.Field.Should()
            .Be("loss.time");
    }

    /// <summary>Series beyond 2,000 steps are judged by means of neighbours; which values differ and how many stays exact.</summary>
    [Test]
    public void Beyond_two_thousand_steps_growth_and_intervals_come_from_means_of_neighbours_and_say_so()
    {
        var run = Long(4_100);
        var other = run with
        {
            Steps =
            [
                .. run.Steps.Select(s => s.Step <= 50 ? s : s with { Loss = s.Loss with { Total = s.Loss.Total * (1 + (1e-9 * s.Step)) } }),
            ],
        };
        var told = Of(run, other).Told;
        told.First!.Step.Should().Be(51);
        var growth = told.Growth.Single();
        // 4,050 steps differ: three a mean, 1,350 means, the first from steps 51, 52 and 53.
        growth.MeansOf.Should().Be(3);
        growth.Points.Should().HaveCount(1_350);
        growth.Points[0].Step.Should().Be(51);
        growth.Points[0].Relative.Should().BeApproximately(52e-9, 1e-14);
        growth.Points[^1].Should().Match<GrowthPoint>(p => p.Step == 4_098 && Math.Abs(p.Relative - (4_099e-9 / (1 + 4_099e-9))) < 1e-12);
        growth.DoublingSteps.Should().BePositive();
        growth.Sentence.Should().EndWith(" (means of 3 steps).");
        Of(run, other).Quantities.Select(q => q.Pairs).Should().Contain("means of 3 steps");
        Of(run, Long(4_100)).Outcome.Should().Be(ComparisonOutcome.Equal);
    }

    [Test]
    public void Two_thousand_steps_and_fewer_are_all_points()
    {
        var run = Long(2_000);
        var growth = Of(run, run with { Steps = [.. run.Steps.Select(s => s with { Loss = s.Loss with { Total = s.Loss.Total + 0.1 } })] })
            .Told.Growth.Single();
        growth.MeansOf.Should().BeNull();
        growth.Points.Should().HaveCount(2_000);
        growth.Sentence.Should().NotContain("means");
    }

    [TestCase(0, 1, 0)]
    [TestCase(2_000, 1, 2_000)]
    [TestCase(2_001, 2, 1_001)]
    [TestCase(347_160, 174, 1_996)]
    public void A_series_has_at_most_two_thousand_means(int values, int width, int means)
    {
        Thinned.Width(values).Should().Be(width);
        double[] thinned = Thinned.Means([.. Enumerable.Range(0, values).Select(i => (double)i)]);
        thinned.Should().HaveCount(means);
        if (width > 1)
            thinned[0].Should().Be((width - 1) / 2.0);
        if (values == 2_001)
            thinned[^1].Should().Be(2_000, "the last mean has what is left");
    }

    // One epoch of many steps.
    private static RunRecord Long(int steps)
    {
        var shape = ReportSamples.Run(2.0);
        StepTelemetry[] all =
        [
            .. Enumerable
                .Range(1, steps)
                .Select(i =>
                {
                    var of = shape.Steps[i % 4];
                    return of with { Step = i, Loss = of.Loss with { Total = 1 + (0.1 * Math.Sin(i)) } };
                }),
        ];
        return shape with { Steps = all, Epochs = [EpochSummary.Of(1, all) with { Validation = shape.Epochs[0].Validation }] };
    }

    [Test]
    public void Within_needs_a_measured_spread_and_every_value_inside_it()
    {
        var run = ReportSamples.Run(2.0, 2.5);
        var near = At(run, 5, s => s with { Loss = s.Loss with { Total = s.Loss.Total + 1e-9 } });
        Of(run, near, Wide).Outcome.Should().Be(ComparisonOutcome.Within);
        Of(run, near).Outcome.Should().Be(ComparisonOutcome.Different, "no spread of one seed is known");
        var far = Of(run, ReportSamples.Run(2.0, 2.75), Wide);
        far.Outcome.Should().Be(ComparisonOutcome.Different);
        far.Told.Beyond.Should().Contain(d => d.Metric == "mean.pesq_wb" && d.Epoch == 2 && d.Allowed == 0.1);
        ComparisonJudge.Holds(Of(run, near, Wide), ComparisonAssertion.Equal).Should().BeFalse();
        ComparisonJudge.Holds(Of(run, near, Wide), ComparisonAssertion.Within).Should().BeTrue();
        ComparisonJudge.Holds(far, ComparisonAssertion.Within).Should().BeFalse();
    }

    [Test]
    public void A_distance_that_doubles_each_step_is_told_with_its_doubling()
    {
        var run = ReportSamples.Run(2.0, 2.0);
        var other = run with
        {
            Steps = [.. run.Steps.Select(s => s with { Loss = s.Loss with { Total = s.Loss.Total * (1 + (1e-6 * Math.Pow(2, s.Step))) } })],
        };
        var growth = Of(run, other).Told.Growth.Single();
        growth.Field.Should().Be("loss.total");
        growth.DoublingSteps.Should().BeApproximately(1, 0.001);
        growth.Points.Should().HaveCount(8);
        Of(run, At(run, 3, s => s with { Loss = s.Loss with { Total = 3 } }))
            .Told.Growth.Single()
            .NotGrowing.Should()
            .StartWith("too few steps");
    }

    [Test]
    public void A_run_that_is_still_training_is_compared_as_far_as_it_goes_and_nothing_is_decided()
    {
        var run = ReportSamples.Run(2.0, 2.5);
        var open = run with
        {
            Info = run.Info with { Status = RunStatus.Running },
            Steps = [.. run.Steps.Take(6)],
            Epochs = [.. run.Epochs.Take(1)],
            Evaluations = [.. run.Evaluations.Where(e => e.Epoch < 2)],
        };
        var comparison = Of(run, open);
        comparison.Outcome.Should().Be(ComparisonOutcome.Undecided);
        comparison.Sentence.Should().Be("Not decided: a run is not complete. Equal to the bit as far as both go, 6 steps.");
        comparison.Notes.Should().Contain("'B' seed 7 is still training at step 6: compared as far as both runs go.");
        ComparisonJudge.Holds(comparison, ComparisonAssertion.Within).Should().BeNull();
        Of(run, At(open, 2, s => s with { DiscriminatorLoss = 5 })).Outcome.Should().Be(ComparisonOutcome.Different);
    }

    [Test]
    public void A_run_that_failed_is_over_and_its_missing_steps_are_a_difference()
    {
        var run = ReportSamples.Run(2.0, 2.5);
        var failed = run with
        {
            Info = run.Info with { Status = RunStatus.Failed, Why = "the loss is not finite" },
            Steps = [.. run.Steps.Take(6)],
            Epochs = [.. run.Epochs.Take(1)],
            Evaluations = [.. run.Evaluations.Where(e => e.Epoch < 2)],
        };
        var comparison = Of(run, failed);
        comparison.Told.First!.InWords().Should().Be("step 7 (epoch 2): A alone has it");
        comparison.Notes.Should().Contain("'B' seed 7 failed (the loss is not finite) at step 6.");
    }

    [Test]
    public void Runs_of_different_corpora_are_refused_with_an_utterance_of_each()
    {
        var run = ReportSamples.Run(2.0);
        var other = run with
        {
            Evaluations = [.. run.Evaluations.Select(e => e with { Name = "x" + e.Name })],
            Steps = [.. run.Steps.Select(s => s with { Samples = [.. s.Samples!.Select(p => p with { Name = "x" + p.Name })] })],
        };
        FluentActions
            .Invoking(() => Of(run, other))
            .Should()
            .Throw<ComparisonException>()
            .WithMessage(
                "'A' and 'B' were trained on different corpora: A has 10 utterances like 'a', B has 10 utterances like 'xa', and no "
                    + "utterance is in both. Compare runs of one corpus."
            );
        FluentActions
            .Invoking(() => Of(run with { Steps = [], Evaluations = [] }, run))
            .Should()
            .Throw<ComparisonException>()
            .WithMessage("'A' has recorded no step yet*");
    }

    [Test]
    public void A_field_that_an_older_program_never_recorded_is_left_out_and_named()
    {
        var run = ReportSamples.Run(2.0);
        var newer = run with { Steps = [.. run.Steps.Select(s => s with { Batch = (int)s.Step })] };
        var comparison = Of(run, newer);
        comparison.Outcome.Should().Be(ComparisonOutcome.Equal);
        comparison
            .Notes.Should()
            .Equal("No step of A records batch: left out of the comparison (its program or its configuration has none).");
        Of(run, At(run, 2, s => s with { Batch = 4 })).Outcome.Should().Be(ComparisonOutcome.Equal);
        Of(newer, At(newer, 2, s => s with { Batch = null }))
            .Outcome.Should()
            .Be(ComparisonOutcome.Different, "the program of both records it");
    }

    [Test]
    public void With_five_seeds_a_difference_is_judged_against_what_seeds_differ_by()
    {
        double[] seeds = [2.00, 2.04, 1.97, 2.02, 1.99];
        Pesq(seeds, [.. seeds.Select((p, i) => p - 0.5 + (0.001 * i))]).Verdict.Should().Be(QuantityVerdict.MoreThanSeeds);
        Pesq(seeds, [.. seeds.Select((p, i) => p - 0.01 + (0.001 * i))]).Verdict.Should().Be(QuantityVerdict.LessThanSeeds);
        Pesq(seeds, [2.04, 1.98, 2.03, 1.96, 2.01]).Verdict.Should().Be(QuantityVerdict.NotTold);
        Pesq(seeds, seeds).Verdict.Should().Be(QuantityVerdict.Equal);
        var told = Pesq(seeds, [.. seeds.Select(p => p - 0.5)]);
        (told.Pairs, told.Difference!.Count).Should().Be(("seeds", 5));
        // Root mean square of the ten distances of five values: sqrt(2) times their sample standard deviation.
        told.SeedSpread.Should().BeApproximately(Math.Sqrt(2 * seeds.Select(s => (s - 2.004) * (s - 2.004)).Sum() / 4), 1e-12);
    }

    [Test]
    public void One_seed_says_nothing_of_what_seeds_differ_by()
    {
        var pesq = Of(ReportSamples.Run(2.0), ReportSamples.Run(2.5)).Quantities[0];
        (pesq.Verdict, pesq.SeedSpread, pesq.Pairs).Should().Be((QuantityVerdict.Unmeasured, null, "utterances"));
        pesq.InWords.Should().Be("cannot be judged: 2 values are too few for an interval; at least 5 are needed");
        ComparisonJudge.Holds(Of(ReportSamples.Run(2.0), ReportSamples.Run(2.5)), ComparisonAssertion.Pesq).Should().BeNull();
    }

    [Test]
    public void Repeated_runs_of_one_seed_give_the_spread()
    {
        var run = ReportSamples.Run(2.0);
        SameSeedSpread
            .Of(run, [run])
            .Source.Should()
            .Be("2 runs of one seed are equal to the bit: nothing but equality is within their spread");
        var spread = SameSeedSpread.Of(run, [ReportSamples.Run(2.01)]);
        spread.Tolerances!.For("mean.pesq_wb").Should().BeApproximately(0.03, 0.001);
        Of(run, ReportSamples.Run(1.98), spread).Outcome.Should().Be(ComparisonOutcome.Within);
        Of(run, ReportSamples.Run(1.96), spread).Outcome.Should().Be(ComparisonOutcome.Different);
    }

    private static RunComparison Of(RunRecord a, RunRecord b, SameSeedSpread? spread = null) =>
        RunComparison.Of([new ComparedRun("A", a)], [new ComparedRun("B", b)], spread ?? SameSeedSpread.Unmeasured);

    private static RunRecord At(RunRecord run, long step, Func<StepTelemetry, StepTelemetry> change) =>
        run with
        {
            Steps = [.. run.Steps.Select(s => s.Step == step ? change(s) : s)],
        };

    private static QuantityDifference Pesq(double[] a, double[] b) =>
        RunComparison.Of(Seeds("A", a), Seeds("B", b), SameSeedSpread.Unmeasured).Quantities[0];

    private static ComparedRun[] Seeds(string label, double[] pesq) =>
        [
            .. pesq.Select(
                (p, i) =>
                {
                    var run = ReportSamples.Run(p);
                    return new ComparedRun(label, run with { Info = run.Info with { Seed = i + 1 } });
                }
            ),
        ];
}
