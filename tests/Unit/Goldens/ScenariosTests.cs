using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class ScenariosTests
{
    private string folder = "";

    [SetUp]
    public void Make() => folder = Scratch.Create("speechgan-scenarios-");

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Every_scenario_has_a_name_a_sentence_three_seeds_and_a_configuration_that_can_be_trained()
    {
        Scenarios.All.Select(s => s.Name).Should().Equal("healthy", "upstream", "starved", "gan-0", "gan-0.05", "gan-0.2");
        Scenarios.All.Should().OnlyContain(s => s.Pins.EndsWith('.') && s.Seeds.Count == 3);
        RunConfig[] configs = [.. Scenarios.All.Select(s => s.Config(1))];
        configs.Should().OnlyContain(c => c.Validate().Count == 0);
        Scenarios.Goldens.Select(g => g.GoldenName).Should().HaveCount(18).And.OnlyHaveUniqueItems().And.Contain("gan-0.05-seed-2");
        configs.Should().OnlyContain(c => c.Train.Threads == 1 && c.Evaluation.Cut == SpeechGan.Configuration.EvaluationCut.Full);
        Scenarios.All.Select(s => s.Config(2).ToJson()).Should().OnlyHaveUniqueItems("no two scenarios pin the same");
        Scenarios.All[0].Config(3, "train.epochs=1").Should().Match<RunConfig>(c => c.Seed == 3 && c.Train.Epochs == 1);
        Scenarios
            .All.Single(s => s.Name == "upstream")
            .Config(1)
            .Should()
            .Match<RunConfig>(c => c.Loss.TimeReference == SpeechGan.Configuration.TimeReference.Raw);
    }

    [Test]
    public void A_name_stands_for_a_golden_or_for_all_seeds_of_a_scenario()
    {
        Scenarios.Find("starved").Select(g => g.Seed).Should().Equal(1, 2, 3);
        Scenarios
            .Find("gan-0.2-seed-3")
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<ScenarioSeed>(g => g.Scenario.Name == "gan-0.2" && g.Seed == 3);
        Message("starvd")
            .Should()
            .Be(
                "There is no scenario or golden 'starvd'; known are healthy, upstream, starved, gan-0, gan-0.05, gan-0.2, and "
                    + "healthy-seed-1 for one seed. Did you mean 'starved'?"
            );
        Message("zzzzzzzzzzzzzz").Should().EndWith("for one seed.");

        static string Message(string name) =>
            FluentActions.Invoking(() => Scenarios.Find(name)).Should().Throw<GoldenException>().Which.Message;
    }

    [Test]
    public void Shares_are_of_the_terms_that_are_there_and_means_over_the_steps()
    {
        StepTelemetry Step(GradientNorms? norms) => RunSamples.Stepped(1, 1) with { GradientNorm = norms };
        GradientShares
            .Of([
                Step(
                    new GradientNorms
                    {
                        Ri = 1,
                        Magnitude = 2,
                        Time = 1,
                        Generator = 4,
                    }
                ),
                Step(
                    new GradientNorms
                    {
                        Ri = 1,
                        Magnitude = 1,
                        Time = 1,
                        Gan = 1,
                        Generator = 2,
                        Discriminator = 3,
                    }
                ),
            ])
            .Should()
            .Equal(
                new Dictionary<string, double>
                {
                    ["gradientNorm.discriminator"] = 3,
                    ["gradientNorm.generator"] = 3,
                    ["gradientShare.gan"] = 0.25,
                    ["gradientShare.magnitude"] = 0.375,
                    ["gradientShare.ri"] = 0.25,
                    ["gradientShare.time"] = 0.25,
                }
            );
        GradientShares.Of([Step(null), Step(new GradientNorms { Ri = 0 })]).Should().BeEmpty("a share of nothing is not a number");
    }

    [Test]
    public void A_check_trains_compares_and_tells_what_stands_how()
    {
        var pesq = 2.25;
        var store = new GoldenStore(folder, environment: _ => null);
        var golden = Scenarios.Goldens[0];
        GoldenCheck Check(string environment = "", double tolerance = 0.05) =>
            new(
                new GoldenStore(folder, environment: n => n == "CI" ? environment : null),
                new ToleranceTable
                {
                    Measured = "m",
                    Scenarios = new Dictionary<string, Tolerances>
                    {
                        ["healthy"] = new() { All = [new("mean.pesq_wb", tolerance, "measured")] },
                    },
                },
                new GoldenSurroundings("0.1.0", "corpus A", "2026-11-25"),
                (_, seed) => Run(seed, pesq)
            );
        ApprovalRequest by = new()
        {
            By = "Ada",
            Reason = "first",
            When = DateTimeOffset.UnixEpoch,
        };

        var result = Check("true").Run(golden);
        result.Should().Match<GoldenCheckResult>(r => r.State == GoldenState.NotApproved && !r.IsGood && r.Report == null);
        result
            .Sentence.Should()
            .Be(
                "Golden 'healthy-seed-1' is not approved yet. Nothing is written on continuous integration: run this on your own "
                    + "machine, or keep what is received with --received DIR."
            );
        store.Waiting.Should().BeEmpty();
        Check()
            .Run(golden)
            .Sentence.Should()
            .Be(
                $"Golden 'healthy-seed-1' is not approved yet. Look at '{store.ReceivedPath("healthy-seed-1")}', then `speechgan "
                    + $"golden approve healthy-seed-1`."
            );
        store
            .Approve("healthy-seed-1", by)
            .Provenance.Should()
            .Be(
                new Provenance
                {
                    Command = "speechgan golden check healthy-seed-1",
                    Version = "0.1.0",
                    Date = "2026-11-25",
                    Seed = 1,
                    Corpus = "golden/corpus, first 8 pairs of train and 3 of valid (corpus A)",
                    Host = "unknown",
                }
            );

        Check().Run(golden).Should().Match<GoldenCheckResult>(r => r.State == GoldenState.Equal && r.IsGood && r.Report == null);
        result = Check(tolerance: 0.01).Run(golden);
        result.Should().Match<GoldenCheckResult>(r => r.State == GoldenState.OtherTolerances && !r.IsGood);
        result.Report!.Facts.Should().Contain(("tolerance", "mean.pesq_wb: 0.05 -> 0.01"));

        pesq = 2.0;
        result = Check().Run(golden);
        result
            .Should()
            .Match<GoldenCheckResult>(r => r.State == GoldenState.Differs && !r.IsGood && r.Comparison!.Worst!.Metric == "mean.pesq_wb");
        result.Report!.InWords().Should().Contain("reproduce  speechgan golden check healthy-seed-1");
        store.Waiting.Should().Equal("healthy-seed-1");

        File.AppendAllText(store.VerifiedPath("healthy-seed-1"), "\n");
        Check()
            .Run(golden)
            .Should()
            .Match<GoldenCheckResult>(r =>
                r.State == GoldenState.Unsound && r.Sentence.Contains("changed by hand") && r.Comparison == null
            );
    }

    [Test]
    public void On_another_host_a_check_is_within_tolerance()
    {
        var store = new GoldenStore(folder, environment: _ => null);
        var host = RunSamples.Start.Host;
        var pesq = 2.25;
        GoldenCheck Check() =>
            new(
                store,
                new ToleranceTable
                {
                    Measured = "m",
                    Scenarios = new Dictionary<string, Tolerances>
                    {
                        ["healthy"] = new() { All = [new("mean.pesq_wb", 0.05, "measured")] },
                    },
                },
                new GoldenSurroundings("0.1.0", "corpus A", "2026-11-25"),
                (_, seed) => Run(seed, pesq, host)
            );
        Check().Run(Scenarios.Goldens[0]);
        store.Approve(
            "healthy-seed-1",
            new ApprovalRequest
            {
                By = "Ada",
                Reason = "first",
                When = DateTimeOffset.UnixEpoch,
            }
        );
        (host, pesq) = (host with { Cpu = "another" }, 2.22);
        Check()
            .Run(Scenarios.Goldens[0])
            .Should()
            .Match<GoldenCheckResult>(r => r.State == GoldenState.WithinTolerance && r.IsGood && !r.Comparison!.SameHost);
    }

    private static RunRecord Run(long seed, double pesq, HostFingerprint? host = null) =>
        new()
        {
            Info = new RunInfo
            {
                Id = "r",
                Status = RunStatus.Completed,
                Started = DateTimeOffset.UnixEpoch,
                Seed = seed,
                Host = host,
            },
            Epochs =
            [
                RunSamples.Epoch(1, RunSamples.Stepped(1, 1)) with
                {
                    Validation = new ValidationSummary
                    {
                        Split = "valid",
                        Utterances = 1,
                        Mean = new Dictionary<string, double> { ["pesq_wb"] = pesq },
                    },
                    Unavailable = SpeechGan.Runs.Absence.None,
                },
            ],
        };
}
