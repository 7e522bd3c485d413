using SpeechGan.Data;
using SpeechGan.Models;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Regression.Models;

/// <summary>
/// Who shares statistics with its batch. InstanceNorm does not: a sample's result is its own. In training mode the generator does, through
/// the BatchNorm in the conformers' convolution part, and through nothing else; in evaluation mode nobody does. In float64 and with the
/// rounding of other batch sizes allowed.
/// </summary>
public sealed class BatchDependenceTests
{
    private const double Rounding = 1e-9;
    private Workplace place = null!;

    [OneTimeSetUp]
    public void Make() => place = new Workplace(train: 4);

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [TestCase(true)]
    [TestCase(false)]
    public void InstanceNorm_gives_a_sample_the_same_whatever_its_batch(bool training)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var norm = nn.InstanceNorm2d(2, affine: true);
        norm.train(training);
        var batch = Spectra(4).to(float32);
        var together = norm.call(batch);
        for (var i = 0; i < 4; i++)
            Distance(norm.call(batch.narrow(0, i, 1)), together.narrow(0, i, 1)).Should().Be(0, "sample {0}", i);
        Distance(norm.call(cat([batch.narrow(0, 0, 1), 100 * batch.narrow(0, 1, 1)], 0)).narrow(0, 0, 1), together.narrow(0, 0, 1))
            .Should()
            .Be(0);
    }

    [Test]
    public void The_generator_in_training_mode_gives_a_sample_another_result_in_another_batch_through_BatchNorm_alone()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var networks = new Networks(Config());
        var batch = Spectra(4);
        Apart(networks, batch).Should().BeGreaterThan(1e-3, "BatchNorm takes its statistics over the whole batch");

        // The same networks with only the BatchNorm layers in evaluation mode: nothing of the batch is left.
        networks.Train(true);
        foreach (var layer in networks.Generator.modules().OfType<TorchSharp.Modules.BatchNorm1d>())
            layer.train(false);
        Apart(networks, batch).Should().BeLessThan(Rounding, "all that depends on the batch is BatchNorm");
    }

    [Test]
    public void The_generator_in_evaluation_mode_gives_a_sample_the_same_whatever_its_batch()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var networks = new Networks(Config());
        networks.Train(false);
        Apart(networks, Spectra(4)).Should().BeLessThan(Rounding);
    }

    [Test]
    public void InstanceNorm_stands_in_encoder_and_decoders_and_BatchNorm_in_the_conformers_alone()
    {
        using var networks = new Networks(Config());
        string[] Holders<T>() =>
            [
                .. networks
                    .Generator.named_modules()
                    .Where(m => m.module is T)
                    .Select(m => m.name.Split('.')[0])
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ];
        Holders<TorchSharp.Modules.BatchNorm1d>().Should().Equal("TSCB_1");
        Holders<TorchSharp.Modules.InstanceNorm2d>().Should().Equal("complex_decoder", "dense_encoder", "mask_decoder");
    }

    // Largest distance of the first sample's estimate alone and beside three others. Dropout is off: it would differ by itself.
    private static double Apart(Networks networks, Tensor batch)
    {
        var together = networks.Generator.call(batch);
        var alone = networks.Generator.call(batch.narrow(0, 0, 1));
        return Math.Max(Distance(alone.Real, together.Real.narrow(0, 0, 1)), Distance(alone.Imaginary, together.Imaginary.narrow(0, 0, 1)));
    }

    private static double Distance(Tensor a, Tensor b) => (a - b).abs().max().ToDouble();

    private static RunConfig Config() => SmallRun.Config("train.precision=float64", "model.dropout=0", "discriminator.dropout=0");

    /// <summary>Compressed noisy spectra of real speech, `[count, 2, frames, bins]`.</summary>
    private Tensor Spectra(int count)
    {
        var config = Config();
        using var networks = new Networks(config);
        var corpus = SmallRun.Open(place.Corpus, config);
        var batch = new BatchReader(
            corpus.Train,
            new BatchOptions
            {
                BatchSize = count,
                CutSamples = config.TrainCutSamples,
                Seed = 1,
                Workers = 0,
            }
        ).Load(1, 0);
        var noisy = tensor(batch.Noisy, [count, batch.Samples], dtype: float64);
        return networks.Spectrum.Compressed(noisy * Spectrum.NormalisationFactor(noisy)).transpose(2, 3).contiguous();
    }
}
