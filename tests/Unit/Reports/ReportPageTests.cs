using SpeechGan.Diagnostics;
using SpeechGan.Reports;
using SpeechGan.Runs;
using static SpeechGan.Tests.Unit.Reports.ReportSamples;

namespace SpeechGan.Tests.Unit.Reports;

public sealed class ReportPageTests
{
    /// <summary>Ten times the steps and the evaluations of as many epochs: curves keep their number of places, tables their number of
    /// rows.</summary>
    [Test]
    public void The_page_does_not_grow_with_the_steps_of_an_epoch_nor_with_how_often_an_utterance_was_evaluated()
    {
        // A hundred evaluations of each of five utterances in every epoch against ten: 10,000 against 1,000.
        int few = Page(Long(epochs: 20, steps: 250, evaluations: 50)).Length,
            many = Page(Long(epochs: 20, steps: 2500, evaluations: 500)).Length;
        TestContext.Out.WriteLine($"5,000 steps and 1,000 evaluations: {few} characters; 50,000 and 10,000: {many}");
        // Numbers of other lengths: seen to be 2 kB.
        (many - few).Should().BeLessThan(8_000);
        many.Should().BeLessThan(5_000_000);
    }

    /// <summary>An utterance evaluated in ten times as many epochs has the same row.</summary>
    [Test]
    public void A_page_of_ten_times_as_many_epochs_stays_below_the_limit()
    {
        var page = Page(Long(epochs: 500, steps: 100, evaluations: 20));
        TestContext.Out.WriteLine($"500 epochs: {page.Length} characters");
        page.Length.Should().BeLessThan(5_000_000);
    }

    private static RunRecord Long(int epochs, int steps, int evaluations)
    {
        var shape = Run(2.0);
        var all = Enumerable
            .Range(0, epochs * steps)
            .Select(i =>
            {
                var (step, loss) = (shape.Steps[i % 4], 1 + (0.3 * Math.Sin(i * 0.7)));
                return step with
                {
                    Epoch = 1 + (i / steps),
                    Step = i + 1,
                    DiscriminatorLoss = loss / 7,
                    Loss = step.Loss with { Total = loss, Ri = loss / 3, Magnitude = loss / 5 },
                };
            })
            .ToList();
        return shape with
        {
            Steps = all,
            Epochs =
            [
                .. all.GroupBy(s => s.Epoch).Select(g => EpochSummary.Of(g.Key, [.. g]) with { Validation = shape.Epochs[0].Validation }),
            ],
            Evaluations =
            [
                .. from epoch in Enumerable.Range(0, epochs + 1)
                from i in Enumerable.Range(0, evaluations)
                select Scored(epoch, $"utterance-{i % 5}", 2 + Math.Sin(epoch + i), epoch == 0 ? "noisy_" : ""),
            ],
        };
    }

    [Test]
    public void The_verdict_comes_first_with_what_it_rests_on()
    {
        var html = Page(
            Run(2),
            Finding(FindingOutcome.Confirmed),
            Finding(FindingOutcome.NotMeasured) with
            {
                Id = "other",
                Observed = null,
                Threshold = null,
                Rule = null,
                Sentence = "It was not measured: why.",
            }
        );
        var page = new PageReader(html);
        html.IndexOf("id=\"verdict\"", StringComparison.Ordinal)
            .Should()
            .BeLessThan(html.IndexOf("id=\"course\"", StringComparison.Ordinal));
        page.Text.Should()
            .Contain("What it comes to.")
            .And.Contain("a rate 0.25 against 0.7: below 70 % confirms")
            .And.Contain("Threshold from a source")
            .And.Contain("Next Raise it.")
            .And.Contain("1 theory was not measured: other")
            .And.Contain("It was not measured: why.");
    }

