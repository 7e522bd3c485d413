using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Reports;
using SpeechGan.Runs;
using static SpeechGan.Tests.Unit.Reports.ReportSamples;

namespace SpeechGan.Tests.Unit.Reports;

public sealed class ReportChartTests
{
    [Test]
    public void The_charts_hold_the_records_own_numbers()
    {
        var run = Run(2.0, 2.5, 1.75);
        var page = new PageReader(Page(run));
        page.Series("pesq", "enhanced").Should().Equal(run.Epochs.Select(e => ((double)e.Epoch, (double?)e.Validation!.Mean["pesq_wb"])));
        page.Series("loss", "generator, epoch mean").Should().Equal(run.Epochs.Select(e => ((double)e.Epoch, e.Loss.Total)));
        page.Series("loss", "generator, steps").Should().Equal(run.Steps.Select((s, i) => ((i + 1) / 4.0, s.Loss.Total)));
        page.Series("rate", "training rate").Should().Equal(run.Epochs.Select(e => ((double)e.Epoch, e.TrainingRate)));
        page.Series("shares-0", "magnitude").Should().OnlyContain(p => p.Y == 0.5);
        page.Series("correlation", "correlation").Should().Equal(run.Epochs.Select(e => ((double)e.Epoch, e.DiscriminatorCorrelation)));
        page.Chart("pesq").GetProperty("levels")[0].GetProperty("at").GetDouble().Should().BeApproximately(1.6, 1e-6);
    }

    [Test]
    public void PESQ_and_losses_share_one_time_axis_and_the_onset_is_marked_on_it()
    {
        var page = new PageReader(Page(Run(2.0, 2.5, 1.75), Finding(FindingOutcome.Confirmed, since: 2)));
        page.Chart("loss").GetProperty("xRange").EnumerateArray().Select(x => x.GetDouble()).Should().Equal(0, 3);
        foreach (var chart in new[] { "pesq", "loss", "si-sdr" })
        {
            page.Chart(chart).GetProperty("xRange").GetRawText().Should().Be(page.Chart("loss").GetProperty("xRange").GetRawText());
            page.Chart(chart).GetProperty("marks").EnumerateArray().Select(m => m.GetProperty("at").GetDouble()).Should().Equal(2);
        }

        page.Text.Should().Contain("epoch 2: some-theory").And.Contain("some-theory, since epoch 2");
        new PageReader(Page(Run(2.0), Finding(FindingOutcome.Rejected, since: 1)))
            .Chart("pesq")
            .GetProperty("marks")
            .GetArrayLength()
            .Should()
            .Be(0, "nothing began");
    }

    [Test]
    public void Epochs_that_were_not_to_be_validated_are_no_places_of_the_curve_and_lost_ones_are_gaps()
    {
        var run = Run(2.0, 2.5, 1.75, 2.25, 2.0, 2.5, 1.75);
        // Every second epoch is validated; of epoch 5 there is no line.
        run = run with
        {
            Epochs = [.. run.Epochs.Where(e => e.Epoch != 5).Select(e => e.Epoch % 2 == 1 ? e : e with { Validation = null })],
        };
        new PageReader(Page(run)).Series("pesq", "enhanced").Should().Equal((1, 2.0), (3, 1.75), (5, null), (7, 1.75));
        new PageReader(Page(run)).Series("correlation", "correlation").Select(p => p.X).Should().Equal(1, 2, 3, 4, 5, 6, 7);
    }

    [Test]
    public void Thresholds_of_the_rate_are_the_theorys_own() =>
        new PageReader(Page(Run(2)))
            .Chart("rate")
            .GetProperty("levels")
            .EnumerateArray()
            .Select(l => l.GetProperty("at").GetDouble())
            .Should()
            .Equal(DiscriminatorStarved.ConfirmedBelowPercent / 100.0, DiscriminatorStarved.RejectedAbovePercent / 100.0);

    [Test]
    public void The_cloud_compares_outputs_and_PESQ_on_one_scale()
    {
        var run = Run(2);
        var points = new PageReader(Page(run)).Series("judgement-0", "epoch 1");
        points
            .Should()
            .BeEquivalentTo(
                run.Steps.SelectMany(s => s.Samples!).Select(s => (s.Pesq!.Value, (double?)(1 + (3.5 * s.Discriminator!.Value))))
            );
        points.Select(p => p.X).Should().BeInAscendingOrder();
    }

