using System.Diagnostics;
using SpeechGan.Configuration;
using SpeechGan.Losses;
using SpeechGan.Models;
using SpeechGan.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>
/// The generator's half of a training step: forward, the loss terms, and the gradient of each at the generator's output.
/// </summary>
/// <remarks>
/// The terms are differentiated one by one with respect to a copy of the output, and only their weighted sum goes back
/// through the generator: the gradient is that of the weighted loss, the cost is that of one backward pass, and how much
/// each term pulls is known at every step.
/// </remarks>
internal sealed class GeneratorPass(Networks networks, LossConfig loss, FaultPoints? faults = null)
{
    /// <summary>Runs it and leaves the gradient in the generator's parameters. The caller's scope owns the tensors returned.</summary>
    /// <param name="clean">`[batch, samples]`, as loaded.</param>
    /// <param name="noisy">`[batch, samples]`, as loaded.</param>
    /// <param name="estimated">Given the normalised clean signal and the estimate before the backward pass begins; may be null.</param>
    public Result Run(Tensor clean, Tensor noisy, Action<Tensor, Tensor>? estimated = null)
    {
        var batch = Forward(clean, noisy);
        var (real, imaginary) = (batch.Real.detach(), batch.Imaginary.detach());
        real.requires_grad = true;
        imaginary.requires_grad = true;
        var terms = new Terms(real, imaginary, loss.Weights);
        var magnitude = Spectrum.Magnitude(real, imaginary);
        var signal = Signal(batch, real, imaginary);

        terms.Add(Term.Ri, () => RealImaginaryLoss.Of(real, imaginary, batch.CleanReal, batch.CleanImaginary));
        terms.Add(Term.Time, () => TimeLoss.Of(signal, loss.TimeReference == TimeReference.Raw ? clean : batch.Clean));
        terms.Add(Term.Magnitude, () => MagnitudeLoss.Of(magnitude, batch.CleanMagnitude), keepGraph: true);
        if (networks.Discriminator is { } discriminator)
        {
            networks.FreezeDiscriminator(true);
            try
            {
                terms.Add(Term.Gan, () => AdversarialLoss.Of(discriminator.call(batch.CleanMagnitude, magnitude)));
            }
            finally
            {
                networks.FreezeDiscriminator(false);
                discriminator.EndBackward();
            }
        }

        estimated?.Invoke(batch.Clean, signal.detach());
        var clock = Stopwatch.StartNew();
        networks.GeneratorOptimizer.zero_grad();
        try
        {
            autograd.backward([batch.Real, batch.Imaginary], [terms.RealGradient, terms.ImaginaryGradient]);
        }
        finally
        {
            networks.Generator.EndBackward();
        }
        return new Result(
            terms.Loss,
            terms.Norms,
            batch.Clean,
            batch.CleanMagnitude,
            magnitude.detach(),
            signal.detach(),
            clock.Elapsed.TotalSeconds
        );
    }

    /// <summary>The estimate and the targets of a batch.</summary>
    public Estimate Forward(Tensor clean, Tensor noisy)
    {
        var factor = Spectrum.NormalisationFactor(noisy);
        Tensor cleanNormal = clean * factor,
            noisyNormal = noisy * factor;
        var cleanSpectrum = networks.Spectrum.Compressed(cleanNormal); // [batch, 2, bins, frames]
        var noisySpectrum = networks.Spectrum.Compressed(noisyNormal).transpose(2, 3); // [batch, 2, frames, bins]
        var (real, imaginary) = networks.Generator.call(noisySpectrum);
        Tensor cleanReal = cleanSpectrum.narrow(1, 0, 1),
            cleanImaginary = cleanSpectrum.narrow(1, 1, 1);
        return new Estimate(
            cleanNormal,
            real.transpose(2, 3),
            imaginary.transpose(2, 3),
            cleanReal,
            cleanImaginary,
            Spectrum.Magnitude(cleanReal, cleanImaginary)
        );
    }

    /// <summary>The enhanced signal that is compared and scored: of the estimate alone. The reconstruction checks hold it against a leak of
    /// the clean side.</summary>
    /// <param name="batch">The estimate and its targets: none of these may be heard in it.</param>
    /// <param name="real">The estimate's real part, perhaps a copy with a gradient of its own.</param>
    /// <param name="imaginary">Its imaginary part.</param>
    public Tensor Signal(Estimate batch, Tensor real, Tensor imaginary)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return (faults ?? FaultPoints.None).Signal(
            networks.Spectrum.Signal(real, imaginary),
            batch.CleanReal,
            imaginary,
            networks.Spectrum
        );
    }

    /// <summary>An estimate beside its targets, spectra `[batch, 1, bins, frames]`.</summary>
    internal sealed record Estimate(
        Tensor Clean,
        Tensor Real,
        Tensor Imaginary,
        Tensor CleanReal,
        Tensor CleanImaginary,
        Tensor CleanMagnitude
    );

    /// <summary>What the pass measured, and what the discriminator's half needs of it.</summary>
    internal sealed record Result(
        LossTerms Loss,
        GradientNorms Norms,
        Tensor Clean,
        Tensor CleanMagnitude,
        Tensor Magnitude,
        Tensor Signal,
        double BackwardSeconds
    );

    private enum Term
    {
        Ri,
        Magnitude,
        Time,
        Gan,
    }

    /// <summary>Sums values and gradients of the terms that have a weight.</summary>
    private sealed class Terms(Tensor real, Tensor imaginary, LossWeights weights)
    {
        private double total;

        public LossTerms Loss { get; private set; } = new();
        public GradientNorms Norms { get; private set; } = new();
        public Tensor RealGradient { get; private set; } = zeros_like(real);
        public Tensor ImaginaryGradient { get; private set; } = zeros_like(imaginary);

        public void Add(Term term, Func<Tensor> evaluate, bool keepGraph = false)
        {
            var weight = term switch
            {
                Term.Ri => weights.Ri,
                Term.Magnitude => weights.Magnitude,
                Term.Time => weights.Time,
                _ => weights.Gan,
            };
            if (weight == 0)
                return;
            using var scope = NewDisposeScope();
            var loss = evaluate();
            var gradients = autograd.grad([loss], [real, imaginary], retain_graph: keepGraph);
            double value = loss.ToDouble(),
                norm = weight * Norm(gradients);
            RealGradient.add_(gradients[0], weight);
            ImaginaryGradient.add_(gradients[1], weight);
            total += weight * value;
            (Loss, Norms) = term switch
            {
                Term.Ri => (Loss with { Ri = value }, Norms with { Ri = norm }),
                Term.Magnitude => (Loss with { Magnitude = value }, Norms with { Magnitude = norm }),
                Term.Time => (Loss with { Time = value }, Norms with { Time = norm }),
                _ => (Loss with { Gan = value }, Norms with { Gan = norm }),
            };
            Loss = Loss with { Total = total };
        }

        private static double Norm(IList<Tensor> gradients)
        {
            using var scope = NewDisposeScope();
            return Math.Sqrt(gradients.Sum(g => g.square().sum().ToDouble()));
        }
    }
}