    [Test]
    public void What_was_probed_is_shown_with_the_window_it_rests_on()
    {
        var finding = Finding(FindingOutcome.Confirmed) with { Id = "probe/mask-samples", Sentence = "closes 95 % of <the> gap" };
        var run = Run(2);
        var html = Page([
            new ReportRun(
                "run",
                run,
                new Verdict
                {
                    Run = run.Info.Id,
                    Findings = [],
                    Probe = new("epoch 2 from checkpoint epoch-0001, 3 seeds", [finding]),
                }
            ),
        ]);
        html.Should()
            .Contain("<h4>Probed by replaying epoch 2 from checkpoint epoch-0001, 3 seeds</h4>")
            .And.Contain("probe/mask-samples")
            .And.Contain("closes 95 % of &lt;the&gt; gap");
    }

    [Test]
    public void What_comes_from_files_is_text_and_never_markup()
    {
        const string evil = "</script><script>alert(1)</script><img src=x onerror=\"alert(2)\">'&";
        var run = Run(2.0, 2.5);
        run = run with
        {
            Info = run.Info with
            {
                Command = evil,
                Why = evil,
                GitCommit = evil,
                Id = evil,
                Status = RunStatus.Failed,
                Versions = new Dictionary<string, string> { [evil] = evil },
            },
            Evaluations =
            [
                Scored(1, evil, 2),
                Scored(2, evil, 1) with
                {
                    Unavailable = new Dictionary<string, string> { ["pesq_wb"] = evil },
                },
            ],
            Epochs = [.. run.Epochs.Select(e => e with { Unavailable = new Dictionary<string, string> { [evil] = evil } })],
            Problems = [evil],
        };
        var finding = Finding(FindingOutcome.Confirmed, 1) with
        {
            Id = evil,
            Sentence = evil,
            NextAction = evil,
            Measure = evil,
            Rule = evil,
            ThresholdSource = evil,
        };
        var listening = new ReportListening(
            [new ReportUtterance(evil, evil, [new ReportClip(evil, [0.5f, -0.5f], null), new ReportClip(evil, null, evil)])],
            [evil]
        );
        ReportRun[] runs =
        [
            new(
                evil,
                run,
                new Verdict
                {
                    Run = evil,
                    Findings = [finding],
                    Summary = evil,
                    Path =
                    [
                        new PathStep
                        {
                            Question = evil,
                            Answer = evil,
                            Why = evil,
                            Findings = [evil],
                        },
                    ],
                }
            ),
            new(
                "other" + evil,
                run,
                new Verdict
                {
                    Run = evil,
                    Findings = [finding],
                    Summary = evil,
                    Path =
                    [
                        new PathStep
                        {
                            Question = evil,
                            Answer = evil,
                            Why = evil,
                            Findings = [evil],
                        },
                    ],
                }
            ),
        ];
        var page = new PageReader(Page(runs, listening));
        page.Contents.Where(c => c.Name == "script").Should().HaveCount(3, "the numbers, uPlot and the page's own");
        page.Tags.Where(t => t.Name == "img")
            .Should()
            .OnlyContain(t => t.Attributes["src"].StartsWith("data:image/png;base64,", StringComparison.Ordinal));
        page.Tags.SelectMany(t => t.Attributes.Keys).Should().NotContain(k => k.StartsWith("on", StringComparison.Ordinal));
        page.Text.Should().Contain(evil);
        page.Chart("pesq").GetProperty("marks")[0].GetProperty("label").GetString().Should().Contain(evil);
    }

    [Test]
    public void Nothing_is_fetched()
    {
        var page = new PageReader(Page(Run(2)));
        page.Tags.SelectMany(t => t.Attributes.Where(a => a.Key is "src" or "href"))
            .Select(a => a.Value)
            .Should()
            .OnlyContain(v => v.StartsWith('#') || v.StartsWith("data:", StringComparison.Ordinal));
        page.Contents.Where(c => c.Name == "style")
            .Should()
            .OnlyContain(c => !c.Text.Contains("url(", StringComparison.Ordinal) && !c.Text.Contains("@import", StringComparison.Ordinal));
        page.Tags.Should()
            .Contain(t =>
                t.Name == "meta"
                && t.Attributes.GetValueOrDefault("http-equiv") == "Content-Security-Policy"
                && t.Attributes["content"].StartsWith("default-src 'none'", StringComparison.Ordinal)
            );
    }

