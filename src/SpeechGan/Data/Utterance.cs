namespace SpeechGan.Data;

/// <summary>One pair of a corpus: the clean and the noisy side of an utterance.</summary>
public sealed class Utterance
{
    private readonly PairLoader loader;

    internal Utterance(string name, string cleanPath, string noisyPath, int samples, PairLoader loader)
    {
        Name = name;
        CleanPath = cleanPath;
        NoisyPath = noisyPath;
        Samples = samples;
        this.loader = loader;
    }

    /// <summary>The files' common name, without folder and ending.</summary>
    public string Name { get; }

    /// <summary>The clean side's file.</summary>
    public string CleanPath { get; }

    /// <summary>The noisy side's file.</summary>
    public string NoisyPath { get; }

    /// <summary>Samples of each side, at the corpus' sample rate.</summary>
    public int Samples { get; }

    /// <summary>Reads both sides: one channel, at the corpus' sample rate, <see cref="Samples"/> samples each. The caller owns the
    /// arrays.</summary>
    /// <exception cref="AudioFileException">A file cannot be used: damaged, several channels, NaN samples, changed since the corpus was
    /// opened.</exception>
    public (float[] Clean, float[] Noisy) LoadPair()
    {
        var (clean, noisy) = loader.Load(this);
        return loader.Keeps ? ((float[])clean.Clone(), (float[])noisy.Clone()) : (clean, noisy);
    }

    /// <summary>As <see cref="LoadPair"/>, but the arrays may be the cache's own: not to be written to.</summary>
    internal (float[] Clean, float[] Noisy) LoadShared() => loader.Load(this);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