    [Test]
    public void A_running_run_shows_its_open_epoch_and_no_number_for_what_is_not_over()
    {
        var run = Run(2.0);
        run = run with
        {
            Info = run.Info with { Status = RunStatus.Running, Ended = null },
            Steps = [.. run.Steps, RunSamplesStep(2, 5, true), RunSamplesStep(2, 6, false)],
        };
        var page = new PageReader(Page(run));
        page.Text.Should().Contain("Running: this page shows what was recorded when it was made");
        page.Series("rate", "training rate").Should().Equal((1, 1), (1.5, 0.5));
        page.Series("pesq", "enhanced").Should().HaveCount(1);
        page.Series("loss", "generator, steps").Select(p => p.X).Should().Equal(0.25, 0.5, 0.75, 1, 1.25, 1.5);
    }

    [Test]
    public void A_run_without_discriminator_has_no_rate_and_no_cloud_and_says_why()
    {
        var run = Run(2.0);
        run = run with
        {
            Config = run.Config!.With("loss.weights.gan=0"),
            Steps = [.. run.Steps.Select(s => s with { Samples = null })],
            Epochs =
            [
                .. run.Epochs.Select(e =>
                    e with
                    {
                        TrainingRate = null,
                        DiscriminatorCorrelation = null,
                        Unavailable = Absence.Of("discriminatorCorrelation", "the run has none"),
                    }
                ),
            ],
        };
        var page = new PageReader(Page(run));
        foreach (var chart in new[] { "rate", "judgement-0" })
            page.Chart(chart)
                .GetProperty("absent")
                .GetString()
                .Should()
                .Be("The run trains without a discriminator (loss.weights.gan is 0).");
        page.Chart("correlation").GetProperty("absent").GetString().Should().Be("Not measured: the run has none.");
    }

    [Test]
    public void An_epoch_without_validation_has_its_reason_and_is_no_zero()
    {
        var run = Run(2.0, 2.5, 3.0);
        run = run with
        {
            Epochs =
            [
                .. run.Epochs.Select(e =>
                    e.Epoch != 2 ? e : e with { Validation = null, Unavailable = Absence.Of("validation", "evaluation.everyEpochs is 2") }
                ),
            ],
        };
        var page = new PageReader(Page(run));
        page.Series("pesq", "enhanced").Should().Equal((1, 2.0), (3, 3.0));
        page.Text.Should().Contain("validation: evaluation.everyEpochs is 2 (epoch 2)");
    }

    [Test]
    public void An_epoch_whose_line_was_lost_is_a_gap_and_not_bridged()
    {
        var run = Run(2.0, 2.5, 3.0);
        run = run with { Epochs = [run.Epochs[0], run.Epochs[2]], Problems = ["A line could not be read."] };
        var page = new PageReader(Page(run));
        page.Series("pesq", "enhanced").Should().Equal((1, 2.0), (2, null), (3, 3.0));
        page.Series("rate", "training rate").Select(p => p.Y).Should().Equal(1, null, 1);
        page.Text.Should().Contain("A line could not be read.");
    }

    [Test]
    public void Many_steps_and_samples_are_thinned_and_the_page_says_so()
    {
        var run = Run(2.0);
        run = run with { Epochs = [], Steps = [.. Enumerable.Range(1, 5000).Select(i => RunSamplesStep(1, i, true))] };
        var page = new PageReader(Page(run));
        page.Series("loss", "generator, steps").Count.Should().BeLessThanOrEqualTo(StepCurve.MostPoints);
        page.Series("judgement-0", "epoch 1").Count.Should().BeLessThanOrEqualTo(RunCharts.MostPoints);
        page.Text.Should()
            .Contain("The thin curve has means of up to 13 neighbouring steps.")
            .And.Contain("1429 of 10000 samples are shown, every 7th.");
    }

    [Test]
    public void A_thinned_curve_keeps_the_lowest_and_the_highest_of_all_its_steps()
    {
        var run = Run(2.0);
        run = run with
        {
            Epochs = [],
            Steps =
            [
                .. Enumerable
                    .Range(1, 5000)
                    .Select(i =>
                        RunSamplesStep(1, i, true) is var step && i is 1234 or 4321
                            ? step with
                            {
                                Loss = step.Loss with { Total = i == 1234 ? 77 : -5 },
                            }
                            : step
                    ),
            ],
        };
        var series = new PageReader(Page(run)).Chart("loss").GetProperty("tables")[0].GetProperty("series")[0];
        double[] Numbers(string name) => [.. series.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
        Numbers("high").Max().Should().Be(77);
        Numbers("low").Min().Should().Be(-5);
        Numbers("high").Should().HaveCount(Numbers("values").Length);
        Numbers("values").Max().Should().BeLessThan(77, "a mean of neighbours");
    }

    private static StepTelemetry RunSamplesStep(int epoch, long step, bool stepped) =>
        stepped ? Runs.RunSamples.Stepped(epoch, step) : Runs.RunSamples.Skipped(epoch, step);
}
