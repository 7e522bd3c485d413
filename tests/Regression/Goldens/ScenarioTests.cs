using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Regression.Goldens;

/// <summary>
/// The scenarios with the real trainer against their approved files: to the bit on the host they were made on, within measured tolerances
/// elsewhere. What is not in the table of tolerances is not pinned yet and skipped by name; what is must have its goldens.
/// </summary>
public sealed class ScenarioTests
{
    private const string OtherHost = "another machine";
    private readonly GoldenPlace place = GoldenPlace.Open();
    private readonly Dictionary<(string, long), RunRecord> runs = [];
    private ScenarioTrial trial = null!;
    private GoldenCheck check = null!;

    private static IEnumerable<TestCaseData> Goldens() =>
        Scenarios.Goldens.Select(g => new TestCaseData(g).SetArgDisplayNames(g.GoldenName));

    [OneTimeSetUp]
    public void Make()
    {
        trial = new ScenarioTrial(place);
        check = new GoldenCheck(place.Store(), place.Tolerances(), place.Surroundings(DateTimeOffset.UtcNow), RunOnce);
    }

    [OneTimeTearDown]
    public void Remove() => trial.Dispose();

    [TestCaseSource(nameof(Goldens))]
    public void A_scenario_trains_as_its_golden_file_says(ScenarioSeed golden)
    {
        if (!place.Tolerances().Scenarios.ContainsKey(golden.Scenario.Name))
            Assert.Ignore($"scenario '{golden.Scenario.Name}' is not pinned yet: run tools/pin-goldens, look, and approve");
        var result = check.Run(golden);
        TestContext.Out.WriteLine(result.Sentence);
        if (!result.IsGood)
            Assert.Fail(result.Report?.InWords() ?? result.Sentence);
    }

    [Test]
    public void Every_pinned_golden_is_sound_approved_by_a_person_and_tells_the_cause_of_each_tolerance()
    {
        var store = place.Store();
        var table = place.Tolerances();
        table.Scenarios.Keys.Should().BeSubsetOf(Scenarios.All.Select(s => s.Name));
        foreach (var golden in Scenarios.Goldens.Where(g => table.Scenarios.ContainsKey(g.Scenario.Name)))
        {
            var approved = store.Read(golden.GoldenName);
            approved.Provenance.Seed.Should().Be(golden.Seed);
            approved.Tolerances.Should().BeEquivalentTo(table.For(golden.Scenario.Name), golden.GoldenName);
            approved.Tolerances.All.Should().OnlyContain(t => t.Cause.Contains("tools/measure-golden-spread"));
            store.History(golden.GoldenName).Effective.Should().NotBeEmpty(golden.GoldenName);
        }
        store.Leftovers([.. Scenarios.Goldens.Select(g => g.GoldenName)]).Should().BeEmpty();
    }

    [Test]
    public void A_scenario_shows_what_it_is_there_for()
    {
        Trajectory healthy = Of("healthy"),
            starved = Of("starved"),
            without = Of("gan-0"),
            published = Of("gan-0.05"),
            strong = Of("gan-0.2"),
            upstream = Of("upstream");
        double Mean(Trajectory trajectory, string name) =>
            trajectory.Epochs.Where(e => e.Values.ContainsKey(name)).Average(e => e.Values[name]);

        healthy.Epochs.Where(e => e.Epoch > 0).Should().OnlyContain(e => e.Values["trainingRate"] == 1 && e.Values["samplesScored"] == 6);
        Mean(starved, "trainingRate").Should().BeLessThan(0.7, "that is starvation");
        Mean(published, "trainingRate").Should().Be(1, "a sample that cannot be scored masks only itself");
        published.Epochs.Should().Contain(e => e.Values.ContainsKey("samplesMasked.silent-reference"));
        without.Epochs.Should().OnlyContain(e => !e.Values.ContainsKey("gradientShare.gan") && !e.Values.ContainsKey("trainingRate"));
        Mean(strong, "gradientShare.gan").Should().BeGreaterThan(1.3 * Mean(published, "gradientShare.gan"));
        upstream.Epochs[0].Outcomes["oracle.estimate-is-clean/time"].Should().Be("fails");
        healthy.Epochs[0].Outcomes.Values.Should().OnlyContain(o => o == "holds");
        foreach (var trajectory in new[] { healthy, starved, without, published, strong, upstream })
        {
            trajectory.Epochs.Select(e => e.Epoch).Should().Equal(0, 1, 2, 3);
            trajectory.Epochs.Should().OnlyContain(e => e.Utterances.Count == 3);
            trajectory
                .Epochs.Where(e => e.Epoch > 0)
                .Should()
                .OnlyContain(e => e.Values["mean.pesq_wb"] > 1.7, "well above PESQ's floor, so that a fault can lower it");
        }
    }

