using SpeechGan.Configuration;

namespace SpeechGan.Tests.Unit.Configuration;

public sealed class ConfigValidationTests
{
    [TestCase(
        "data.batchSize=0",
        "data.batchSize is 0; allowed is a whole number from 1 to 1024. Set it, for example --set data.batchSize=4 (the default)."
    )]
    [TestCase(
        "optimizer.generatorLearningRate=0",
        "optimizer.generatorLearningRate is 0; allowed is a number above 0 to 1. Set it, for example --set "
            + "optimizer.generatorLearningRate=0.0005 (the default)."
    )]
    [TestCase(
        "loss.weights.ri=-0.1",
        "loss.weights.ri is -0.1; allowed is a number from 0 to 1000000. Set it, for example --set loss.weights.ri=0.1 (the default)."
    )]
    [TestCase(
        "data.mixInShare=1",
        "data.mixInShare is 1; allowed is a number from 0 to below 1. Set it, for example --set data.mixInShare=0 (the default)."
    )]
    [TestCase(
        "evaluation.cutSeconds=0.2",
        "evaluation.cutSeconds is 0.2; allowed is a number from 0.25 to 600. Set it, for example --set evaluation.cutSeconds=4 (the "
            + "default)."
    )]
    [TestCase(
        "checkpoint.keep=1",
        "checkpoint.keep is 1; allowed is a whole number from 2 to 1000000. Set it, for example --set checkpoint.keep=2 (the default)."
    )]
    [TestCase("seed=-1", "seed is -1; allowed is a whole number of at least 0. Set it, for example --set seed=1 (the default).")]
    [TestCase(
        "data.mixInShare=0.25",
        "data.mixInShare is 0.25 but data.mixIn names no folder. Set data.mixIn to the second corpus, or data.mixInShare to 0."
    )]
    [TestCase(
        "data.mixIn=more",
        "data.mixIn is 'more' but data.mixInShare is 0, so that the second corpus would not be used. Set data.mixInShare above 0 (0.2 for "
            + "example), or remove data.mixIn."
    )]
    [TestCase(
        "model.channels=30",
        "model.channels is 30 with model.heads 4; allowed are multiples of the heads. Set model.channels to 32, or model.heads to a "
            + "divisor of 30."
    )]
    [TestCase(
        "train.device=gpu",
        "train.device is 'gpu'; allowed are cpu, cuda and cuda:N with N from 0 to 99. Set for example train.device=cpu."
    )]
    [TestCase(
        "evaluation.cutSeconds=1.00001",
        "evaluation.cutSeconds is 1.00001 s = 16000.16 samples; allowed are whole samples at 16 kHz. The nearest is "
            + "evaluation.cutSeconds=1."
    )]
    [TestCase(
        "data.trainCutSeconds=0.2500625",
        "data.trainCutSeconds is 0.2500625 s = 4001 samples; allowed are whole hops of 100 samples (multiples of 0.00625 s), because "
            + "the inverse spectrum returns whole hops. The nearest is data.trainCutSeconds=0.25."
    )]
    [TestCase(
        "data.trainCutSeconds=0.24375",
        "data.trainCutSeconds is 0.24375 s = 3900 samples with loss.weights.gan 0.05; allowed are at least 4000 samples (0.25 s), "
            + "because PESQ can never score a shorter cut and the discriminator would never train. Lengthen the cut, or set "
            + "loss.weights.gan=0."
    )]
    public void Problem_is_told_with_key_found_allowed_and_what_to_do(string set, string sentence)
    {
        Problems(set).Should().Equal(sentence);
    }

    [Test]
    public void Epochs_to_keep_that_have_no_checkpoint_are_told() =>
        Problems("checkpoint.everyEpochs=2", "checkpoint.keepEveryEpochs=5")
            .Should()
            .Equal(
                "checkpoint.keepEveryEpochs is 5 with checkpoint.everyEpochs 2; allowed are 0 and multiples of checkpoint.everyEpochs: "
                    + "the others are never made. Set checkpoint.keepEveryEpochs to 6, or checkpoint.everyEpochs to 1."
            );

    [Test]
    public void Cut_of_exactly_a_quarter_second_is_allowed()
    {
        Problems("data.trainCutSeconds=0.25").Should().BeEmpty();
    }

    [Test]
    public void Cut_below_a_quarter_second_is_allowed_without_a_discriminator()
    {
        Problems("data.trainCutSeconds=0.24375", "loss.weights.gan=0").Should().BeEmpty();
        Problems("data.trainCutSeconds=0.01875", "loss.weights.gan=0").Should().BeEmpty();
        Problems("data.trainCutSeconds=0.0125", "loss.weights.gan=0")
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain("at least 300 samples");
    }

    [Test]
    public void Cut_below_sixteen_frames_is_also_refused_for_the_discriminators_sake()
    {
        Problems("data.trainCutSeconds=0.0875")
            .Should()
            .HaveCount(2)
            .And.ContainSingle(p => p.Contains("at least 1500 samples (0.09375 s), because the discriminator halves 16 frames four times"));
        Problems("data.trainCutSeconds=0.09375").Should().ContainSingle().Which.Should().Contain("at least 4000 samples");
    }

    [Test]
    public void Weights_that_are_all_zero_are_refused()
    {
        Problems("loss.weights.ri=0", "loss.weights.magnitude=0", "loss.weights.time=0", "loss.weights.gan=0")
            .Should()
            .Equal(
                "loss.weights are all 0; allowed is at least one weight above 0, else the generator has nothing to learn. Set for "
                    + "example loss.weights.magnitude=0.9."
            );
    }

    [Test]
    public void All_problems_are_told_at_once()
    {
        Problems("data.batchSize=0", "train.epochs=0", "model.blocks=9").Should().HaveCount(3);
    }

    [Test]
    public void Not_a_number_set_in_code_is_refused()
    {
        var config = new RunConfig();
        config = config with { Optimizer = config.Optimizer with { Beta1 = double.NaN } };
        config
            .Validate()
            .Should()
            .Equal(
                "optimizer.beta1 is not a finite number; allowed is a number from 0 to below 1. Set it, for example --set "
                    + "optimizer.beta1=0.9 (the default)."
            );
    }

    private static IReadOnlyList<string> Problems(params string[] set)
    {
        try
        {
            RunConfig.Load(null, null, set);
            return [];
        }
        catch (ConfigException e)
        {
            return e.Problems;
        }
    }
}
