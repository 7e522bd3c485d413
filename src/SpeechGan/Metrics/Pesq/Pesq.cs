using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using SpeechGan.Dsp;
using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Metrics;

/// <summary>Name, version and mode of the code that computed a score, to be stored beside it.</summary>
/// <param name="Name">Name of the implementation.</param>
/// <param name="Version">Version of the implementation; raised whenever a bit of a score changes.</param>
/// <param name="Arithmetic">What the bits of a score depend on.</param>
public sealed record MetricImplementation(string Name, string Version, string Arithmetic);

/// <summary>
/// Perceptual evaluation of speech quality: an independent implementation of ITU-T P.862 (with P.862.1) and P.862.2 from a description,
/// not certified by the ITU. A pure function: the same bits on any CPU, in any thread, in any order.
/// </summary>
public static class Pesq
{
    /// <summary>Score of identical signals, wide-band: the highest there is.</summary>
    public const double HighestWideBand = 4.643888473510742;

    /// <summary>Score of identical signals, narrow-band: the highest there is.</summary>
    public const double HighestNarrowBand = 4.548638343811035;

    /// <summary>What computes the scores.</summary>
    public static MetricImplementation Implementation { get; } =
        new("SpeechGan.Pesq", "1.0", "managed; fixed order, fixed-width vectors, own elementary functions");

    /// <summary>
    /// MOS-LQO (1.0 to 4.64) of <paramref name="enhanced"/> against <paramref name="clean"/>. Samples on any scale (floats in [-1, 1] and
    /// 16-bit integers give the same score); lengths may differ; at least a quarter of a second each.
    /// </summary>
    /// <param name="clean">Reference signal, mono.</param>
    /// <param name="enhanced">Degraded signal, mono, at the same rate.</param>
    /// <param name="sampleRate">8000 or 16000 Hz; wide-band needs 16000.</param>
    /// <param name="mode">Narrow-band or wide-band.</param>
    /// <returns>The score, or the reason why there is none. Never throws for what is in the signals.</returns>
    public static MetricResult Score(ReadOnlySpan<float> clean, ReadOnlySpan<float> enhanced, int sampleRate, PesqMode mode) =>
        ToScore(Analyse(clean, enhanced, sampleRate, mode));

    /// <inheritdoc cref="Score(ReadOnlySpan{float}, ReadOnlySpan{float}, int, PesqMode)"/>
    public static MetricResult Score(ReadOnlySpan<double> clean, ReadOnlySpan<double> enhanced, int sampleRate, PesqMode mode) =>
        ToScore(Analyse(clean, enhanced, sampleRate, mode));

    /// <inheritdoc cref="Score(ReadOnlySpan{float}, ReadOnlySpan{float}, int, PesqMode)"/>
    public static MetricResult Score(ReadOnlySpan<short> clean, ReadOnlySpan<short> enhanced, int sampleRate, PesqMode mode) =>
        ToScore(Analyse(clean, enhanced, sampleRate, mode));

    /// <summary>The raw score (P.862's own scale, -0.5 to 4.5) before the mapping to MOS-LQO. Arguments and reasons as for the
    /// score.</summary>
    public static MetricResult RawScore(ReadOnlySpan<float> clean, ReadOnlySpan<float> enhanced, int sampleRate, PesqMode mode) =>
        ToRaw(Analyse(clean, enhanced, sampleRate, mode));

    // Score and raw score of one analysis.
    internal static (MetricResult Score, MetricResult Raw) ScoreAndRaw(
        ReadOnlySpan<float> clean,
        ReadOnlySpan<float> enhanced,
        int sampleRate,
        PesqMode mode
    )
    {
        PesqAnalysis analysis = Analyse(clean, enhanced, sampleRate, mode);
        return (ToScore(analysis), ToRaw(analysis));
    }

