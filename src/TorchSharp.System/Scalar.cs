namespace TorchSharp;

/// <summary>A number given to an operator: a whole number or a float, as written.</summary>
public sealed class Scalar
{
    private Scalar(double d, long l, bool isFloat) => (AsDouble, AsLong, IsFloat) = (d, l, isFloat);

    internal double AsDouble { get; }
    internal long AsLong { get; }
    internal bool IsFloat { get; }

    public static implicit operator Scalar(byte value) => new(value, value, false);
    public static implicit operator Scalar(sbyte value) => new(value, value, false);
    public static implicit operator Scalar(short value) => new(value, value, false);
    public static implicit operator Scalar(int value) => new(value, value, false);
    public static implicit operator Scalar(long value) => new(value, value, false);
    public static implicit operator Scalar(float value) => new(value, 0, true);
    public static implicit operator Scalar(double value) => new(value, 0, true);
    public static implicit operator Scalar(bool value) => new(value ? 1 : 0, value ? 1 : 0, false);
}
