using SpeechGan.Losses;
using SpeechGan.Models;
using SpeechGan.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Models;

/// <summary>Everything the reference data name, computed by our networks in their current mode. The caller's scope owns the
/// tensors.</summary>
internal sealed class ReferenceForward
{
    /// <param name="networks">In the mode to compare.</param>
    /// <param name="clean">`[batch, samples]`.</param>
    /// <param name="noisy">`[batch, samples]`.</param>
    /// <param name="targets">Normalised PESQ by sample.</param>
    /// <param name="settle">Whether the power iteration is run three times before an evaluation, as the full-size case does.</param>
    public ReferenceForward(Networks networks, Tensor clean, Tensor noisy, double[] targets, bool settle = false)
    {
        var factor = Spectrum.NormalisationFactor(noisy);
        var cleanSpectrum = networks.Spectrum.Compressed(clean * factor);
        var noisySpectrum = networks.Spectrum.Compressed(noisy * factor).transpose(2, 3);
        var stages = networks.Generator.Stages(noisySpectrum);
        Tensor real = stages.Real.transpose(2, 3),
            imaginary = stages.Imaginary.transpose(2, 3);
        Tensor cleanReal = cleanSpectrum.narrow(1, 0, 1),
            cleanImaginary = cleanSpectrum.narrow(1, 1, 1);
        Tensor magnitude = Spectrum.Magnitude(real, imaginary),
            cleanMagnitude = Spectrum.Magnitude(cleanReal, cleanImaginary);
        var signal = networks.Spectrum.Signal(real, imaginary);
        var discriminator = networks.Discriminator!;
        if (settle)
        {
            discriminator.train(true);
            for (var k = 0; k < 3; k++)
                discriminator.call(cleanMagnitude, cleanMagnitude);
            discriminator.train(false);
        }
        Tensor pass = discriminator.call(cleanMagnitude, magnitude);
        Tensor ofEstimate = discriminator.call(cleanMagnitude, magnitude),
            ofClean = discriminator.call(cleanMagnitude, cleanMagnitude);
        Tensors = new Dictionary<string, Tensor>
        {
            ["norm_c"] = factor.squeeze(1),
            ["noisy_spec"] = noisySpectrum,
            ["clean_spec"] = cleanSpectrum,
            ["encoder"] = stages.Encoded,
            ["mask"] = stages.Mask,
            ["complex"] = stages.Complex,
            ["est_real"] = real,
            ["est_imag"] = imaginary,
            ["est_mag"] = magnitude,
            ["clean_mag"] = cleanMagnitude,
            ["est_audio"] = signal,
            ["d_gpass"] = pass,
            ["d_est"] = ofEstimate,
            ["d_max"] = ofClean,
        };
        for (var k = 0; k < stages.Blocks.Count; k++)
            Tensors[$"tscb_{k + 1}"] = stages.Blocks[k];
        double ri = RealImaginaryLoss.Of(real, imaginary, cleanReal, cleanImaginary).ToDouble();
        double mag = MagnitudeLoss.Of(magnitude, cleanMagnitude).ToDouble();
        double raw = TimeLoss.Of(signal, clean).ToDouble(),
            normalised = TimeLoss.Of(signal, clean * factor).ToDouble();
        double gan = AdversarialLoss.Of(pass).ToDouble();
        var q = tensor(targets, [targets.Length, 1], dtype: networks.Type);
        Losses = new Dictionary<string, double>
        {
            ["ri"] = ri,
            ["mag"] = mag,
            ["time_upstream"] = raw,
            ["time_normalised"] = normalised,
            ["gan"] = gan,
            ["total_upstream"] = (0.1 * ri) + (0.9 * mag) + (0.2 * raw) + (0.05 * gan),
            ["total_normalised"] = (0.1 * ri) + (0.9 * mag) + (0.2 * normalised) + (0.05 * gan),
            ["disc"] = MetricLoss.Of(ofEstimate, ofClean, q, ones_like(q)).ToDouble(),
        };
    }

    public Dictionary<string, Tensor> Tensors { get; }
    public Dictionary<string, double> Losses { get; }
}
