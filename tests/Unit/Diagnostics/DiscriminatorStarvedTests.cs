using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class DiscriminatorStarvedTests
{
    [TestCase(0, 1, FindingOutcome.Confirmed)]
    [TestCase(0, 100, FindingOutcome.Confirmed)]
    [TestCase(69, 100, FindingOutcome.Confirmed)]
    [TestCase(6_999, 10_000, FindingOutcome.Confirmed)]
    [TestCase(6_999_999_999, 10_000_000_000, FindingOutcome.Confirmed)]
    [TestCase(70, 100, FindingOutcome.Suspected, Description = "exactly 70 % is not below 70, and 30 % skipped is more than 20")]
    [TestCase(7, 10, FindingOutcome.Suspected)]
    [TestCase(7_000_000_000, 10_000_000_000, FindingOutcome.Suspected)]
    [TestCase(79, 100, FindingOutcome.Suspected)]
    [TestCase(7_999, 10_000, FindingOutcome.Suspected)]
    [TestCase(80, 100, FindingOutcome.Inconclusive, Description = "exactly 20 % skipped is not more than 20")]
    [TestCase(4, 5, FindingOutcome.Inconclusive)]
    [TestCase(8_001, 10_000, FindingOutcome.Inconclusive)]
    [TestCase(89, 100, FindingOutcome.Inconclusive)]
    [TestCase(90, 100, FindingOutcome.Inconclusive, Description = "exactly 90 % is not above 90")]
    [TestCase(9, 10, FindingOutcome.Inconclusive)]
    [TestCase(9_000_000_000, 10_000_000_000, FindingOutcome.Inconclusive)]
    [TestCase(9_001, 10_000, FindingOutcome.Rejected)]
    [TestCase(91, 100, FindingOutcome.Rejected)]
    [TestCase(9_000_000_001, 10_000_000_000, FindingOutcome.Rejected)]
    [TestCase(1, 1, FindingOutcome.Rejected)]
    public void Boundary_is_decided_by_whole_numbers(long stepped, long seen, FindingOutcome outcome)
    {
        DiscriminatorStarved.Judge(stepped, seen).Outcome.Should().Be(outcome);
    }

    [Test]
    public void Every_count_up_to_two_hundred_batches_is_judged_as_exact_fractions_are()
    {
        for (var seen = 1; seen <= 200; seen++)
        {
            for (var stepped = 0; stepped <= seen; stepped++)
            {
                var rate = (decimal)stepped / seen;
                var expected =
                    rate < 0.70m ? FindingOutcome.Confirmed
                    : rate > 0.90m ? FindingOutcome.Rejected
                    : 1 - rate > 0.20m ? FindingOutcome.Suspected
                    : FindingOutcome.Inconclusive;
                DiscriminatorStarved.Judge(stepped, seen).Outcome.Should().Be(expected, "{0} of {1}", stepped, seen);
            }
        }
    }

    [Test]
    public void Confirmed_finding_names_rule_numbers_reasons_and_what_to_do()
    {
        var config = new RunConfig();
        var finding = Examine(
            stepped: 61,
            skipped: 39,
            config with
            {
                Metric = config.Metric with { OnFailure = SpeechGan.Metrics.MetricFailurePolicy.DropBatch },
            }
        );

        finding
            .Should()
            .BeEquivalentTo(
                new Finding
                {
                    Id = "discriminator-starved",
                    Outcome = FindingOutcome.Confirmed,
                    Measure = "training rate (batches stepped / batches seen)",
                    Observed = 0.61,
                    Threshold = 0.7,
                    Rule = "below 70 % confirms starvation",
                    ThresholdSource = "docs/architecture.md, Numbers: the project's definition of a starved discriminator",
                    Sentence =
                        "The discriminator stepped on 61 of 100 batches (61 %): below 70 % confirms starvation. 122 of 200 samples had "
                        + "a PESQ score; without one: silent-degraded x78.",
                    Reasons = [new ReasonCount(SpeechGan.Metrics.UnscorableReason.SilentDegraded, 78)],
                    SinceEpoch = 1,
                    Concerns = finding.Concerns,
                    NextAction = "Train with --set metric.onFailure=mask, so that samples without a score no longer stop the others.",
                    Command = "speechgan train --config RUN/config.json --data DIR --out RUN-again --set metric.onFailure=mask",
                }
            );
    }

    [Test]
    public void Files_that_stop_again_and_again_are_named_with_their_reasons()
    {
        string[] silent = ["p1", "p2"];
        var steps = Enumerable
            .Range(1, 10)
            .Select(i =>
                i > 4
                    ? RunSamples.Stepped(1, i)
                    : RunSamples.Skipped(1, i) with
                    {
                        Samples = [.. silent.Take(i > 3 ? 1 : 2).Select(n => new SampleScore { Name = n, Masked = "silent-reference" })],
                    }
            );

        var finding = new DiscriminatorStarved().Examine(Run([.. steps]));

        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        finding.Sentence.Should().EndWith(" Most often without a score: p1 (silent-reference x4), p2 (silent-reference x3).");
        finding.Concerns.Should().Equal("p1: silent-reference x4", "p2: silent-reference x3");
    }

    [Test]
    public void Suspected_finding_says_that_the_rule_of_skipped_batches_spoke()
    {
        var finding = Examine(stepped: 7, skipped: 3);

        finding.Outcome.Should().Be(FindingOutcome.Suspected);
        finding.Measure.Should().StartWith("share of batches skipped");
        (finding.Observed, finding.Threshold).Should().Be((0.3, 0.2));
        finding
            .Sentence.Should()
            .StartWith(
                "The discriminator stepped on 7 of 10 batches (70 %): between 70 and 90 % the rate is inconclusive, but more than 20 % "
                    + "of batches skipped makes starvation suspected."
            );
        finding.NextAction.Should().StartWith("Whole batches had no score");
    }

    [Test]
    public void Inconclusive_and_rejected_findings_say_which_rule_spoke()
    {
        Examine(stepped: 8, skipped: 2)
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Inconclusive
                && f.Rule == "between 70 and 90 % is inconclusive, and not more than 20 % of batches were skipped"
                && f.Observed == 0.8
            );
        Examine(stepped: 10, skipped: 0)
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.Rejected && f.Rule == "above 90 % rejects starvation" && f.NextAction == "" && f.Observed == 1
            );
    }

    [Test]
    public void Rate_just_below_the_boundary_is_not_printed_as_the_boundary()
    {
        var run = Run([]) with
        {
            Epochs =
            [
                RunSamples.Epoch(1) with
                {
                    BatchesSeen = 1_000_000,
                    BatchesStepped = 699_999,
                    SamplesSeen = 1_000_000,
                    SamplesScored = 699_999,
                },
            ],
        };

        new DiscriminatorStarved()
            .Examine(run)
            .Sentence.Should()
            .StartWith("The discriminator stepped on 699999 of 1000000 batches (69.99 %): below 70 % confirms starvation.");
    }

    [Test]
    public void Epochs_are_counted_where_steps_were_not_kept_and_the_lowest_is_named()
    {
        StepTelemetry[] good = [.. Enumerable.Range(1, 9).Select(i => RunSamples.Stepped(1, i)), RunSamples.Skipped(1, 10)];
        StepTelemetry[] bad =
        [
            .. Enumerable.Range(11, 3).Select(i => RunSamples.Stepped(2, i)),
            .. Enumerable.Range(14, 7).Select(i => RunSamples.Skipped(2, i)),
        ];
        EpochTelemetry[] epochs = [RunSamples.Epoch(1, good), RunSamples.Epoch(2, bad)];

        var withSteps = new DiscriminatorStarved().Examine(Run([.. good, .. bad]) with { Epochs = epochs });
        var withoutSteps = new DiscriminatorStarved().Examine(Run([]) with { Epochs = epochs });

        withoutSteps.Should().BeEquivalentTo(withSteps, o => o.Excluding(f => f.Concerns), "only steps name files");
        withSteps.Outcome.Should().Be(FindingOutcome.Confirmed);
        withSteps
            .Sentence.Should()
            .StartWith("The discriminator stepped on 12 of 20 batches (60 %)")
            .And.EndWith(" The lowest epoch is 2 with 3 of 10.");
    }

    [Test]
    public void Share_of_samples_scored_stands_beside_and_judges_nothing()
    {
        // One sample of four is scored in every batch: the discriminator steps on all of them.
        var steps = Enumerable
            .Range(1, 20)
            .Select(i =>
                RunSamples.Stepped(1, i, samples: 4) with
                {
                    Scored = 1,
                    Masked = new Dictionary<string, int> { ["BUFFER_TOO_SHORT"] = 3 },
                }
            );

        var finding = new DiscriminatorStarved().Examine(Run([.. steps]));

        finding.Outcome.Should().Be(FindingOutcome.Rejected);
        finding.Sentence.Should().EndWith("20 of 80 samples had a PESQ score; without one: buffer-too-short x60.");
    }

    [Test]
    public void What_was_not_measured_is_no_judgement()
    {
        var empty = new DiscriminatorStarved().Examine(Run([]));
        empty.Outcome.Should().Be(FindingOutcome.NotMeasured);
        empty.Observed.Should().BeNull();
        empty.Sentence.Should().Be("The discriminator's training rate was not measured: no batch was seen yet.");

        var config = new RunConfig();
        Examine(0, 10, config with { Loss = config.Loss with { Weights = config.Loss.Weights with { Gan = 0 } } })
            .Should()
            .Match<Finding>(f =>
                f.Outcome == FindingOutcome.NotMeasured
                && f.Sentence.EndsWith("the run trains without a discriminator (loss.weights.gan is 0).")
            );

        var contradiction = Run([]) with { Epochs = [RunSamples.Epoch(1) with { BatchesSeen = 2, BatchesStepped = 3 }] };
        new DiscriminatorStarved()
            .Examine(contradiction)
            .Sentence.Should()
            .Be("The discriminator's training rate was not measured: the record contradicts itself (3 batches stepped of 2 seen).");
    }

    [Test]
    public void A_count_below_zero_contradicts_itself_and_other_policies_have_other_advice()
    {
        var below = Run([]) with { Epochs = [RunSamples.Epoch(1) with { BatchesSeen = 2, BatchesStepped = -1 }] };
        new DiscriminatorStarved()
            .Examine(below)
            .Sentence.Should()
            .EndWith("the record contradicts itself (-1 batches stepped of 2 seen).");

        var config = new RunConfig();
        string Advice(RunConfig? with) =>
            new DiscriminatorStarved()
                .Examine(Run([.. Enumerable.Range(1, 10).Select(i => RunSamples.Skipped(1, i))]) with { Config = with })
                .NextAction;
        Advice(config with { Metric = config.Metric with { OnFailure = SpeechGan.Metrics.MetricFailurePolicy.Mask } })
            .Should()
            .StartWith("Whole batches had no score: ");
        Advice(config with { Metric = config.Metric with { OnFailure = SpeechGan.Metrics.MetricFailurePolicy.DropBatch } })
            .Should()
            .Contain("--set metric.onFailure=mask");
        Advice(null).Should().StartWith("Read the reasons above");
        Verdict
            .Of(Run([RunSamples.Stepped(1, 1)]))
            .Findings.Select(f => f.Id)
            .Should()
            .Contain("discriminator-starved", "all registered theories examine a run");
    }

    [Test]
    public void Verdict_tells_confirmed_causes_first_and_is_published_with_absent_numbers_absent()
    {
        AllTheories.InOrder.Select(t => t.Id).Should().OnlyHaveUniqueItems().And.Contain("discriminator-starved");
        var run = Run([.. Enumerable.Range(1, 10).Select(i => RunSamples.Skipped(1, i))]);
        ITheory[] theories = [new Silent(), new DiscriminatorStarved()];

        var verdict = Verdict.Of(run, theories);

        verdict.HasConfirmed.Should().BeTrue();
        verdict.Findings.Select(f => f.Outcome).Should().Equal(FindingOutcome.Confirmed, FindingOutcome.NotMeasured);
        var folder = Directory.CreateTempSubdirectory("speechgan-verdict-").FullName;
        try
        {
            verdict.Save(folder);
            File.ReadAllText(Path.Combine(folder, "verdict.json"))
                .Should()
                .Be(verdict.ToJson())
                .And.Contain("\"outcome\": \"not-measured\"")
                .And.NotContain("null");
            Directory.EnumerateFileSystemEntries(folder).Should().ContainSingle();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Finding Examine(int stepped, int skipped, RunConfig? config = null) =>
        new DiscriminatorStarved().Examine(
            Run(
                [
                    .. Enumerable.Range(1, stepped).Select(i => RunSamples.Stepped(1, i)),
                    .. Enumerable.Range(stepped + 1, skipped).Select(i => RunSamples.Skipped(1, i)),
                ],
                config
            )
        );

    private static RunRecord Run(IReadOnlyList<StepTelemetry> steps, RunConfig? config = null) =>
        new()
        {
            Info = new RunInfo
            {
                Id = "run-1",
                Status = RunStatus.Completed,
                Started = DateTimeOffset.UnixEpoch,
                Seed = 1,
            },
            Config = config ?? new RunConfig(),
            Steps = steps,
        };

    private sealed class Silent : ITheory
    {
        public string Id => "silent";

        public string Question => "Is anything measured?";

        public Finding Examine(RunRecord run) =>
            new()
            {
                Id = Id,
                Outcome = FindingOutcome.NotMeasured,
                Measure = "none",
                ThresholdSource = "test",
                Sentence = "Nothing.",
                NextAction = "",
            };
    }
}
