using SpeechGan.Data;

namespace SpeechGan.Evaluation;

/// <summary>
/// The streaming form of <see cref="Enhancer.Enhance(ReadOnlySpan{float})"/>: the same pieces, the same cross-fade, the same bits. It holds
/// one piece of the noisy signal and one of the enhanced.
/// </summary>
internal sealed class EnhancedReader : ISampleReader
{
    private readonly Enhancer enhancer;
    private readonly ISampleReader source;
    private readonly int overlap;
    private readonly CancellationToken stop;
    private readonly long samples;
    private readonly double power;
    private readonly float[] noisy,
        enhanced;
    private readonly Func<IEnumerator<(long Start, int Length, int FadeIn)>> begin;
    private IEnumerator<(long Start, int Length, int FadeIn)> pieces;
    private int length; // of the piece that is held; 0 before the first
    private int next,
        settled; // of its enhanced samples: the one to hand out next, and the end of those that no later piece changes

    /// <summary>Reads the signal through once, for its power, and stands at its beginning.</summary>
    internal EnhancedReader(Enhancer enhancer, ISampleReader source, int longestPiece, int overlap, CancellationToken stop)
    {
        if (source.SampleRate != RunConfig.SampleRate)
            throw new ArgumentException(
                $"The signal has {source.SampleRate} samples a second; {RunConfig.SampleRate} are enhanced.",
                nameof(source)
            );
        (this.enhancer, this.source, this.overlap, this.stop) = (enhancer, source, overlap, stop);
        var block = new float[Math.Min(longestPiece, 16_384)];
        for (int count; (count = source.Read(block)) > 0; samples += count)
        {
            stop.ThrowIfCancellationRequested();
            power = Enhancer.AddPower(power, block.AsSpan(0, count), samples);
        }
        if (samples == 0)
            throw new ArgumentException("There is no sample to enhance.", nameof(source));
        var held = (int)Math.Min(samples, longestPiece);
        (noisy, enhanced) = (new float[held], new float[held]);
        begin = () => Enhancer.Pieces(samples, longestPiece, overlap).GetEnumerator();
        pieces = begin();
        source.Restart();
    }

    public int SampleRate => source.SampleRate;

    public int Read(Span<float> samples)
    {
        var filled = 0;
        while (filled < samples.Length && (next < settled || NextPiece()))
        {
            var take = Math.Min(settled - next, samples.Length - filled);
            enhanced.AsSpan(next, take).CopyTo(samples[filled..]);
            next += take;
            filled += take;
        }
        return filled;
    }

    public void Restart()
    {
        source.Restart();
        pieces = begin();
        (length, next, settled) = (0, 0, 0);
    }

    private bool NextPiece()
    {
        if (!pieces.MoveNext())
            return false;
        stop.ThrowIfCancellationRequested();
        var (start, pieceLength, fadeIn) = pieces.Current;
        // A piece begins with the last samples of the one before.
        noisy.AsSpan(length - fadeIn, fadeIn).CopyTo(noisy);
        enhanced.AsSpan(length - fadeIn, fadeIn).CopyTo(enhanced);
        enhanced.AsSpan(fadeIn).Clear();
        length = pieceLength;
        if (source.Read(noisy.AsSpan(fadeIn, length - fadeIn)) < length - fadeIn)
            throw new InvalidOperationException($"The signal had {samples} samples when it was read first, and has fewer now.");
        var last = start + length == samples;
        if (power > 0) // digital silence stays silence
            enhancer.AddPiece(noisy.AsSpan(0, length), Enhancer.Factor(samples, power), fadeIn, enhanced.AsSpan(0, length));
        (next, settled) = (0, last ? length : length - overlap);
        return true;
    }
}
