using System.Numerics;
using System.Runtime.InteropServices;
using SpeechGan.Kernels.Lanes;
using static TorchSharp.torch;

namespace SpeechGan.Kernels;

/// <summary>A gradient as every part sums its own, added up in the parts' order.</summary>
internal sealed unsafe class PartialSums<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int parts;
    private readonly long count,
        stride;
    private readonly T* memory;

    /// <summary>All sums are 0.</summary>
    /// <param name="parts">Parts of the work.</param>
    /// <param name="count">Numbers in the gradient.</param>
    public PartialSums(int parts, long count)
    {
        // Parts do not share a cache line.
        (this.parts, this.count, stride) = (parts, count, (count + 31) / 16 * 16);
        memory = (T*)NativeMemory.AlignedAlloc((nuint)(parts * stride * sizeof(T)), 64);
        NativeMemory.Clear(memory, (nuint)(parts * stride * sizeof(T)));
    }

    /// <summary>One part's sums.</summary>
    public T* Of(int part) => memory + (part * stride);

    /// <summary>The sum over the parts.</summary>
    public void Total(T* to)
    {
        long i = 0;
        for (; i + Lanes256<T>.Count <= count; i += Lanes256<T>.Count)
        {
            var sum = Lanes256<T>.Load(memory + i);
            for (var part = 1; part < parts; part++)
                sum += Lanes256<T>.Load(memory + (part * stride) + i);
            Lanes256<T>.Store(to + i, sum);
        }
        for (; i < count; i++)
        {
            var sum = memory[i];
            for (var part = 1; part < parts; part++)
                sum += memory[(part * stride) + i];
            to[i] = sum;
        }
    }

    /// <summary>The sum over the parts as a tensor.</summary>
    public Tensor Total(params long[] shape)
    {
        var total = TensorMemory.Empty<T>(shape);
        Total(TensorMemory.Pointer<T>(total));
        return total;
    }

    public void Dispose() => NativeMemory.AlignedFree(memory);
}
