using static TorchSharp.torch;

namespace SpeechGan.Models;

/// <summary>
/// The signal front end: short-time Fourier transform, power compression and their inverses, and the normalisation that
/// the noisy signal decides. Sizes are the published model's: 16 kHz, 400-point periodic Hamming window, hop 100.
/// </summary>
/// <remarks>Cao, Abdulatif and Yang, "CMGAN: Conformer-based Metric GAN for Speech Enhancement", 2022, section 2.1.</remarks>
public sealed class Spectrum : IDisposable
{
    /// <summary>Samples per second.</summary>
    public const int SampleRate = RunConfig.SampleRate;

    /// <summary>FFT and window length, samples.</summary>
    public const int FftLength = 400;

    /// <summary>Samples between frames.</summary>
    public const int Hop = RunConfig.Hop;

    /// <summary>One-sided frequency bins.</summary>
    public const int Bins = (FftLength / 2) + 1;

    private const double Compression = 0.3;

    private readonly Tensor window;

    /// <summary>Makes the window once.</summary>
    /// <param name="type">Float32 or float64.</param>
    /// <param name="device">Where signals will be.</param>
    public Spectrum(ScalarType type, Device device)
    {
        // From doubles: TorchSharp's hamming_window takes single-precision coefficients, wrong in the ninth digit for float64.
        var w = new double[FftLength];
        for (var n = 0; n < w.Length; n++)
            w[n] = 0.54 - (0.46 * Math.Cos(2 * Math.PI * n / FftLength));
        window = tensor(w, dtype: type, device: device).DetachFromDisposeScope();
    }

    /// <summary>The window, `[400]`.</summary>
    internal Tensor Window => window;

    /// <summary>Number type of the signals it takes.</summary>
    public ScalarType Type => window.dtype;

    /// <summary>Where the signals it takes are.</summary>
    public Device Device => window.device;

    /// <summary>Frames that <paramref name="samples"/> samples make.</summary>
    public static int Frames(int samples) => 1 + (samples / Hop);

    /// <summary>
    /// The factor that gives the noisy signal unit power, `[batch, 1]`: sqrt(L / sum(noisy^2)); 1 for digital silence,
    /// which has no power to normalise (the reference divides by zero there and loses all weights).
    /// </summary>
    /// <param name="noisy">`[batch, samples]`.</param>
    public static Tensor NormalisationFactor(Tensor noisy)
    {
        using var scope = NewDisposeScope();
        var power = noisy.square().sum(-1, keepdim: true);
        return where(power > 0, (noisy.shape[^1] / power).sqrt(), ones_like(power)).MoveToOuterDisposeScope();
    }

    /// <summary>The compressed spectrum `[batch, 2, bins, frames]` (real, imaginary) of a signal `[batch, samples]`.</summary>
    public Tensor Compressed(Tensor signal)
    {
        using var scope = NewDisposeScope();
        var spectrum = stft(signal, FftLength, Hop, FftLength, window, onesided: true, return_complex: true);
        var parts = view_as_real(spectrum).permute(0, 3, 1, 2); // [batch, 2, bins, frames]
        var power = parts.square().sum(1, keepdim: true);
        // m^(0.3 - 1) from m^2; an empty bin stays exactly 0 (0 * 0^(-0.7) is NaN if written carelessly).
        var gain = where(power > 0, power.pow((Compression - 1) / 2), zeros_like(power));
        return (parts * gain).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The signal `[batch, 100 * (frames - 1)]` of a compressed spectrum given as real and imaginary part, each
    /// `[batch, 1, bins, frames]`. Differentiable, with gradient 0 at empty bins.
    /// </summary>
    public Tensor Signal(Tensor real, Tensor imaginary)
    {
        using var scope = NewDisposeScope();
        // m^(1/0.3 - 1) = (m^2)^(7/6): the phase form's gradient is NaN where m^2 underflows.
        var gain = (real.square() + imaginary.square()).pow(((1 / Compression) - 1) / 2);
        var spectrum = complex((real * gain).squeeze(1), (imaginary * gain).squeeze(1));
        return istft(spectrum, FftLength, Hop, FftLength, window, onesided: true).MoveToOuterDisposeScope();
    }

    /// <summary>The magnitude of a complex spectrum in parts, with gradient 0 (not NaN) at empty bins.</summary>
    public static Tensor Magnitude(Tensor real, Tensor imaginary)
    {
        using var scope = NewDisposeScope();
        // The constant is far below float32's resolution of any bin that counts.
        return (real.square() + imaginary.square() + 1e-30).sqrt().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => window.Dispose();
}
