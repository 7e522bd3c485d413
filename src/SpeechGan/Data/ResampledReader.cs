namespace SpeechGan.Data;

/// <summary>
/// The streaming form of <see cref="Resampler.Resample(ReadOnlySpan{float})"/>: the same bits for the same signal. It holds the samples
/// under the filter and one block more.
/// </summary>
internal sealed class ResampledReader(Resampler resampler, ISampleReader source) : ISampleReader
{
    private const int Block = 16_384;

    private readonly float[] _window = new float[(2 * resampler.Reach) + Block];
    private long _start; // the input sample in the window's first place
    private int _held; // samples in the window
    private bool _ended; // the window's last sample is the signal's last
    private long _next; // the output sample that comes next

    public int SampleRate => resampler.To;

    public int Read(Span<float> samples)
    {
        int filled = 0;
        while (filled < samples.Length)
        {
            long ready = Ready() - _next;
            if (ready > 0)
            {
                int take = (int)Math.Min(ready, samples.Length - filled);
                resampler.Compute(_next, _window.AsSpan(0, _held), _start, samples.Slice(filled, take));
                _next += take;
                filled += take;
            }
            else if (_ended)
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
        (_start, _held, _ended, _next) = (0, 0, false, 0);
    }

    // The output samples whose inputs are all there. At the signal's end what lies behind it counts as 0, and that is all of them.
    private long Ready() => Resampler.Length(Math.Max(0, _start + _held - (_ended ? 0 : resampler.Reach)), resampler.From, resampler.To);

    private void Slide()
    {
        int passed = (int)Math.Clamp(resampler.FirstInput(_next) - _start, 0, _held);
        _window.AsSpan(passed, _held - passed).CopyTo(_window);
        _start += passed;
        _held -= passed;
        int count = source.Read(_window.AsSpan(_held));
        _ended = count < _window.Length - _held;
        _held += count;
    }
}
