using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>An argument or result as the shim sees it: 16 bytes, mirrored there.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Value
{
    internal ValueKind Kind;
    internal int Count;
    internal long Bits;
}

/// <summary>What a <see cref="Value"/> holds; the order is the shim's.</summary>
internal enum ValueKind { None, Tensor, Int, Float, Bool, Text, Ints, Tensors, Device }

/// <summary>One argument of an operator, made by implicit conversion so that a call reads like the operator's schema.</summary>
internal readonly struct Arg
{
    internal readonly Value Value;
    internal readonly object? Owner;  // keeps handles and arrays alive over the call

    private Arg(ValueKind kind, long bits, object? owner = null, int count = 0) =>
        (Value, Owner) = (new Value { Kind = kind, Bits = bits, Count = count }, owner);

    public static implicit operator Arg(torch.Tensor? t) => t is null ? default : new(ValueKind.Tensor, t.Handle, t);
    public static implicit operator Arg(int i) => new(ValueKind.Int, i);
    public static implicit operator Arg(long i) => new(ValueKind.Int, i);
    public static implicit operator Arg(long? i) => i is { } v ? v : default(Arg);
    public static implicit operator Arg(double d) => new(ValueKind.Float, BitConverter.DoubleToInt64Bits(d));
    public static implicit operator Arg(bool b) => new(ValueKind.Bool, b ? 1 : 0);
    public static implicit operator Arg(bool? b) => b is { } v ? v : default(Arg);
    public static implicit operator Arg(string s)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(s);
        return new(ValueKind.Text, 0, bytes, bytes.Length);
    }
    public static implicit operator Arg(long[] l) => new(ValueKind.Ints, 0, l, l.Length);
    public static implicit operator Arg(torch.Tensor[] l) => new(ValueKind.Tensors, 0, l, l.Length);
    public static implicit operator Arg(Scalar? s) => s is null ? default : s.IsFloat ? (Arg)s.AsDouble : s.AsLong;
    public static implicit operator Arg(torch.ScalarType type) => new(ValueKind.Int, (long)type);
    public static implicit operator Arg(torch.ScalarType? type) => type is { } v ? v : default(Arg);
    public static implicit operator Arg(torch.Device? d) => d is null ? default : new(ValueKind.Device, (long)d.type, d, d.index);
}
