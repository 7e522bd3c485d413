using System.Diagnostics.CodeAnalysis;
using SpeechGan.Dsp;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>The frames that count (section 11.1 of docs/pesq-algorithm.md): the model runs over 0..<see cref="Last"/>, the score over
/// <see cref="First"/>..Last.</summary>
internal readonly record struct FrameRange(int First, int Last, int SkipStart, int SkipEnd)
{
    private const float Audible = 500f;
    private const int Neighbours = 5;

    internal static FrameRange Find(ReadOnlySpan<float> reference, int longest, RateTable table)
    {
        int most = longest / 2;
        int skipStart = 0;
        while (skipStart < most && Sum(reference, table.Guard + skipStart, 1) < Audible)
            skipStart++;
        int skipEnd = 0,
            rear = longest - table.Guard + table.Tail - 1;
        while (skipEnd < most && Sum(reference, rear - skipEnd, -1) < Audible)
            skipEnd++;
        int last = (longest - 2 * table.Guard + table.Tail - skipEnd) / table.Hop - 1;
        return new FrameRange(skipStart / table.Hop, last, skipStart, skipEnd);
    }

    [ExcludeFromCodeCoverage(Justification = Fft.WhyNotCounted)]
    private static float Sum(ReadOnlySpan<float> signal, int at, int direction)
    {
        float sum = 0;
        for (int j = 0; j < Neighbours; j++)
            sum += Math.Abs(signal[at + direction * j]);
        return sum;
    }
}
