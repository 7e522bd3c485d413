using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// Second-order sections in single precision, every operation rounded, left to right (sections 5 and 6 of docs/pesq-algorithm.md): the
/// rounding noise is part of the score (section 18). No fused multiply-add anywhere.
/// </summary>
internal static class SecondOrderFilter
{
    private const int Depth = 12;

    // Below this a state is filter tail on its way to denormals, which are slow on some CPUs and do not move a score (section 18).
    private const float Vanishing = 1e-30f;

    /// <summary>One section over <paramref name="signal"/>, in place, from zero state.</summary>
    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    internal static void Apply(in SecondOrderSection section, Span<float> signal)
    {
        float b0 = section.B0,
            b1 = section.B1,
            b2 = section.B2,
            a1 = section.A1,
            a2 = section.A2;
        float z1 = 0,
            z2 = 0;
        for (int i = 0; i < signal.Length; i++)
        {
            float z0 = signal[i] - a1 * z1 - a2 * z2;
            signal[i] = b0 * z0 + b1 * z1 + b2 * z2;
            z2 = z1;
            z1 = z0;
        }
    }

    /// <summary>
    /// A cascade of up to 12 sections over two signals, in place, from zero state. The sections run side by side in vector lanes, section
    /// k on sample t - k at step t, with the same operations on every sample as one section after the other; the two signals
    /// only take turns, so that one's latency hides the other's.
    /// </summary>
    internal static void ApplyCascade(ReadOnlySpan<SecondOrderSection> sections, Span<float> one, Span<float> other)
    {
        if (one.Length < other.Length)
        {
            ApplyCascade(sections, other, one);
            return;
        }

        var coefficients = new Coefficients(sections);
        State first = default,
            second = default;
        int t = Run(coefficients, ref first, one, ref second, other);
        Finish(coefficients, ref second, other, t);
        for (; t < one.Length; t++)
            first.Step(coefficients, one[t], one, t);
        Finish(coefficients, ref first, one, t);
    }

    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static int Run(in Coefficients coefficients, ref State firstState, Span<float> one, ref State secondState, Span<float> other)
    {
        State first = firstState,
            second = secondState; // locals stay in registers
        int t = 0;
        for (; t < other.Length; t++)
        {
            first.Step(coefficients, one[t], one, t);
            second.Step(coefficients, other[t], other, t);
        }

        firstState = first;
        secondState = second;
        return t;
    }

    // What is still in the pipeline when the samples have ended.
    private static void Finish(in Coefficients coefficients, ref State state, Span<float> signal, int t)
    {
        for (; t < signal.Length + Depth - 1; t++)
            state.Step(coefficients, 0f, signal, t);
    }

    private readonly struct Coefficients
    {
        internal readonly Vector256<float> B0Low,
            B1Low,
            B2Low,
            A1Low,
            A2Low,
            B0High,
            B1High,
            B2High,
            A1High,
            A2High;

        internal Coefficients(ReadOnlySpan<SecondOrderSection> sections)
        {
            if (sections.Length > Depth)
                throw new ArgumentException($"{sections.Length} sections; at most {Depth} run side by side.", nameof(sections));
            B0Low = B0High = Vector256<float>.One; // an unused lane hands its input on unchanged
            for (int k = 0; k < sections.Length; k++)
            {
                SecondOrderSection s = sections[k];
                if (k < 8)
                    Put(k, s, ref B0Low, ref B1Low, ref B2Low, ref A1Low, ref A2Low);
                else
                    Put(k - 8, s, ref B0High, ref B1High, ref B2High, ref A1High, ref A2High);
            }
        }

        private static void Put(
            int lane,
            SecondOrderSection s,
            ref Vector256<float> b0,
            ref Vector256<float> b1,
            ref Vector256<float> b2,
            ref Vector256<float> a1,
            ref Vector256<float> a2
        )
        {
            b0 = b0.WithElement(lane, s.B0);
            b1 = b1.WithElement(lane, s.B1);
            b2 = b2.WithElement(lane, s.B2);
            a1 = a1.WithElement(lane, s.A1);
            a2 = a2.WithElement(lane, s.A2);
        }
    }

    private struct State
    {
        private Vector256<float> z1Low,
            z2Low,
            z1High,
            z2High,
            passedLow,
            passedHigh;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
        internal void Step(in Coefficients c, float sample, Span<float> output, int t)
        {
            Vector256<float> first = Vector256.Create(-1, 0, 0, 0, 0, 0, 0, 0).AsSingle();
            Vector256<int> rotation = Vector256.Create(7, 0, 1, 2, 3, 4, 5, 6);
            Vector256<float> inLow = Vector256.ConditionalSelect(first, Vector256.Create(sample), passedLow);
            Vector256<float> inHigh = Vector256.ConditionalSelect(first, passedLow, passedHigh);
            Vector256<float> z0Low = inLow - c.A1Low * z1Low - c.A2Low * z2Low;
            Vector256<float> z0High = inHigh - c.A1High * z1High - c.A2High * z2High;
            Vector256<float> outLow = c.B0Low * z0Low + c.B1Low * z1Low + c.B2Low * z2Low;
            Vector256<float> outHigh = c.B0High * z0High + c.B1High * z1High + c.B2High * z2High;
            passedLow = Vector256.Shuffle(outLow, rotation);
            passedHigh = Vector256.Shuffle(outHigh, rotation);
            z2Low = z1Low;
            z2High = z1High;
            z1Low = z0Low;
            z1High = z0High;
            if (t >= Depth - 1)
                output[t - (Depth - 1)] = outHigh.GetElement(3);
            if ((t & 63) == 63)
                Flush();
        }

        // Inlined, or the state's address would escape and it would live in memory.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Flush()
        {
            z1Low = Flushed(z1Low);
            z2Low = Flushed(z2Low);
            z1High = Flushed(z1High);
            z2High = Flushed(z2High);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector256<float> Flushed(Vector256<float> state) =>
            Vector256.ConditionalSelect(
                Vector256.LessThan(Vector256.Abs(state), Vector256.Create(Vanishing)),
                Vector256<float>.Zero,
                state
            );
    }
}
