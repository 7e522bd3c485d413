using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>
/// A short PESQ trajectory. On a GPU: the full CMGAN against `golden/gpu/MODEL-seed-1.verified.txt`; without one the test is skipped, and
/// says how to approve what was received. On the CPU the same way is walked with a tiny network and a golden made here.
/// </summary>
internal sealed class GpuTrajectoryTests
{
    /// <summary>Environment variables that approve what an earlier run received: the reason, and who says so.</summary>
    private const string Reason = "SPEECHGAN_GPU_APPROVE",
        By = "SPEECHGAN_GPU_APPROVE_BY";

    private const long Seed = 1;

    [Test, Category("Gpu")]
    public void A_short_training_of_the_full_network_goes_as_its_golden_of_this_gpu_says()
    {
        Devices.Require("cuda");
        var model = CudaDriver.Model();
        var scenario = new Scenario
        {
            Name = CudaDriver.FileNameOf(model),
            Pins = $"The full CMGAN on {model}, from the seed's weights.",
            Preset = "cmgan",
            // An eps larger than usual for the reason that Scenarios gives: rounding decides the sign of what is nearly zero.
            Overrides = ["train.device=cuda", "train.epochs=3", "train.stepsPerEpoch=2", "evaluation.cut=full", "optimizer.eps=0.0001"],
            Corpus = new ScenarioCorpus(Train: 8, Valid: 3),
            TrainedStart = false,
            Seeds = [Seed],
        };
        var store = new GoldenStore(Directory.CreateDirectory(Path.Combine(GoldenPlace.Open().Root, "gpu")).FullName);
        if (Environment.GetEnvironmentVariable(Reason) is { Length: > 0 } reason)
            Approve(store, scenario, reason, Environment.GetEnvironmentVariable(By) ?? "");
        var result = Check(store, scenario);
        TestContext.Out.WriteLine(result.Sentence);
        if (result.State == GoldenState.NotApproved)
            Assert.Ignore(
                $"no golden of {model} is approved. Look at '{store.ReceivedPath(scenario.GoldenName(Seed))}'; to approve it, run this "
                    + $"test again with {Reason}=WHY and {By}=NAME, and commit golden/gpu"
            );
        if (!result.IsGood)
            Assert.Fail(result.Report?.InWords() ?? result.Sentence);
    }

    [Test]
    public void A_first_trajectory_waits_for_a_person_and_then_holds_and_a_fault_is_seen()
    {
        var tiny = new Scenario
        {
            Name = "cpu-tiny",
            Pins = "The way of a GPU's golden, walked on the CPU.",
            Preset = "tiny",
            Overrides =
            [
                "model.channels=4",
                "model.heads=2",
                "model.blocks=1",
                "discriminator.features=2",
                "train.kernels=operators",
                "train.epochs=1",
                "train.stepsPerEpoch=2",
                "evaluation.everyEpochs=1",
            ],
            Corpus = new ScenarioCorpus(Train: 4, Valid: 1),
            TrainedStart = false,
            Seeds = [Seed],
        };
        var folder = Directory.CreateTempSubdirectory("speechgan-gpu-golden-").FullName;
        try
        {
            var store = new GoldenStore(folder, environment: _ => null); // also where CI is set
            Check(store, tiny).State.Should().Be(GoldenState.NotApproved);
            store.Waiting.Should().Equal("cpu-tiny-seed-1");
            Approve(store, tiny, "the test walks the way", "Ada");
            Check(store, tiny).State.Should().Be(GoldenState.Equal);
            var fault = Check(store, tiny with { Overrides = [.. tiny.Overrides, "loss.weights.magnitude=0.8"] });
            fault.State.Should().Be(GoldenState.Differs);
            fault.Report!.InWords().Should().Contain("cpu-tiny");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static GoldenCheckResult Check(GoldenStore store, Scenario scenario)
    {
        var place = GoldenPlace.Open();
        var table = Path.Combine(store.Folder, ToleranceTable.FileName);
        var tolerances = File.Exists(table)
            ? ToleranceTable.Parse(File.ReadAllText(table), table)
            : new ToleranceTable { Measured = "nothing yet", Scenarios = new Dictionary<string, Tolerances>() };
        using var trial = new ScenarioTrial(place);
        return new GoldenCheck(store, tolerances, place.Surroundings(DateTimeOffset.UtcNow), trial.Run).Run(
            new ScenarioSeed(scenario, Seed)
        );
    }

    // What an earlier run received, which somebody could look at; not what this one will.
    private static void Approve(GoldenStore store, Scenario scenario, string reason, string by) =>
        store.Approve(
            scenario.GoldenName(Seed),
            new ApprovalRequest
            {
                By = by,
                Reason = reason,
                When = DateTimeOffset.UtcNow,
            }
        );
}
