using static TorchSharp.torch;

namespace SpeechGan.Training.Checks;

/// <summary>The front end written a second time, on complex tensors: what the trainer's own is held against.</summary>
/// <remarks>Cao, Abdulatif and Yang, "CMGAN", 2022, section 2.1: 400-point periodic Hamming window, hop 100, magnitudes to the power of
/// 0.3.</remarks>
/// <param name="type">Float32 or float64.</param>
/// <param name="device">Where signals are.</param>
internal sealed class ReferenceFrontEnd(ScalarType type, Device device)
{
    private const int Fft = 400,
        Hop = 100;
    private const double Compression = 0.3;

    /// <summary>Real and imaginary part of the compressed spectrum, `[batch, bins, frames]` each, of signals `[batch, samples]`.</summary>
    public (Tensor Real, Tensor Imaginary) Analyse(Tensor signal)
    {
        var spectrum = stft(signal, Fft, Hop, Fft, Window(), onesided: true, return_complex: true);
        var modulus = spectrum.abs();
        var gain = where(modulus > 0, modulus.pow(Compression - 1), zeros_like(modulus));
        return (spectrum.real * gain, spectrum.imag * gain);
    }

    /// <summary>The signals `[batch, 100 * (frames - 1)]` of a compressed spectrum in parts.</summary>
    public Tensor Synthesise(Tensor real, Tensor imaginary)
    {
        var gain = (real.square() + imaginary.square()).pow(((1 / Compression) - 1) / 2);
        return istft(complex(real * gain, imaginary * gain), Fft, Hop, Fft, Window(), onesided: true);
    }

    /// <summary>The magnitude, with gradient 0 at empty bins.</summary>
    public static Tensor Modulus(Tensor real, Tensor imaginary) => (real.square() + imaginary.square() + 1e-30).sqrt();

    private Tensor Window() =>
        tensor([.. Enumerable.Range(0, Fft).Select(n => 0.54 - (0.46 * Math.Cos(2 * Math.PI * n / Fft)))], dtype: type, device: device);
}
