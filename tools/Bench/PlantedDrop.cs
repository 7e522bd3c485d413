using System.Globalization;
using SpeechGan.Dsp;
using SpeechGan.Metrics;
using SpeechGan.Statistics;

namespace SpeechGan.Tools.Bench;

/// <summary>An estimate beside its clean signal, mono, 16 kHz.</summary>
/// <param name="Clean">Clean samples.</param>
/// <param name="Enhanced">The estimate's samples.</param>
public sealed record EstimatePair(ReadOnlyMemory<float> Clean, ReadOnlyMemory<float> Enhanced);

/// <summary>
/// A fault of known size, for measuring what a comparison finds: white noise mixed into saved estimates at the one level that lowers their
/// mean wide-band PESQ by so much. Noise is a function of seed and utterance.
/// </summary>
public sealed class PlantedDrop
{
    private const int Halvings = 40;
    private const double Quietest = 1e-6,
        Loudest = 1; // of an estimate's RMS: -120 and 0 dB

    private static readonly ulong Noise = CounterRandom.Stream("planted-drop");

    private readonly IReadOnlyList<EstimatePair> pairs;
    private readonly PesqReference[] references;

    /// <summary>Takes estimates; those without a score are refused, since nothing can be lowered there.</summary>
    /// <param name="pairs">At least one.</param>
    /// <exception cref="ArgumentException">There is no pair, or one has no score.</exception>
    public PlantedDrop(IReadOnlyList<EstimatePair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        this.pairs = pairs;
        references = [.. pairs.Select(p => new PesqReference(p.Clean.Span, 16_000, PesqMode.WideBand))];
        Scores = [.. pairs.Select((p, i) => Score(i, p.Enhanced.Span))];
        Mean = SampleMean.Of(Scores);
    }

    /// <summary>Scores of the estimates as they are.</summary>
    public IReadOnlyList<double> Scores { get; }

    /// <summary>Their mean.</summary>
    public double Mean { get; }

    /// <summary>Plants a drop.</summary>
    /// <param name="drop">How much lower the mean shall be, above 0.</param>
    /// <param name="seed">Decides the noise.</param>
    /// <returns>Scores of the spoiled estimates, in the pairs' order, and the noise's level in dB of each estimate's RMS.</returns>
    /// <exception cref="ArgumentException">Noise as loud as the estimates does not lower the mean by so much: their scores lie at PESQ's
    /// floor.</exception>
    public (IReadOnlyList<double> Scores, double LevelDecibel) Plant(double drop, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(drop);
        float[][] noises = [.. pairs.Select((p, i) => NoiseOf(p.Enhanced.Span, seed, i))];
        double low = Quietest,
            high = Loudest;
        double[] scores = Spoiled(noises, high);
        if (Mean - SampleMean.Of(scores) < drop)
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The estimates' mean PESQ is {Mean:F3}, and noise as loud as they are lowers it by "
                        + $"{Mean - SampleMean.Of(scores):F3} only: a drop of {drop} cannot be planted. Use estimates of a trained network."
                ),
                nameof(drop)
            );

        // The mean falls with the level but for small steps: halving on the level's logarithm finds one that hits the drop.
        for (var i = 0; i < Halvings; i++)
        {
            var middle = Math.Sqrt(low * high);
            scores = Spoiled(noises, middle);
            var found = Mean - SampleMean.Of(scores);
            if (Math.Abs(found - drop) <= drop * 0.01)
                return (scores, PortableMath.Decibel(middle * middle));

            (low, high) = found < drop ? (middle, high) : (low, middle);
        }

        return (scores, PortableMath.Decibel(low * high));
    }

    private double[] Spoiled(float[][] noises, double level) =>
        [
            .. pairs
                .AsParallel()
                .AsOrdered()
                .Select(
                    (p, i) =>
                    {
                        var spoiled = p.Enhanced.ToArray();
                        for (var n = 0; n < spoiled.Length; n++)
                            spoiled[n] += (float)(level * noises[i][n]);

                        return Score(i, spoiled);
                    }
                ),
        ];

    private double Score(int index, ReadOnlySpan<float> enhanced)
    {
        var result = references[index].Score(enhanced);
        return result.TryGet(out var score) ? score : throw new ArgumentException($"Estimate {index} has no score: {result.Sentence}");
    }

    // Uniform noise of the estimate's own RMS.
    private static float[] NoiseOf(ReadOnlySpan<float> enhanced, long seed, int index)
    {
        double power = 0;
        foreach (var x in enhanced)
            power += (double)x * x;

        var scale = Math.Sqrt(3 * power / Math.Max(1, enhanced.Length));
        var noise = new float[enhanced.Length];
        for (var n = 0; n < noise.Length; n++)
            noise[n] = (float)(scale * ((2 * CounterRandom.Double(seed, Noise, index, n)) - 1));

        return noise;
    }
}
