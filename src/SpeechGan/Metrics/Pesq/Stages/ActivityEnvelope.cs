using System.Diagnostics.CodeAnalysis;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// Activity of a signal in windows of 4 ms (section 7 of docs/pesq-algorithm.md). <see cref="Activity"/> is positive where there is speech
/// and 0 elsewhere; <see cref="LogEnvelope"/> is the logarithm of its ratio to the noise threshold.
/// </summary>
internal sealed class ActivityEnvelope
{
    private const int ThresholdRounds = 12;
    private const int ShortestRun = 4;
    private const int LongestGap = 50;

    private ActivityEnvelope(double[] activity, double[] logEnvelope)
    {
        Activity = activity;
        LogEnvelope = logEnvelope;
    }

    internal double[] Activity { get; }

    internal double[] LogEnvelope { get; }

    internal int Windows => Activity.Length;

    /// <summary>Activity of a window; 0 outside the signal.</summary>
    internal double At(int window) => (uint)window < (uint)Activity.Length ? Activity[window] : 0.0;

    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    internal static ActivityEnvelope Measure(ReadOnlySpan<float> alignmentSignal, int guardedLength, int window)
    {
        double[] power = new double[guardedLength / window];
        for (int k = 0; k < power.Length; k++)
        {
            double sum = 0;
            foreach (float x in alignmentSignal.Slice(k * window, window))
                sum += (double)x * x;
            power[k] = sum / window;
        }

        return FromPowers(power);
    }

    /// <summary>Steps 2 to 12 of section 7 on the mean powers of the windows, which are overwritten.</summary>
    internal static ActivityEnvelope FromPowers(double[] e)
    {
        (double threshold, double floor) = Threshold(e);
        threshold = MarkSpeech(e, threshold, floor, out double speech, out double noise);
        DropShortRuns(e);
        if (speech >= 1000 * noise)
            DropFaintRuns(e, threshold);
        CloseGaps(e, floor);
        if (!HasSpeech(e))
        {
            for (int k = 0; k < e.Length; k++)
                e[k] = Math.Abs(e[k]);
            e[0] = e[^1] = -floor;
        }

        SoftenEdges(e);
        for (int k = 0; k < e.Length; k++)
            e[k] = Math.Max(e[k], 0.0);
        if (threshold <= 0)
            threshold = floor;
        double[] logEnvelope = new double[e.Length];
        for (int k = 0; k < e.Length; k++)
        {
            if (e[k] > threshold)
                logEnvelope[k] = PortableMath.Log(e[k] / threshold);
        }

        return new ActivityEnvelope(e, logEnvelope);
    }

    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static (double Threshold, double Floor) Threshold(double[] e)
    {
        double sum = 0,
            max = 0;
        foreach (double x in e)
        {
            sum += x;
            if (x > max)
                max = x;
        }

        double threshold = sum / e.Length; // taken before the floor is applied
        double floor = max > 0 ? 1e-4 * max : 1.0;
        for (int k = 0; k < e.Length; k++)
            e[k] = Math.Max(e[k], floor);

        for (int round = 0; round < ThresholdRounds; round++)
        {
            double total = 0;
            int count = 0;
            foreach (double x in e)
            {
                if (x > threshold)
                    continue;
                total += x;
                count++;
            }

            double mean = 0,
                deviation = 0;
            if (count > 0)
            {
                mean = total / count;
                double squares = 0;
                foreach (double x in e)
                {
                    if (x <= threshold)
                        squares += (x - mean) * (x - mean);
                }

                deviation = Math.Sqrt(squares / count);
            }

            threshold = 1.001 * (mean + 2 * deviation);
        }

        return (threshold, floor);
    }

    // Steps 4 and 5: noise becomes negative.
    private static double MarkSpeech(double[] e, double threshold, double floor, out double speech, out double noise)
    {
        double speechSum = 0,
            noiseSum = 0;
        int speechCount = 0;
        foreach (double x in e)
        {
            if (x > threshold)
            {
                speechSum += x;
                speechCount++;
            }
            else
            {
                noiseSum += x;
            }
        }

        speech = speechCount > 0 ? speechSum / speechCount : 0;
        noise = speechCount < e.Length ? noiseSum / (e.Length - speechCount) : 1;
        if (speechCount == 0)
            threshold = -1;
        for (int k = 0; k < e.Length; k++)
        {
            if (e[k] <= threshold)
                e[k] = -e[k];
        }

        e[0] = e[^1] = -floor;
        return threshold;
    }

    private static void DropShortRuns(double[] e)
    {
        for (int s = 0; NextRun(e, ref s, out int end); s = end)
        {
            if (end - s <= ShortestRun)
                Negate(e, s, end);
        }
    }

    private static void DropFaintRuns(double[] e, double threshold)
    {
        for (int s = 0; NextRun(e, ref s, out int end); s = end)
        {
            double sum = 0;
            for (int k = s; k < end; k++)
                sum += e[k];
            if (sum < 3 * threshold * (end - s))
                Negate(e, s, end);
        }
    }

    private static void CloseGaps(double[] e, double floor)
    {
        int s = 0;
        if (!NextRun(e, ref s, out int end))
            return;
        for (int next = end; NextRun(e, ref next, out int nextEnd); next = nextEnd)
        {
            if (next - end <= LongestGap)
                e.AsSpan(end, next - end).Fill(floor);
            end = nextEnd;
        }
    }

    private static bool HasSpeech(double[] e)
    {
        int s = 0;
        return NextRun(e, ref s, out _);
    }

    // Step 10. The cursor's jumps are part of the definition.
    private static void SoftenEdges(double[] e)
    {
        for (int k = 3; k < e.Length - 2; k++)
        {
            if (e[k] > 0 && e[k - 2] <= 0)
            {
                e[k - 2] = 0.1 * e[k];
                e[k - 1] = 0.3 * e[k];
                k++;
            }

            if (e[k] <= 0 && e[k - 1] > 0)
            {
                e[k] = 0.3 * e[k - 1];
                e[k + 1] = 0.1 * e[k - 1];
                k += 3;
            }
        }
    }

    // The next stretch of positive values that starts at or after `start`.
    private static bool NextRun(double[] e, ref int start, out int end)
    {
        while (start < e.Length && e[start] <= 0)
            start++;
        end = start;
        while (end < e.Length && e[end] > 0)
            end++;
        return start < end;
    }

    private static void Negate(double[] e, int start, int end)
    {
        for (int k = start; k < end; k++)
            e[k] = -e[k];
    }
}
