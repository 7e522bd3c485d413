using System.Runtime.InteropServices;

namespace SpeechGan.Distributed.Mpi;

/// <summary>
/// Memory that MPI may write to at any time until a request is complete. It is not a tensor's and not the garbage collector's: after a
/// deadline has passed it is left alone, until the process ends.
/// </summary>
internal sealed unsafe class NativeBuffer
{
    // Of a cache line: vectors and copies of the library's are aligned.
    private const nuint Alignment = 64;

    private nuint capacity;

    /// <summary>The first byte.</summary>
    public byte* Pointer { get; private set; }

    /// <summary>Makes room; what was in it is lost.</summary>
    /// <param name="length">Bytes.</param>
    public NativeBuffer Fit(long length)
    {
        var wanted = Math.Max((nuint)length, Alignment);
        if (wanted > capacity)
        {
            NativeMemory.AlignedFree(Pointer);
            Pointer = (byte*)NativeMemory.AlignedAlloc(wanted, Alignment);
            capacity = wanted;
        }
        return this;
    }

    /// <summary>A part of it.</summary>
    public Span<byte> Span(long first, int length) => new(Pointer + first, length);

    /// <summary>Gives the memory back: no request uses it any more.</summary>
    public void Free()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        capacity = 0;
    }
}
