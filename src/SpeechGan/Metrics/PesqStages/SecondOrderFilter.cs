using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// Second-order sections in single precision, every operation rounded, left to right (sections 5 and 6): the rounding noise is part of
/// the score (section 18). No fused multiply-add anywhere.
/// </summary>
internal static class SecondOrderFilter
{
    private const int Lanes = 16;

    // Below this a state is filter tail on its way to denormals, which are slow on some CPUs and do not move a score (section 18).
    private const float Vanishing = 1e-30f;

    /// <summary>One section over <paramref name="signal"/>, in place, from zero state.</summary>
    internal static void Apply(in SecondOrderSection section, Span<float> signal)
    {
        float b0 = section.B0, b1 = section.B1, b2 = section.B2, a1 = section.A1, a2 = section.A2;
        float z1 = 0, z2 = 0;
        for (int i = 0; i < signal.Length; i++)
        {
            float z0 = signal[i] - a1 * z1 - a2 * z2;
            signal[i] = b0 * z0 + b1 * z1 + b2 * z2;
            z2 = z1;
            z1 = z0;
        }
    }

    /// <summary>
    /// A cascade of up to 12 sections over <paramref name="signal"/>, in place, from zero state. The sections run side by side in
    /// vector lanes, section k on sample t - k at step t, with the same operations on every sample as one section after the other.
    /// </summary>
    internal static void ApplyCascade(ReadOnlySpan<SecondOrderSection> sections, Span<float> signal)
    {
        const int depth = 12;
        if (sections.Length > depth) throw new ArgumentException($"{sections.Length} sections; at most {depth} run side by side.", nameof(sections));
        Span<float> b0 = stackalloc float[Lanes], b1 = stackalloc float[Lanes], b2 = stackalloc float[Lanes];
        Span<float> a1 = stackalloc float[Lanes], a2 = stackalloc float[Lanes];
        b1.Clear();
        b2.Clear();
        a1.Clear();
        a2.Clear();
        b0.Fill(1f); // an unused lane hands its input on unchanged
        for (int k = 0; k < sections.Length; k++)
        {
            b0[k] = sections[k].B0;
            b1[k] = sections[k].B1;
            b2[k] = sections[k].B2;
            a1[k] = sections[k].A1;
            a2[k] = sections[k].A2;
        }

        Vector256<float> b0Low = Load(b0, 0), b1Low = Load(b1, 0), b2Low = Load(b2, 0), a1Low = Load(a1, 0), a2Low = Load(a2, 0);
        Vector256<float> b0High = Load(b0, 8), b1High = Load(b1, 8), b2High = Load(b2, 8), a1High = Load(a1, 8), a2High = Load(a2, 8);
        Vector256<float> z1Low = default, z2Low = default, z1High = default, z2High = default, passedLow = default, passedHigh = default;
        Vector256<float> first = Vector256.Create(-1, 0, 0, 0, 0, 0, 0, 0).AsSingle();
        Vector256<int> rotation = Vector256.Create(7, 0, 1, 2, 3, 4, 5, 6);
        Vector256<float> tiny = Vector256.Create(Vanishing);
        for (int t = 0; t < signal.Length + depth - 1; t++)
        {
            float sample = t < signal.Length ? signal[t] : 0f;
            Vector256<float> inLow = Vector256.ConditionalSelect(first, Vector256.Create(sample), passedLow);
            Vector256<float> inHigh = Vector256.ConditionalSelect(first, passedLow, passedHigh);
            Vector256<float> z0Low = inLow - a1Low * z1Low - a2Low * z2Low;
            Vector256<float> z0High = inHigh - a1High * z1High - a2High * z2High;
            Vector256<float> outLow = b0Low * z0Low + b1Low * z1Low + b2Low * z2Low;
            Vector256<float> outHigh = b0High * z0High + b1High * z1High + b2High * z2High;
            passedLow = Vector256.Shuffle(outLow, rotation);
            passedHigh = Vector256.Shuffle(outHigh, rotation);
            z2Low = z1Low;
            z2High = z1High;
            z1Low = z0Low;
            z1High = z0High;
            if (t >= depth - 1) signal[t - (depth - 1)] = outHigh.GetElement(3);
            if ((t & 63) == 63)
            {
                z1Low = Flush(z1Low, tiny);
                z2Low = Flush(z2Low, tiny);
                z1High = Flush(z1High, tiny);
                z2High = Flush(z2High, tiny);
            }
        }
    }

    private static Vector256<float> Load(ReadOnlySpan<float> values, int at) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

    private static Vector256<float> Flush(Vector256<float> state, Vector256<float> tiny) =>
        Vector256.ConditionalSelect(Vector256.LessThan(Vector256.Abs(state), tiny), Vector256<float>.Zero, state);
}
