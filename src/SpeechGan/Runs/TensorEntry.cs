using System.Runtime.InteropServices;

namespace SpeechGan.Runs;

/// <summary>Number types of stored tensors; the words are safetensors' own.</summary>
public enum TensorType
{
    /// <summary>Truth values, a byte each.</summary>
    Bool,

    /// <summary>Unsigned bytes.</summary>
    U8,

    /// <summary>32-bit integers.</summary>
    I32,

    /// <summary>64-bit integers.</summary>
    I64,

    /// <summary>16-bit floats.</summary>
    F16,

    /// <summary>Brain floats.</summary>
    BF16,

    /// <summary>32-bit floats.</summary>
    F32,

    /// <summary>64-bit floats.</summary>
    F64,
}

/// <summary>A tensor as stored: type, shape and raw little-endian bytes, row-major. No tensor engine is needed to hold it.</summary>
public sealed class TensorEntry
{
    private readonly long[] shape;

    /// <summary>Wraps bytes, which are not copied and must not change afterwards.</summary>
    /// <exception cref="ArgumentException">The number of bytes is not that of type and shape.</exception>
    public TensorEntry(TensorType type, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes)
    {
        var expected = ByteLength(type, shape);
        if (expected != bytes.Length)
            throw new ArgumentException(
                $"{type} [{string.Join(", ", shape.ToArray())}] takes {expected?.ToString() ?? "too many"} bytes; {bytes.Length} were "
                    + $"given.",
                nameof(bytes)
            );

        (Type, this.shape, Bytes) = (type, shape.ToArray(), bytes);
    }

    /// <summary>Number type.</summary>
    public TensorType Type { get; }

    /// <summary>Sizes of the axes; empty for a scalar.</summary>
    public ReadOnlySpan<long> Shape => shape;

    /// <summary>Raw little-endian bytes, row-major.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Number of elements.</summary>
    public long Count => Bytes.Length / Width(Type);

    /// <summary>A tensor of 32-bit floats.</summary>
    public static TensorEntry Of(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        new(TensorType.F32, shape, LittleEndian(values));

    /// <summary>A tensor of 64-bit floats.</summary>
    public static TensorEntry Of(ReadOnlySpan<double> values, params ReadOnlySpan<long> shape) =>
        new(TensorType.F64, shape, LittleEndian(values));

    /// <summary>A tensor of 64-bit integers.</summary>
    public static TensorEntry Of(ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) =>
        new(TensorType.I64, shape, LittleEndian(values));

    /// <summary>The values of an <see cref="TensorType.F32"/> tensor.</summary>
    /// <exception cref="InvalidOperationException">It has another type.</exception>
    public float[] ToSingles() => Values<float>(TensorType.F32);

    /// <summary>The values of an <see cref="TensorType.F64"/> tensor.</summary>
    /// <exception cref="InvalidOperationException">It has another type.</exception>
    public double[] ToDoubles() => Values<double>(TensorType.F64);

    /// <summary>The values of an <see cref="TensorType.I64"/> tensor.</summary>
    /// <exception cref="InvalidOperationException">It has another type.</exception>
    public long[] ToInt64s() => Values<long>(TensorType.I64);

    /// <summary>Bytes of one element.</summary>
    public static int Width(TensorType type) =>
        type switch
        {
            TensorType.Bool or TensorType.U8 => 1,
            TensorType.F16 or TensorType.BF16 => 2,
            TensorType.I32 or TensorType.F32 => 4,
            _ => 8,
        };

    /// <summary>Bytes of a tensor, or null where an axis is negative or the product overflows.</summary>
    internal static long? ByteLength(TensorType type, ReadOnlySpan<long> shape)
    {
        Int128 bytes = Width(type);
        foreach (var axis in shape)
        {
            bytes *= axis;
            if (axis < 0 || bytes > long.MaxValue)
                return null;
        }

        return (long)bytes;
    }

    private static byte[] LittleEndian<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        return BitConverter.IsLittleEndian
            ? bytes
            : throw new PlatformNotSupportedException("Tensors are stored little-endian; this machine is not.");
    }

    private T[] Values<T>(TensorType type)
        where T : unmanaged
    {
        if (Type != type)
            throw new InvalidOperationException($"The tensor holds {Type}, not {type}.");

        return BitConverter.IsLittleEndian
            ? MemoryMarshal.Cast<byte, T>(Bytes.Span).ToArray()
            : throw new PlatformNotSupportedException("Tensors are stored little-endian; this machine is not.");
    }
}
