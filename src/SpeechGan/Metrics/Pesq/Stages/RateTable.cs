using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>Coefficients of a second-order section, single precision: y = b0 z0 + b1 z1 + b2 z2, z0 = x - a1 z1 - a2 z2.</summary>
internal readonly record struct SecondOrderSection(float B0, float B1, float B2, float A1, float A2);

/// <summary>Everything in PESQ that depends on the sample rate alone. Symbols of docs/pesq-algorithm.md in brackets.</summary>
internal sealed partial record RateTable
{
    /// <summary>Samples a second (R).</summary>
    internal required int SampleRate { get; init; }

    /// <summary>Activity window in samples, 4 ms (W).</summary>
    internal required int Window { get; init; }

    /// <summary>Frame of the fine alignment in samples, 64 ms (A).</summary>
    internal required int AlignmentFrame { get; init; }

    /// <summary>Frame of the perceptual model in samples, 32 ms (F).</summary>
    internal required int Frame { get; init; }

    /// <summary>Scale of power densities (Sp).</summary>
    internal required double PowerScale { get; init; }

    /// <summary>Scale of loudness densities (Sl).</summary>
    internal required double LoudnessScale { get; init; }

    /// <summary>Band-pass of the alignment branch.</summary>
    internal required SecondOrderSection[] AlignmentFilter { get; init; }

    /// <summary>Input filter of the wide-band mode; empty where there is none.</summary>
    internal required SecondOrderSection[] WideBandInputFilter { get; init; }

    /// <summary>FFT bins in every Bark band.</summary>
    internal required int[] BinsPerBand { get; init; }

    /// <summary>Centres of the bands, Bark.</summary>
    internal required double[] CentreBark { get; init; }

    /// <summary>Widths of the bands, Bark.</summary>
    internal required double[] WidthBark { get; init; }

    /// <summary>Factor on the power of every band.</summary>
    internal required double[] PowerCorrection { get; init; }

    /// <summary>Absolute threshold of hearing, as a power in every band.</summary>
    internal required double[] HearingThreshold { get; init; }

    /// <summary>Zeros before and behind each signal, 75 windows (G).</summary>
    internal int Guard => 75 * Window;

    /// <summary>Zeros behind the rear guard, 320 ms (T).</summary>
    internal int Tail => SampleRate * 32 / 100;

    /// <summary>Hop of the perceptual model in samples (H).</summary>
    internal int Hop => Frame / 2;

    /// <summary>Number of Bark bands (K).</summary>
    internal int Bands => BinsPerBand.Length;

    /// <summary>Exponent of the loudness law in every band, section 12.3.</summary>
    internal double[] LoudnessExponents() => [.. CentreBark.Select(LoudnessExponent)];

    /// <summary>The tables of a rate, or null for a rate that PESQ does not know.</summary>
    internal static RateTable? For(int sampleRate) =>
        sampleRate switch
        {
            8000 => At8Kilohertz,
            16000 => At16Kilohertz,
            _ => null,
        };

    private static double LoudnessExponent(double bark)
    {
        float h = bark < 4 ? (float)Math.Min(2.0, 6.0 / (bark + 2.0)) : 1f;
        return 0.23 * (h == 1f ? 1.0 : PortableMath.Pow(h, 0.15f));
    }
}
