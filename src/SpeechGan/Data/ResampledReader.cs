namespace SpeechGan.Data;

/// <summary>
/// The streaming form of <see cref="Resampler.Resample(ReadOnlySpan{float})"/>: the same bits for the same signal. It holds the samples
/// under the filter and one block more.
/// </summary>
internal sealed class ResampledReader(Resampler resampler, ISampleReader source) : ISampleReader
{
    private const int Block = 16_384;

    private readonly float[] window = new float[(2 * resampler.Reach) + Block];
    private long start; // the input sample in the window's first place
    private int held; // samples in the window
    private bool ended; // the window's last sample is the signal's last
    private long next; // the output sample that comes next

    public int SampleRate => resampler.To;

    public int Read(Span<float> samples)
    {
        int filled = 0;
        while (filled < samples.Length)
        {
            long ready = Ready() - next;
            if (ready > 0)
            {
                int take = (int)Math.Min(ready, samples.Length - filled);
                resampler.Compute(next, window.AsSpan(0, held), start, samples.Slice(filled, take));
                next += take;
                filled += take;
            }
            else if (ended)
            {
                break;
            }
            else
            {
                Slide();
            }
        }
        return filled;
    }

    public void Restart()
    {
        source.Restart();
        (start, held, ended, next) = (0, 0, false, 0);
    }

    // The output samples whose inputs are all there. At the signal's end what lies behind it counts as 0, and that is all of them.
    private long Ready() => Resampler.Length(Math.Max(0, start + held - (ended ? 0 : resampler.Reach)), resampler.From, resampler.To);

    private void Slide()
    {
        int passed = (int)Math.Clamp(resampler.FirstInput(next) - start, 0, held);
        window.AsSpan(passed, held - passed).CopyTo(window);
        start += passed;
        held -= passed;
        int count = source.Read(window.AsSpan(held));
        ended = count < window.Length - held;
        held += count;
    }
}