    [Test]
    public void A_run_without_anything_says_so_everywhere()
    {
        var run = new RunRecord
        {
            Info = new RunInfo
            {
                Id = "r",
                Status = RunStatus.Interrupted,
                Why = "its process is gone",
                Started = MadeAt,
                Seed = 1,
            },
            Problems = ["The configuration is gone."],
        };
        var page = new PageReader(Page([Judged("r", run)]));
        page.Text.Should()
            .Contain("Interrupted (its process is gone).")
            .And.Contain("0 epochs and 0 steps recorded")
            .And.Contain("no end recorded")
            .And.Contain("The configuration is gone.")
            .And.Contain("No epoch is complete: what is measured per epoch is not there yet.")
            .And.Contain("No step was taken yet.")
            .And.Contain("No batch was seen yet.")
            .And.Contain("No utterance was evaluated yet.")
            .And.Contain("There is nothing to listen to.")
            .And.Contain("Command not recorded")
            .And.Contain("The configuration cannot be read");
        page.Charts.Should()
            .OnlyContain(c => c.GetProperty("tables").GetArrayLength() == 0 && c.GetProperty("absent").GetString()!.Length > 0);
        page.Tags.Should().NotContain(t => t.Attributes.GetValueOrDefault("class") == "plot");
    }

    [Test]
    public void Several_runs_lie_over_one_another_and_their_configurations_are_compared()
    {
        var first = Run(2.0, 2.5);
        var second = Run(1.5, 1.0) with { Config = first.Config!.With("seed=9", "metric.onFailure=drop-batch") };
        var page = new PageReader(Page([Judged("one", first), Judged("two", second)]));
        page.Series("pesq", "one: enhanced").Select(p => p.Y).Should().Equal(2.0, 2.5);
        page.Series("pesq", "two: enhanced").Select(p => p.Y).Should().Equal(1.5, 1.0);
        page.Charts.Select(c => c.GetProperty("id").GetString()).Should().Contain(["shares-0", "shares-1", "judgement-0", "judgement-1"]);
        page.Text.Should()
            .Contain("Configuration differences Knob one two seed 1 9 metric.onFailure mask drop-batch")
            .And.NotContain("data.batchSize 2");
    }

    [Test]
    public void The_page_tells_how_to_reproduce_the_run()
    {
        var run = Run(2.0);
        var text = new PageReader(Page(run)).Text;
        text.Should()
            .Contain("speechgan train --data corpus --out run")
            .And.Contain("Seed 7")
            .And.Contain("Commit abc")
            .And.Contain("pesq 1, speechgan 0.1.0")
            .And.Contain(run.Info.Host!.InWords());
        var json = text[text.IndexOf('{')..(text.LastIndexOf('}') + 1)];
        RunConfig.Parse(json, "the page").Should().Be(run.Config);
    }

    [Test]
    public void Saving_writes_aside_and_renames()
    {
        var folder = Directory.CreateTempSubdirectory("speechgan-report-").FullName;
        try
        {
            var path = Path.Combine(folder, "report.html");
            File.WriteAllText(path, "old");
            ReportPage.Save(path, "new");
            File.ReadAllText(path).Should().Be("new");
            Directory.GetFiles(folder).Should().Equal(path);
            var act = () => ReportPage.Save(Path.Combine(folder, "no", "report.html"), "new");
            act.Should()
                .Throw<RunFolderException>()
                .WithMessage(
                    $"Cannot write the report '{Path.Combine(folder, "no", "report.html")}': a folder of its path does not exist.*"
                )
                .Which.ExitCode.Should()
                .Be(3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
