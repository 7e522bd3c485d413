using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using SpeechGan.Distributed;

namespace SpeechGan.Workflows;

/// <summary>Signals that ranks made and rank 0 alone writes: it is the only one whose disk need be the user's. A process alone writes each
/// as it comes.</summary>
/// <param name="group">The ranks.</param>
/// <param name="write">Writes one, on any thread.</param>
internal sealed class SharedFiles(IProcessGroup group, Action<string, float[]> write)
{
    private readonly ConcurrentQueue<(string Name, float[] Samples)> mine = new();

    /// <summary>Takes a signal, on any thread.</summary>
    public void Keep(string name, float[] samples)
    {
        if (group.Size == 1)
            write(name, samples);
        else
            mine.Enqueue((name, samples));
    }

    /// <summary>Gives all signals to rank 0, one of each rank at a time, so that no rank holds all of them twice.</summary>
    public void OnFirst()
    {
        if (group.Size == 1)
            return;
        group.Doing = "handing enhanced signals to rank 0";
        for (var rounds = group.Share(mine.Count).Max(); rounds > 0; rounds--)
        {
            var (name, samples) = mine.TryDequeue(out var next) ? next : ("", []);
            var names = group.Share(name);
            var signals = group.Gather(MemoryMarshal.AsBytes<float>(samples));
            group.Together(() =>
            {
                for (var rank = 0; group.Rank == 0 && rank < names.Length; rank++)
                    if (names[rank].Length > 0)
                        write(names[rank], MemoryMarshal.Cast<byte, float>(signals[rank]).ToArray());
            });
        }
    }
}