    // A fault each, and the field that must show it whatever host it runs on. Allowed is what the largest distance between hosts was, ten
    // times over.
    [TestCase("loss.timeReference=raw", "gradientShare.time")]
    [TestCase("loss.weights.gan=0", "gradientShare.gan")]
    [TestCase("metric.onFailure=drop-batch", "batchesStepped", "gan-0.05")]
    [TestCase("optimizer.generatorLearningRate=0.001", "mean.pesq_wb")]
    [TestCase("seed=4", "loss.total")]
    public void A_fault_of_the_trainer_is_seen_on_any_host_in_the_field_that_shows_it(
        string knob,
        string field,
        string scenario = "healthy"
    )
    {
        var of = Scenarios.All.Single(s => s.Name == scenario);
        var golden = new Golden
        {
            Name = of.GoldenName(1),
            Provenance = new Provenance
            {
                Command = "",
                Version = "",
                Date = "",
                Seed = 1,
                Corpus = "",
                Host = "the golden's",
            },
            Trajectory = Of(scenario),
            Tolerances = new Tolerances
            {
                All =
                [
                    .. Coarse.Select(c => new Tolerance(
                        c.Name,
                        c.Allowed,
                        "ten times the largest distance between hosts (tools/measure-golden-spread)"
                    )),
                ],
            },
        };
        var comparison = golden.CompareWith(Trajectory.Of(trial.Run(of, trial.Config(of, 1, knob))), OtherHost);
        TestContext.Out.WriteLine(comparison.Sentence);
        comparison.Outcome.Should().Be(GoldenOutcome.Differs);
        comparison.Divergences.Should().Contain(d => d.Metric == field);
    }

    [Test]
    public void The_same_scenario_twice_is_equal_to_the_bit()
    {
        var again = Trajectory.Of(trial.Run(Scenarios.All[0], 1));
        var golden = check.Receive(Scenarios.All[0], 1);
        golden.CompareWith(again, golden.Provenance.Host).Outcome.Should().Be(GoldenOutcome.Equal);
    }

    private static readonly (string Name, double Allowed)[] Coarse =
    [
        ("mean.pesq_wb", 0.01),
        ("mean.si_sdr", 0.1),
        ("utterance.pesq_wb", 0.02),
        ("utterance.si_sdr", 0.1),
        ("loss.total", 1e-4),
        ("loss.ri", 1e-4),
        ("loss.magnitude", 1e-4),
        ("loss.time", 1e-4),
        ("loss.gan", 1e-3),
        ("discriminatorLoss", 1e-3),
        ("discriminatorError", 1e-2),
        ("gradientShare.time", 1e-2),
        ("gradientShare.gan", 1e-2),
    ];

    private Trajectory Of(string scenario) => Trajectory.Of(RunOnce(Scenarios.All.Single(s => s.Name == scenario), 1));

    private RunRecord RunOnce(Scenario scenario, long seed)
    {
        if (!runs.TryGetValue((scenario.Name, seed), out var run))
            runs[(scenario.Name, seed)] = run = trial.Run(scenario, seed);
        return run;
    }
}
