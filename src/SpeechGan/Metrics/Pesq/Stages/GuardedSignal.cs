namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// A signal between its guards (section 3 of docs/pesq-algorithm.md): G zeros, the samples, G zeros, T zeros. The buffer may be longer than
/// this signal needs, so that both signals of a pair have the length that the perceptual model wants (section 11).
/// </summary>
internal sealed class GuardedSignal
{
    internal GuardedSignal(ReadOnlySpan<float> normalised, RateTable table, int bufferLength)
    {
        Count = normalised.Length;
        Length = Count + 2 * table.Guard;
        Buffer = new float[bufferLength];
        normalised.CopyTo(Buffer.AsSpan(table.Guard));
    }

    /// <summary>Samples of the input (n).</summary>
    internal int Count { get; }

    /// <summary>Samples with both guards (N).</summary>
    internal int Length { get; }

    /// <summary>Guards, samples and tail.</summary>
    internal float[] Buffer { get; }
}
