using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace SpeechGan.Tools.Fuzz;

/// <summary>Which branches of the instrumented assemblies an execution took, and how often in powers of two: what SharpFuzz's code writes,
/// as AFL reads it.</summary>
internal sealed unsafe class Coverage
{
    private const int Size = 1 << 16;

    // Lives as long as the process: instrumented code runs to its end.
    private readonly byte* map = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] seen = new byte[Size];

    public Coverage() => Trace.SharedMem = map;

    /// <summary>Branches met so far.</summary>
    public int Branches => seen.Count(s => s != 0);

    /// <summary>Forgets the last execution.</summary>
    public void Begin()
    {
        new Span<byte>(map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether the execution since <see cref="Begin"/> did something new.</summary>
    public bool IsNew()
    {
        var found = false;
        var now = new ReadOnlySpan<ulong>(map, Size / 8);
        for (var word = 0; word < now.Length; word++)
        {
            if (now[word] == 0)
                continue;
            for (var i = 8 * word; i < 8 * (word + 1); i++)
            {
                var bucket =
                    map[i] == 0 ? 0 : 1 << Math.Min(7, 8 * sizeof(uint) - 1 - System.Numerics.BitOperations.LeadingZeroCount(map[i]));
                if ((seen[i] | bucket) == seen[i])
                    continue;
                seen[i] |= (byte)bucket;
                found = true;
            }
        }
        return found;
    }
}
