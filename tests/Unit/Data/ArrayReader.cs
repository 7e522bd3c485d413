using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

/// <summary>A signal in memory, handed out in blocks; it counts how much is asked for at once.</summary>
internal sealed class ArrayReader(float[] samples, int rate) : ISampleReader
{
    private int position;

    public int SampleRate => rate;

    public int LargestRead { get; private set; }

    public int Read(Span<float> block)
    {
        LargestRead = Math.Max(LargestRead, block.Length);
        int count = Math.Min(block.Length, samples.Length - position);
        samples.AsSpan(position, count).CopyTo(block);
        position += count;
        return count;
    }

    public void Restart() => position = 0;
}
