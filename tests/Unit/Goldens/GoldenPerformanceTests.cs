using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Data;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Goldens;

/// <summary>Step time and peak memory have a rule of their own: a median of ratios, judged on the golden's host alone, never to the
/// bit.</summary>
public sealed class GoldenPerformanceTests
{
    private static readonly Tolerances Bounds = new()
    {
        All =
        [
            new("stepTime", 0.5, "3 x 0.16, the largest distance of equal trainings, on a busy machine"),
            new("peakMemory", 1.25, "3 x 0.41, measured"),
        ],
    };

    private readonly TemporaryFolder folder = new();

    [SetUp]
    public void Empty()
    {
        if (Directory.Exists(folder["goldens"]))
            Directory.Delete(folder["goldens"], recursive: true);
        Directory.CreateDirectory(folder["goldens"]);
    }

    [OneTimeTearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public void Step_time_is_the_median_ratio_to_the_loop_over_the_steps_after_the_first_epoch()
    {
        // Of the first epoch's two steps nothing counts; of the others one met other load, which the median leaves out.
        var figures = GoldenPerformance.Of(Run(100, 90, 8, 9, 80, 10, 9), Bounds).Figures;
        figures
            .Should()
            .Equal(
                new PerformanceFigure("peakMemory", 3e7, 1.25, "3 x 0.41, measured"),
                new PerformanceFigure("stepTime", 9, 0.5, Bounds.All[1].Cause)
            );
    }

    [Test]
    public void What_was_not_measured_has_its_reason_and_a_figure_without_bound_too()
    {
        GoldenPerformance
            .Of(Run(100, 90, 8, 9), Bounds)
            .Unavailable.Should()
            .Contain("stepTime", "2 steps after the first epoch were measured; at least 3 are needed");
        var none = Run(100, 90, 8, 9, 9);
        var unmeasured = none with
        {
            Performance = none.Performance! with { PeakMemory = null, Unavailable = Absence.Of("peakMemory", "this system does not tell") },
        };
        var figures = GoldenPerformance.Of(unmeasured, Tolerances.None);
        figures.Unavailable.Should().Equal(Absence.Of("peakMemory", "this system does not tell"));
        figures
            .Figures.Should()
            .ContainSingle()
            .Which.Should()
            .Match<PerformanceFigure>(f => f.Allowed == null && f.Cause.Contains("no bound"));
        GoldenPerformance.Of(none with { Performance = null }, Bounds).Should().BeSameAs(GoldenPerformance.None);
    }

    [Test]
    public void The_text_has_each_figure_with_its_bound_and_reason_and_reads_back_equal()
    {
        var golden = GoldenSamples
            .Sample()
            .With(
                new GoldenPerformance
                {
                    Figures = [new("stepTime", 9.25, 0.5, "3 x 0.16, measured"), new("peakMemory", 3e7, null, "no bound was measured")],
                    Unavailable = Absence.Of("other", "not asked for"),
                }
            );
        var text = GoldenText.Write(golden);
        text.Should()
            .StartWith("SpeechGan golden trajectory, format 4\n")
            .And.Contain(
                "\nperformance peakMemory 30000000 allowed none: no bound was measured\n"
                    + "performance stepTime 9.25 allowed 0.5: 3 x 0.16, measured\n"
                    + "performance other absent: not asked for\n\nepoch 1\n"
            );
        var copy = GoldenText.Parse(text, "copy");
        copy.Performance.Should().BeEquivalentTo(golden.Performance);
        GoldenText.Write(copy with { Tolerances = golden.Tolerances }).Should().Be(text);
        GoldenText.Parse(GoldenText.Write(GoldenSamples.Sample()), "old").Performance.Should().BeSameAs(GoldenPerformance.None);
    }

    [TestCase("performance stepTime x allowed 0.5: why")]
    [TestCase("performance stepTime 9 allowed 0.5")]
    [TestCase("performance stepTime 9 allowed -1: why")]
    [TestCase("performance stepTime NaN allowed 0.5: why")]
    [TestCase("performance stepTime 9: why")]
    [TestCase("performance peakMemory absent: twice")]
    public void A_damaged_line_is_named(string line)
    {
        var golden = GoldenSamples.Sample().With(new GoldenPerformance { Unavailable = Absence.Of("peakMemory", "r") });
        var text = GoldenText.Write(golden).Replace("\n\nepoch 1", $"\n{line}\n\nepoch 1", StringComparison.Ordinal);
        FluentActions
            .Invoking(() => GoldenText.Parse(text, "golden"))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("golden, line 11: expected 'performance NAME NUMBER allowed SHARE: CAUSE' or*each name once.");
    }

    [Test]
    public void More_than_allowed_on_the_same_host_exceeds_and_less_never_does()
    {
        var golden = GoldenSamples.Sample().With(GoldenPerformance.Of(Run(1, 1, 8, 8, 8), Bounds));
        Of(12.1)
            .Should()
            .Be(
                (
                    PerformanceOutcome.Exceeds,
                    "stepTime: 12.10 calibration loops a step; the golden 8.00 calibration loops a step (x1.51, allowed x1.50): MORE THAN "
                        + "ALLOWED."
                )
            );
        Of(12).Outcome.Should().Be(PerformanceOutcome.Holds);
        Of(0.1).Outcome.Should().Be(PerformanceOutcome.Holds, "less is no fault");
        Of(99, sameHost: false)
            .Should()
            .Be(
                (
                    PerformanceOutcome.Told,
                    "stepTime: 99.00 calibration loops a step; the golden 8.00 calibration loops a step (x12.38), made on another "
                        + "host: reported, not judged."
                )
            );

        (PerformanceOutcome Outcome, string Sentence) Of(double ratio, bool sameHost = true)
        {
            var result = PerformanceComparison.Of(golden, GoldenPerformance.Of(Run(1, 1, ratio, ratio, ratio), Bounds), sameHost)[0];
            return (result.Outcome, result.Sentence);
        }
    }

    [Test]
    public void A_golden_of_an_older_format_and_a_training_that_was_not_measured_are_told_with_their_reason()
    {
        var old = PerformanceComparison.Of(GoldenSamples.Sample(), GoldenPerformance.Of(Run(1, 1, 8, 8, 8), Bounds), sameHost: true);
        old.Should().OnlyContain(c => c.Outcome == PerformanceOutcome.Told);
        old[1]
            .Sentence.Should()
            .Be("peakMemory: 30.0 MB; the golden has none: it was approved without (format 2); --performance keep writes it for approval.");
        PerformanceComparison
            .Of(GoldenSamples.Sample(), GoldenPerformance.None, sameHost: true)[0]
            .Sentence.Should()
            .Be("stepTime: not measured: the training was not measured (--performance).");
    }

    [Test]
    public void Costs_fail_a_check_only_where_it_is_asked_for_as_an_outcome_of_their_own_and_only_three_times_in_a_row()
    {
        double[] ratios = [8];
        var trainings = 0;
        Approve(() => ratios[0]);

        (ratios, trainings) = ([99, 98, 97], 0);
        Check(PerformanceUse.Tell).Should().Match<GoldenCheckResult>(r => r.IsGood && r.State == GoldenState.Equal);
        (ratios, trainings) = ([99, 98, 97], 0);
        var costlier = Check(PerformanceUse.Fail);
        costlier.Should().Match<GoldenCheckResult>(r => !r.IsGood && r.State == GoldenState.Costlier && r.Report == null);
        costlier.Performance[0].Received.Should().Be(97, "the smallest of three counts");
        trainings.Should().Be(3);
        (ratios, trainings) = ([99, 8, 97], 0);
        Check(PerformanceUse.Fail).State.Should().Be(GoldenState.Equal, "other load passes");
        trainings.Should().Be(2);

        GoldenCheckResult Check(PerformanceUse use) => CheckOf(use, () => ratios[trainings++]).Run(Scenarios.Goldens[0]);
    }

    [Test]
    public void A_golden_without_figures_gets_them_by_approval_and_keeps_them_through_checks_that_do_not_measure()
    {
        var store = new GoldenStore(folder["goldens"], environment: _ => null);
        CheckOf(null, () => 8).Run(Scenarios.Goldens[0]);
        store.Approve("healthy-seed-1", By);
        store.Read("healthy-seed-1").Should().Match<Golden>(g => g.Format == 3 && g.Performance.Figures.Count == 0);

        CheckOf(PerformanceUse.Tell, () => 8).Run(Scenarios.Goldens[0]);
        store.Waiting.Should().BeEmpty("what holds is not written");
        CheckOf(PerformanceUse.Keep, () => 8).Run(Scenarios.Goldens[0]).IsGood.Should().BeTrue();
        store.Waiting.Should().Equal("healthy-seed-1");
        GoldenReport
            .Of(null, store.Read("healthy-seed-1"), store.ReadReceived("healthy-seed-1").Golden, store)
            .InWords()
            .Should()
            .Contain("cost       stepTime: 8.00 calibration loops a step; the golden has none");
        store.Approve("healthy-seed-1", By);
        store.Read("healthy-seed-1").Performance.Figures.Should().HaveCount(2);

        // Another value, in a check that does not measure: its approval does not lose the figures.
        CheckOf(null, () => 8, pesq: 2).Run(Scenarios.Goldens[0]).State.Should().Be(GoldenState.Differs);
        store.ReadReceived("healthy-seed-1").Golden.Performance.Figures.Should().HaveCount(2);
    }

    [Test]
    public void The_spread_of_equal_trainings_becomes_a_bound_with_its_reason()
    {
        var spread = new PerformanceSpread();
        spread.Add([.. new[] { 8.0, 10, 9 }.Select(r => GoldenPerformance.Of(Run(1, 1, r, r, r), Tolerances.None))], "healthy-seed-1");
        spread
            .Bounds("golden spread --performance", "load average 3.0 to 9.0 on 2 cores")
            .All.Single(b => b.Name == "stepTime")
            .Should()
            .Be(
                new Tolerance(
                    "stepTime",
                    0.75,
                    "3 x 0.25, the largest distance of equal trainings, healthy-seed-1: 8.00 calibration loops a step to 10.00 "
                        + "calibration loops a step in 3 trainings; load average 3.0 to 9.0 on 2 cores (golden spread --performance)"
                )
            );
    }

    [Test]
    public void A_nights_trend_has_what_was_measured_and_nothing_where_nothing_was()
    {
        Approve(() => 8);
        GoldenTrend
            .Of(CheckOf(PerformanceUse.Tell, () => 9).Run(Scenarios.Goldens[0]), "v", DateTimeOffset.UnixEpoch)
            .Last.Should()
            .Contain("performance.stepTime", 9)
            .And.Contain("performance.peakMemory", 3e7);
        GoldenTrend
            .Of(CheckOf(null, () => 9).Run(Scenarios.Goldens[0]), "v", DateTimeOffset.UnixEpoch)
            .Last.Keys.Should()
            .Equal("loss.total", "mean.pesq_wb", "trainingRate");
    }

    private static ApprovalRequest By =>
        new()
        {
            By = "Ada",
            Reason = "for the test",
            When = DateTimeOffset.UnixEpoch,
        };

    private void Approve(Func<double> ratio)
    {
        CheckOf(PerformanceUse.Keep, ratio).Run(Scenarios.Goldens[0]);
        new GoldenStore(folder["goldens"], environment: _ => null).Approve("healthy-seed-1", By);
    }

    private GoldenCheck CheckOf(PerformanceUse? use, Func<double> ratio, double pesq = 2.25) =>
        new(
            new GoldenStore(folder["goldens"], environment: _ => null),
            new ToleranceTable { Measured = "m", Scenarios = new Dictionary<string, Tolerances>() },
            new GoldenSurroundings("0.1.0", "corpus A", "2026-11-30"),
            (_, _) =>
            {
                var now = use is null ? 0 : ratio();
                var run = Run(1, 1, now, now, now) with { Epochs = [.. Run(1, 1, 1, 1, 1).Epochs.Select(e => Scored(e, pesq))] };
                return use is null ? run with { Performance = null } : run;
            },
            use is { } known ? new PerformanceRule(known, Bounds) : null
        );

    private static EpochTelemetry Scored(EpochTelemetry epoch, double pesq) =>
        epoch with
        {
            Validation = new ValidationSummary
            {
                Split = "valid",
                Utterances = 1,
                Mean = new Dictionary<string, double> { ["pesq_wb"] = pesq },
            },
        };

    // Two steps in the first epoch, the others in the second; the loop takes a tenth of a second.
    private static RunRecord Run(params double[] ratios)
    {
        StepTelemetry[] steps = [.. ratios.Select((_, i) => RunSamples.Stepped(i < 2 ? 1 : 2, i + 1))];
        return new RunRecord
        {
            Info = new RunInfo
            {
                Id = "r",
                Status = RunStatus.Completed,
                Started = DateTimeOffset.UnixEpoch,
                Seed = 1,
                Host = RunSamples.Start.Host,
            },
            Epochs = [RunSamples.Epoch(1, steps[..2]), RunSamples.Epoch(2, steps[2..])],
            Performance = new RunPerformance
            {
                Steps =
                [
                    .. ratios.Select(
                        (r, i) =>
                            new StepCost
                            {
                                Step = i + 1,
                                Seconds = 1,
                                CpuSeconds = r,
                                LoopSeconds = 1,
                            }
                    ),
                ],
                PeakMemory = 30_000_000,
            },
        };
    }
}
