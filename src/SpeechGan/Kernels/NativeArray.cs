using System.Numerics;
using System.Runtime.InteropServices;

namespace SpeechGan.Kernels;

/// <summary>Memory that all parts of a kernel's work read, such as packed weights. Begins at a cache line; not cleared.</summary>
internal sealed unsafe class NativeArray<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Line = 64;

    /// <summary>Takes the memory.</summary>
    /// <param name="count">Numbers.</param>
    public NativeArray(long count) => Pointer = (T*)NativeMemory.AlignedAlloc((nuint)(Math.Max(1, count) * sizeof(T)), Line);

    /// <summary>The first number.</summary>
    public T* Pointer { get; }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(Pointer);
}
