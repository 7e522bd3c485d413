using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Metrics;

/// <summary>
/// A clean signal against which several versions are scored. What PESQ computes from the clean signal alone is computed once, when a
/// version first can use it:
/// one as long as the clean signal whose peak is not higher. Any other version is scored from scratch. Either way a score has the bits that
/// <see cref="Pesq.Score(ReadOnlySpan{float}, ReadOnlySpan{float}, int, PesqMode)"/> gives. Nothing that can be seen of it changes, and any
/// number of threads may use it.
/// It holds about 16 bytes for a sample, and 8 MiB at most of spectra.
/// </summary>
public sealed class PesqReference
{
    private readonly float[] clean;
    private readonly RateTable? table;
    private readonly double peak; // NaN where nothing can be prepared: no peak is at most that
    private readonly Lazy<ReferenceSide?> side;

    /// <summary>Takes a copy of the clean signal. A signal that cannot be scored is taken, too: its reason is in every score.</summary>
    /// <param name="clean">Reference signal, mono, on any scale.</param>
    /// <param name="sampleRate">8000 or 16000 Hz; wide-band needs 16000.</param>
    /// <param name="mode">Narrow-band or wide-band.</param>
    public PesqReference(ReadOnlySpan<float> clean, int sampleRate, PesqMode mode)
        : this(clean.ToArray(), sampleRate, mode) { }

    // The array is the reference's own from here on.
    internal PesqReference(float[] clean, int sampleRate, PesqMode mode)
    {
        this.clean = clean;
        SampleRate = sampleRate;
        Mode = mode;
        bool rateFits = sampleRate == 16000 || mode == PesqMode.NarrowBand;
        table = rateFits ? RateTable.For(sampleRate) : null;
        bool sounds =
            Pesq.Examine<float>(clean, "clean", out Pesq.Extent extent) is null && extent is { IsSilent: false, IsConstant: false };
        peak = sounds && table is not null && clean.Length >= sampleRate / 4 ? extent.Peak : double.NaN;

        // Null for what the first stage refuses: an analysis from scratch says why.
        side = new Lazy<ReferenceSide?>(() => ReferenceSide.Prepare(Pesq.Normalise<float>(this.clean, peak), table!, mode));
    }

    /// <summary>Samples a second.</summary>
    public int SampleRate { get; }

    /// <summary>Narrow-band or wide-band.</summary>
    public PesqMode Mode { get; }

    /// <summary>Samples of the clean signal.</summary>
    public ReadOnlySpan<float> Clean => clean;

    /// <summary>MOS-LQO of <paramref name="enhanced"/> against the clean signal, or the reason why there is none. Never throws for what is
    /// in the signals.</summary>
    /// <param name="enhanced">Degraded signal, mono, at the same rate and on the same scale.</param>
    public MetricResult Score(ReadOnlySpan<float> enhanced) => Pesq.ToScore(Analyse(enhanced));

    /// <summary>The raw score before the mapping to MOS-LQO; argument and reasons as for the score.</summary>
    public MetricResult RawScore(ReadOnlySpan<float> enhanced) => Pesq.ToRaw(Analyse(enhanced));

    // Score and raw score of one analysis.
    internal (MetricResult Score, MetricResult Raw) ScoreAndRaw(ReadOnlySpan<float> enhanced)
    {
        PesqAnalysis analysis = Analyse(enhanced);
        return (Pesq.ToScore(analysis), Pesq.ToRaw(analysis));
    }

    internal PesqAnalysis Analyse(ReadOnlySpan<float> enhanced) =>
        enhanced.Length == clean.Length
        && Pesq.Examine(enhanced, "enhanced", out Pesq.Extent extent) is null
        && extent is { IsSilent: false, IsConstant: false }
        && extent.Peak <= peak
        && this.side.Value is { } side
            ? PesqModel.Analyse(side, Pesq.Normalise(enhanced, peak), table!, Mode)
            : Pesq.Analyse<float>(clean, enhanced, SampleRate, Mode);
}
