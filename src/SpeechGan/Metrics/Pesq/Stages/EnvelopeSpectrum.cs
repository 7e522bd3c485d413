using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>Spectrum of a whole log envelope followed by zeros (section 8 of docs/pesq-algorithm.md).</summary>
/// <param name="Size">Points of the transform.</param>
/// <param name="Real">Real parts, Size/2 + 1.</param>
/// <param name="Imaginary">Imaginary parts.</param>
internal sealed record EnvelopeSpectrum(int Size, double[] Real, double[] Imaginary)
{
    internal static EnvelopeSpectrum Of(ReadOnlySpan<double> envelope, int size)
    {
        RealFft fft = RealFft.For(size);
        double[] real = new double[fft.Bins],
            imaginary = new double[fft.Bins];
        fft.Forward(envelope, real, imaginary, new double[fft.WorkspaceLength]);
        return new EnvelopeSpectrum(size, real, imaginary);
    }
}
