using System.Collections.Concurrent;

namespace SpeechGan.Metrics.PesqStages;

/// <summary>
/// Spectra of frames of one signal by where they start (section 9.2 of docs/pesq-algorithm.md). Each is a function of its start alone, so
/// it does not matter which thread puts it here, and beyond <see cref="Most"/> frames (8 MiB at 16 kHz) they are not kept.
/// </summary>
internal sealed class FrameSpectra
{
    private const int Most = 1024;

    private readonly ConcurrentDictionary<int, (double[] Real, double[] Imaginary)> known = new();
    private int count; // of the dictionary, whose own count takes all its locks

    internal bool TryGet(int start, out (double[] Real, double[] Imaginary) spectrum) => known.TryGetValue(start, out spectrum);

    /// <summary>Keeps a copy, as long as there is room.</summary>
    internal void Keep(int start, double[] real, double[] imaginary)
    {
        if (Volatile.Read(ref count) >= Most)
            return;
        if (known.TryAdd(start, ([.. real], [.. imaginary])))
            Interlocked.Increment(ref count);
    }
}
