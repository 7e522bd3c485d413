using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class NextCommandTests
{
    private static readonly RunRecord Run = Records.Healthy() with
    {
        Root = "/runs/one",
        Info = Records.Healthy().Info with { Data = "/corpus", GitCommit = "abc123" },
    };

    [TestCase(
        "Train with --set metric.onFailure=mask, so that it goes on.",
        "speechgan train --config /runs/one/config.json --data /corpus --out /runs/one-again --set metric.onFailure=mask"
    )]
    [TestCase(
        "Lower it (--set optimizer.generatorLearningRate=0.0005), and --set data.shuffle=each-epoch.",
        "speechgan train --config /runs/one/config.json --data /corpus --out /runs/one-again --set "
            + "optimizer.generatorLearningRate=0.0005 --set data.shuffle=each-epoch"
    )]
    [TestCase("Take them out (speechgan audit --data /corpus --all lists them), and train again.", "speechgan audit --data /corpus --all")]
    [TestCase(
        "Repair it; speechgan bisect commits finds the change.",
        "speechgan bisect commits --scenario healthy --good GOOD --bad abc123"
    )]
    [TestCase("Replay it (speechgan diagnose RUN --probe).", "speechgan diagnose /runs/one --probe")]
    [TestCase("Think about it.", null)]
    public void Advice_comes_down_to_a_line(string advice, string? command) => NextCommand.Of(advice, Run).Should().Be(command);

    [Test]
    public void A_path_with_a_blank_is_quoted()
    {
        var run = Run with { Root = "/my runs/one", Info = Run.Info with { Data = "/my corpus" } };
        NextCommand
            .Of("Train with --set metric.onFailure=mask.", run)
            .Should()
            .Be(
                "speechgan train --config \"/my runs/one/config.json\" --data \"/my corpus\" --out \"/my runs/one-again\" --set "
                    + "metric.onFailure=mask"
            );
        NextCommand
            .Of($"Take them out (speechgan audit --data {NextCommand.DataOf(run)} --all lists them).", run)
            .Should()
            .Be("speechgan audit --data \"/my corpus\" --all");
    }

    [Test]
    public void A_rate_above_the_presets_goes_down_to_it_and_another_to_a_tenth()
    {
        var config = new RunConfig();
        NextCommand
            .LowerRate(config.With(["optimizer.generatorLearningRate=0.5"]))
            .Should()
            .Be("--set optimizer.generatorLearningRate=0.0005");
        NextCommand.LowerRate(config).Should().Be("--set optimizer.generatorLearningRate=5E-05");
        NextCommand.LowerRate(config, discriminator: true).Should().Be("--set optimizer.discriminatorLearningRate=0.0001");
        NextCommand.LowerRate(null).Should().Be("optimizer.generatorLearningRate");
        config
            .With([NextCommand.LowerRate(config)["--set ".Length..]])
            .Optimizer.GeneratorLearningRate.Should()
            .Be(5e-5, "the setting can be read");
    }

    [Test]
    public void A_confirmed_finding_ends_with_its_line_and_a_rejected_one_has_none()
    {
        var wrong = Run.WithOracle("estimate-is-clean/time", 0.5);
        new ScaleFault()
            .Examine(wrong with { Config = wrong.Config!.With(["loss.timeReference=raw"]) })
            .Command.Should()
            .EndWith("--set loss.timeReference=normalized");
        new LossTermWrong().Examine(Run.WithOracle("step/gan", 0.5)).Command.Should().StartWith("speechgan bisect commits ");
        Verdict.Of(Run).Findings.Where(f => f.Outcome == FindingOutcome.Rejected).Should().OnlyContain(f => f.Command == null);
    }
}
