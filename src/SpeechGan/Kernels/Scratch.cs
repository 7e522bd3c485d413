using System.Numerics;
using System.Runtime.InteropServices;

namespace SpeechGan.Kernels;

/// <summary>Memory of one part's intermediate results. Every array begins at a cache line: a vector that crosses one costs two
/// loads.</summary>
internal unsafe ref struct Scratch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Line = 64,
        MostArrays = 24;
    private readonly T* memory;
    private readonly T* end;
    private T* next;

    /// <summary>Takes memory for up to 24 arrays; it is not cleared.</summary>
    /// <param name="count">Numbers in all of them.</param>
    public Scratch(long count)
    {
        var bytes = ((count * sizeof(T)) + (MostArrays * Line) + Line - 1) / Line * Line;
        memory = next = (T*)NativeMemory.AlignedAlloc((nuint)bytes, Line);
        end = memory + (bytes / sizeof(T));
    }

    /// <summary>The next array.</summary>
    public T* Take(long count)
    {
        var taken = next;
        next += ((count * sizeof(T)) + Line - 1) / Line * (Line / sizeof(T));
        return next <= end
            ? taken
            : throw new InvalidOperationException($"A kernel's scratch memory is too small by {next - end} numbers.");
    }

    /// <summary>The next array, all 0.</summary>
    public T* TakeZeros(long count)
    {
        var taken = Take(count);
        NativeMemory.Clear(taken, (nuint)(count * sizeof(T)));
        return taken;
    }

    public readonly void Dispose() => NativeMemory.AlignedFree(memory);
}
