using SpeechGan.Data;
using SpeechGan.Models;
using static TorchSharp.torch;

namespace SpeechGan.Evaluation;

/// <summary>
/// Enhances signals of any length with bounded memory: up to 16 s in one piece, longer ones in windows of 8 s that overlap
/// by one second and are cross-faded.
/// </summary>
/// <remarks>
/// The published scheme splits long files into equal rows without overlap, and fails where a row is not a multiple of the hop or
/// where the number of rows it needs does not divide 100. Normalisation is by the whole file, as published. Attention costs a window the
/// square of its length, and a network trained on cuts of 2 s has learnt nothing of positions farther apart: long windows would cost more
/// and give no more.
/// </remarks>
public sealed class Enhancer
{
    /// <summary>Longest piece, samples (16 s).</summary>
    public const int LongestPiece = 256_000;

    /// <summary>Overlap of two pieces, samples (1 s).</summary>
    public const int Overlap = 16_000;

    // Reflection at the ends needs more than half a window of samples; a whole window leaves room.
    private const int LeastSamples = Spectrum.FftLength;

    private readonly int longestPiece,
        overlap;
    private readonly Models.Generator generator;
    private readonly Spectrum spectrum;

    /// <summary>Uses a generator, which must be in evaluation mode when signals are enhanced.</summary>
    /// <param name="generator">The network.</param>
    /// <param name="spectrum">The front end, of the network's number type and on its device.</param>
    public Enhancer(Models.Generator generator, Spectrum spectrum)
        : this(generator, spectrum, LongestPiece, Overlap) { }

    internal Enhancer(Models.Generator generator, Spectrum spectrum, int longestPiece, int overlap) =>
        (this.generator, this.spectrum, this.longestPiece, this.overlap) = (generator, spectrum, longestPiece, overlap);

    /// <summary>The enhanced signal, as long as the noisy one; digital silence stays silence.</summary>
    /// <param name="noisy">16 kHz, at least one sample, all finite.</param>
    /// <exception cref="ArgumentException">There is no sample, or one is not finite.</exception>
    public float[] Enhance(ReadOnlySpan<float> noisy)
    {
        if (noisy.IsEmpty)
            throw new ArgumentException("There is no sample to enhance.", nameof(noisy));
        var power = AddPower(0, noisy, 0);
        if (power == 0)
            return new float[noisy.Length];
        var factor = Factor(noisy.Length, power);
        var enhanced = new float[noisy.Length];
        foreach (var (start, length, fadeIn) in Pieces(noisy.Length, longestPiece, overlap))
            AddPiece(noisy.Slice((int)start, length), factor, fadeIn, enhanced.AsSpan((int)start, length));
        return enhanced;
    }

    /// <summary>
    /// The same for a signal that is read block by block: the same bits, in memory that does not depend on its length. The signal is read
    /// twice, the first time at once for its power.
    /// </summary>
    /// <param name="noisy">16 kHz, at least one sample, all finite; it is read through the result.</param>
    /// <param name="stop">Ends the work between two blocks or pieces.</param>
    /// <exception cref="ArgumentException">There is no sample, one is not finite, or the rate is another.</exception>
    public ISampleReader Enhance(ISampleReader noisy, CancellationToken stop = default) =>
        new EnhancedReader(this, noisy, longestPiece, overlap, stop);

    /// <summary>Where the pieces lie, and over how many samples each fades in over the one before: one piece up to the longest, windows of
    /// half of it beyond.</summary>
    internal static IEnumerable<(long Start, int Length, int FadeIn)> Pieces(long samples, int longest, int overlap)
    {
        var window = samples <= longest ? longest : longest / 2;
        yield return (0, (int)Math.Min(samples, window), 0);
        for (long start = window - overlap; start + overlap < samples; start += window - overlap)
            yield return (start, (int)Math.Min(window, samples - start), overlap);
    }

    /// <summary>Adds the squares of a part of a signal to those of what came before, one by one: the sum does not depend on the
    /// parts.</summary>
    /// <param name="power">Sum before the part.</param>
    /// <param name="part">The part.</param>
    /// <param name="start">Where it begins, for the message.</param>
    /// <exception cref="ArgumentException">A sample is not finite.</exception>
    internal static double AddPower(double power, ReadOnlySpan<float> part, long start)
    {
        for (var i = 0; i < part.Length; i++)
        {
            if (!float.IsFinite(part[i]))
                throw new ArgumentException($"Sample {start + i} is {part[i]}; all must be finite.", nameof(part));
            power += (double)part[i] * part[i];
        }
        return power;
    }

    /// <summary>What the signal is multiplied by to have unit power.</summary>
    internal static double Factor(long samples, double power) => Math.Sqrt(samples / power);

    /// <summary>Enhances a piece and fades it in over what is there of the one before.</summary>
    /// <param name="noisy">The piece.</param>
    /// <param name="factor">The whole signal's factor.</param>
    /// <param name="fadeIn">Over how many samples.</param>
    /// <param name="enhanced">The piece's place: the end of the piece before in its first <paramref name="fadeIn"/> samples, 0
    /// behind.</param>
    internal void AddPiece(ReadOnlySpan<float> noisy, double factor, int fadeIn, Span<float> enhanced)
    {
        var piece = EnhancePiece(noisy, factor);
        for (var i = 0; i < piece.Length; i++)
        {
            var weight = i < fadeIn ? (i + 0.5) / fadeIn : 1.0;
            enhanced[i] = (float)((piece[i] * weight) + (enhanced[i] * (1 - weight)));
        }
    }

    private float[] EnhancePiece(ReadOnlySpan<float> noisy, double factor)
    {
        // Padded to whole hops with the piece's own beginning, as published.
        var padded = new float[Math.Max(LeastSamples, (noisy.Length + Spectrum.Hop - 1) / Spectrum.Hop * Spectrum.Hop)];
        for (var i = 0; i < padded.Length; i++)
            padded[i] = noisy[i % noisy.Length];
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var signal = tensor(padded, [1, padded.Length], dtype: spectrum.Type, device: spectrum.Device) * factor;
        var (real, imaginary) = generator.call(spectrum.Compressed(signal).transpose(2, 3));
        var enhanced = spectrum.Signal(real.transpose(2, 3), imaginary.transpose(2, 3)) / factor;
        return enhanced.to(float32).cpu().contiguous().data<float>().ToArray()[..noisy.Length];
    }
}