    internal static PesqAnalysis Analyse<T>(ReadOnlySpan<T> clean, ReadOnlySpan<T> enhanced, int sampleRate, PesqMode mode)
        where T : unmanaged, INumber<T>
    {
        var analysis = new PesqAnalysis();
        if (RateTable.For(sampleRate) is not { } table || (mode == PesqMode.WideBand && sampleRate != 16000))
            return analysis.Fail(
                UnscorableReason.InvalidSampleRate,
                mode == PesqMode.WideBand
                    ? $"wide-band PESQ is defined at 16000 Hz, the signals have {sampleRate} Hz"
                    : $"narrow-band PESQ is defined at 8000 and 16000 Hz, the signals have {sampleRate} Hz"
            );

        if (Examine(clean, "clean", out Extent cleanExtent) is { } cleanFault)
            return analysis.Fail(UnscorableReason.NonFiniteInput, cleanFault);
        if (Examine(enhanced, "enhanced", out Extent enhancedExtent) is { } fault)
            return analysis.Fail(UnscorableReason.NonFiniteInput, fault);
        int least = sampleRate / 4;
        if (clean.Length < least || enhanced.Length < least)
        {
            (string which, int found) = clean.Length < least ? ("clean", clean.Length) : ("enhanced", enhanced.Length);
            return analysis.Fail(
                UnscorableReason.BufferTooShort,
                $"the {which} signal has {found} samples, at least {least} (a quarter of a second) are needed"
            );
        }

        if (cleanExtent.IsSilent)
            return analysis.Fail(UnscorableReason.SilentReference, "every sample of the clean signal is zero");
        if (cleanExtent.IsConstant)
            return analysis.Fail(
                UnscorableReason.ConstantReference,
                "all samples of the clean signal have the same value: there is no sound"
            );
        if (enhancedExtent.IsSilent)
            return analysis.Fail(UnscorableReason.SilentDegraded, "every sample of the enhanced signal is zero");
        if (enhancedExtent.IsConstant)
            return analysis.Fail(
                UnscorableReason.ConstantDegraded,
                "all samples of the enhanced signal have the same value: there is no sound"
            );

        double peak = Math.Max(cleanExtent.Peak, enhancedExtent.Peak);
        return PesqModel.Analyse(Normalise(clean, peak), Normalise(enhanced, peak), table, mode);
    }

    internal static MetricResult ToScore(PesqAnalysis analysis) =>
        analysis.Failure is { } reason ? MetricResult.None(reason, Sentence(analysis)) : MetricResult.Of(analysis.ListeningQuality);

    internal static MetricResult ToRaw(PesqAnalysis analysis) =>
        analysis.Failure is { } reason ? MetricResult.None(reason, Sentence(analysis)) : MetricResult.Of(analysis.Raw);

    private static string Sentence(PesqAnalysis analysis) => $"PESQ has no value: {analysis.FailureDetail}.";

    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    internal static string? Examine<T>(ReadOnlySpan<T> signal, string name, out Extent extent)
        where T : unmanaged, INumber<T>
    {
        double lowest = double.PositiveInfinity,
            highest = double.NegativeInfinity;
        for (int i = 0; i < signal.Length; i++)
        {
            double x = double.CreateTruncating(signal[i]);
            if (!double.IsFinite(x))
            {
                extent = default;
                return $"sample {i} of the {name} signal is {(double.IsNaN(x) ? "NaN" : "infinite")}";
            }

            if (x < lowest)
                lowest = x;
            if (x > highest)
                highest = x;
        }

        extent = new Extent(lowest, highest);
        return null;
    }

    // Divided in double, rounded once (section 2.1 of docs/pesq-algorithm.md).
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    internal static float[] Normalise<T>(ReadOnlySpan<T> signal, double peak)
        where T : unmanaged, INumber<T>
    {
        float[] normalised = new float[signal.Length];
        for (int i = 0; i < signal.Length; i++)
            normalised[i] = (float)(double.CreateTruncating(signal[i]) / peak);
        return normalised;
    }

    internal readonly record struct Extent(double Lowest, double Highest)
    {
        internal double Peak => Math.Max(Math.Abs(Lowest), Math.Abs(Highest));

        internal bool IsSilent => Lowest == 0 && Highest == 0;

        internal bool IsConstant => Lowest == Highest;
    }
}
