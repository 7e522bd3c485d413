using SpeechGan.Dsp;

namespace SpeechGan.Data;

/// <summary>Which part of a clip is taken.</summary>
public enum CutPolicy
{
    /// <summary>A start drawn uniformly, both ends included: for training.</summary>
    Random,

    /// <summary>The middle: a function of the file alone, for validation and test.</summary>
    Center,

    /// <summary>The whole clip, whatever its length.</summary>
    Full,
}

/// <summary>Takes cuts of a fixed length out of clips; the same place of the clean and the noisy side.</summary>
/// <remarks>
/// A clip shorter than the cut is repeated: cut / length whole times, then its first cut mod length samples, as
/// CMGAN's trainer does.
/// </remarks>
public sealed record CutSampler
{
    private static readonly ulong stream = CounterRandom.Stream("cut");

    /// <summary>Makes a sampler.</summary>
    /// <param name="policy">Which part is taken.</param>
    /// <param name="samples">The cut's length in samples; of no meaning for <see cref="CutPolicy.Full"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    public CutSampler(CutPolicy policy, int samples)
    {
        if (policy != CutPolicy.Full)
            ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        Policy = policy;
        Samples = samples;
    }

    /// <summary>Which part is taken.</summary>
    public CutPolicy Policy { get; }

    /// <summary>The cut's length in samples.</summary>
    public int Samples { get; }

    /// <summary>The first sample of the cut. 0 for clips that are not longer than the cut.</summary>
    /// <param name="length">The clip's length in samples.</param>
    /// <param name="seed">The run's seed; only <see cref="CutPolicy.Random"/> looks at it.</param>
    /// <param name="epoch">The epoch; likewise.</param>
    /// <param name="item">The item's index; likewise.</param>
    public int Start(int length, long seed, long epoch, long item)
    {
        if (Policy == CutPolicy.Full || length <= Samples)
            return 0;
        return Policy == CutPolicy.Center
            ? CenterStart(length, Samples)
            : CounterRandom.Below(length - Samples + 1, seed, stream, epoch, item);
    }

    /// <summary>The number of samples that a cut of this clip has.</summary>
    public int Length(int clipLength) => Policy == CutPolicy.Full ? clipLength : Samples;

    /// <summary>The first sample of the centre cut, (length - cut) / 2 in integers; 0 where the clip is not longer than the cut.</summary>
    public static int CenterStart(int length, int cut) => length <= cut ? 0 : (length - cut) / 2;

    /// <summary>The centre cut of a clip: a function of its samples and the length alone.</summary>
    /// <param name="clip">The clip, at least one sample.</param>
    /// <param name="samples">The cut's length in samples.</param>
    public static float[] Center(ReadOnlySpan<float> clip, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var cut = new float[samples];
        Fill(clip, CenterStart(clip.Length, samples), cut);
        return cut;
    }

    /// <summary>Copies the cut that begins at <paramref name="start"/>, repeating a clip that is too short.</summary>
    /// <param name="clip">The clip, at least one sample.</param>
    /// <param name="start">From <see cref="Start"/>.</param>
    /// <param name="destination">Receives the cut; its length is the cut's length.</param>
    public static void Fill(ReadOnlySpan<float> clip, int start, Span<float> destination)
    {
        if (clip.IsEmpty)
            throw new ArgumentException("An empty clip has no cut.", nameof(clip));
        if (clip.Length >= destination.Length)
        {
            clip.Slice(start, destination.Length).CopyTo(destination);
            return;
        }
        for (int done = 0; done < destination.Length; )
        {
            int take = Math.Min(clip.Length, destination.Length - done);
            clip[..take].CopyTo(destination[done..]);
            done += take;
        }
    }
}
