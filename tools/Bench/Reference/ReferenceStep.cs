using SpeechGan.Configuration;
using SpeechGan.Models;
using SpeechGan.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace SpeechGan.Tools.Bench.Reference;

/// <summary>
/// A training step as the published trainer takes it: one joint loss, the discriminator not frozen in the generator's backward, spectra
/// in phase form. Same engine, discriminator and optimiser as ours.
/// </summary>
internal sealed class ReferenceStep : IStep
{
    private const double Compression = 0.3;
    private readonly ReferenceGenerator generator;
    private readonly MetricDiscriminator discriminator;
    private readonly AdamW generatorOptimizer,
        discriminatorOptimizer;
    private readonly Tensor window;

    /// <summary>Begins with the weights of <paramref name="weights"/>.</summary>
    public ReferenceStep(RunConfig config, Networks weights)
    {
        generator = new ReferenceGenerator(config.Model.Channels, config.Model.Heads, config.Model.Blocks, config.Model.Dropout);
        discriminator = new MetricDiscriminator(config.Discriminator.Features, config.Discriminator.Dropout, KernelChoice.Operators);
        generator.to(weights.Type);
        discriminator.to(weights.Type);
        StateDict.Load(generator, StateDict.Of(weights.Generator), "ours");
        StateDict.Load(discriminator, StateDict.Of(weights.Discriminator!), "ours");
        generatorOptimizer = optim.AdamW(
            generator.parameters(),
            config.Optimizer.GeneratorLearningRate,
            weight_decay: config.Optimizer.WeightDecay
        );
        discriminatorOptimizer = optim.AdamW(
            discriminator.parameters(),
            config.Optimizer.DiscriminatorLearningRate,
            weight_decay: config.Optimizer.WeightDecay
        );
        window = tensor(
            Enumerable.Range(0, 400).Select(n => 0.54 - (0.46 * Math.Cos(2 * Math.PI * n / 400))).ToArray(),
            dtype: weights.Type
        );
    }

    public IEnumerable<nn.Module> Modules => [generator, discriminator];

    public (double Generator, double Discriminator) Take(Tensor clean, Tensor noisy, double[] targets)
    {
        using var scope = NewDisposeScope();
        var factor = (noisy.shape[^1] / noisy.pow(2).sum(-1)).sqrt().unsqueeze(1);
        Tensor cleanNormal = clean * factor,
            noisyNormal = noisy * factor;
        Tensor noisySpectrum = Compress(noisyNormal).permute(0, 1, 3, 2),
            cleanSpectrum = Compress(cleanNormal);
        Tensor cleanReal = cleanSpectrum.narrow(1, 0, 1),
            cleanImaginary = cleanSpectrum.narrow(1, 1, 1);
        var (r, i) = generator.call(noisySpectrum);
        Tensor real = r.permute(0, 1, 3, 2),
            imaginary = i.permute(0, 1, 3, 2);
        Tensor magnitude = (real.pow(2) + imaginary.pow(2)).sqrt(),
            cleanMagnitude = (cleanReal.pow(2) + cleanImaginary.pow(2)).sqrt();

        var said = discriminator.call(cleanMagnitude, magnitude);
        var gan = F.mse_loss(said, ones_like(said));
        var mag = F.mse_loss(magnitude, cleanMagnitude);
        var ri = F.mse_loss(real, cleanReal) + F.mse_loss(imaginary, cleanImaginary);
        var signal = istft(Decompress(real, imaginary), 400, 100, 400, window, onesided: true);
        var time = (signal - cleanNormal).abs().mean();
        var loss = (ri * 0.1) + (mag * 0.9) + (time * 0.2) + (gan * 0.05);
        generatorOptimizer.zero_grad();
        loss.backward();
        generatorOptimizer.step();

        Tensor ofEstimate = discriminator.call(cleanMagnitude, magnitude.detach()),
            ofClean = discriminator.call(cleanMagnitude, cleanMagnitude);
        var q = tensor(targets, [targets.Length, 1], dtype: clean.dtype);
        var judged = F.mse_loss(ofClean, ones_like(ofClean)) + F.mse_loss(ofEstimate, q);
        discriminatorOptimizer.zero_grad();
        judged.backward();
        discriminatorOptimizer.step();
        return (loss.ToDouble(), judged.ToDouble());
    }

    /// <summary>Enhances a signal `[1, samples]` of whole hops in one piece, with running statistics, as the published evaluation
    /// does.</summary>
    public Tensor Enhance(Tensor noisy)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        generator.train(false);
        var factor = (noisy.shape[^1] / noisy.pow(2).sum(-1)).sqrt().unsqueeze(1);
        var (real, imaginary) = generator.call(Compress(noisy * factor).permute(0, 1, 3, 2));
        var spectrum = Decompress(real.permute(0, 1, 3, 2), imaginary.permute(0, 1, 3, 2));
        return (istft(spectrum, 400, 100, 400, window, onesided: true) / factor).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        generator.Dispose();
        discriminator.Dispose();
        generatorOptimizer.Dispose();
        discriminatorOptimizer.Dispose();
        window.Dispose();
    }

    private Tensor Compress(Tensor signal)
    {
        var spectrum = stft(signal, 400, 100, 400, window, onesided: true, return_complex: true);
        Tensor magnitude = spectrum.abs().pow(Compression),
            phase = spectrum.angle();
        return stack([magnitude * phase.cos(), magnitude * phase.sin()], 1);
    }

    private static Tensor Decompress(Tensor real, Tensor imaginary)
    {
        var spectrum = complex(real, imaginary);
        Tensor magnitude = spectrum.abs().pow(1 / Compression),
            phase = spectrum.angle();
        return complex(magnitude * phase.cos(), magnitude * phase.sin()).squeeze(1);
    }
}
