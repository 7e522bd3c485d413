using System.Numerics;
using SpeechGan.Kernels.Lanes;

namespace SpeechGan.Kernels;

/// <summary>The second factor of matrix products, packed once for all of them: a weight.</summary>
internal sealed unsafe class PackedMatrix<L, T, V> : IDisposable
    where L : struct, ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    private readonly NativeArray<T> memory;
    private readonly long k,
        n;

    private PackedMatrix(long k, long n, T* b, long row, long step)
    {
        (this.k, this.n) = (k, n);
        memory = new NativeArray<T>(MatrixProduct<L, T, V>.Packed(k, n));
        MatrixProduct<L, T, V>.Pack(k, n, b, row, step, memory.Pointer);
    }

    /// <summary>b as it lies, `[k, n]`.</summary>
    public static PackedMatrix<L, T, V> Of(long k, long n, T* b) => new(k, n, b, n, 1);

    /// <summary>b transposed: the memory is `[n, k]`, as linear layers hold their weights.</summary>
    public static PackedMatrix<L, T, V> OfTransposed(long k, long n, T* b) => new(k, n, b, 1, k);

    /// <summary>c = a b, or c += a b.</summary>
    /// <param name="m">Rows of a and c.</param>
    /// <param name="a">First number of a.</param>
    /// <param name="row">Distance of a's rows; a row's numbers follow each other.</param>
    /// <param name="c">First number of c.</param>
    /// <param name="stride">Distance of c's rows.</param>
    /// <param name="add">Adds to c.</param>
    public void Multiply(long m, T* a, long row, T* c, long stride, bool add = false) =>
        MatrixProduct<L, T, V>.Multiply(m, n, k, a, row, 1, memory.Pointer, add, c, stride);

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
