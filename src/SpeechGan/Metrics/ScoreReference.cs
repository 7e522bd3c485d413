namespace SpeechGan.Metrics;

/// <summary>
/// A clean signal of which several versions are scored: what PESQ needs of it is computed once. The scores have the bits of
/// <see cref="ScoreSet.Of(ReadOnlySpan{float}, ReadOnlySpan{float}, int, ScoreOptions)"/>. Any number of threads may use it.
/// </summary>
public sealed class ScoreReference
{
    /// <summary>Takes a copy of the clean signal.</summary>
    /// <param name="clean">Reference samples, mono, full scale being -1 .. 1.</param>
    /// <param name="sampleRate">Samples a second.</param>
    /// <param name="options">The conventions; null for the defaults.</param>
    public ScoreReference(ReadOnlySpan<float> clean, int sampleRate, ScoreOptions? options = null)
    {
        Options = options ?? ScoreOptions.Default;
        SampleRate = sampleRate;
        float[] samples = clean.ToArray();
        WideBand = new PesqReference(samples, sampleRate, PesqMode.WideBand);
        NarrowBand = new PesqReference(samples, sampleRate, PesqMode.NarrowBand);
    }

    /// <summary>The conventions.</summary>
    public ScoreOptions Options { get; }

    /// <summary>Samples a second.</summary>
    public int SampleRate { get; }

    /// <summary>For wide-band PESQ.</summary>
    public PesqReference WideBand { get; }

    /// <summary>For narrow-band PESQ.</summary>
    public PesqReference NarrowBand { get; }
}
