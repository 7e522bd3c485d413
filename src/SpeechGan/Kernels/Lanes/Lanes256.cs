using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpeechGan.Kernels.Lanes;

/// <summary>Vectors of 256 bits.</summary>
internal readonly unsafe struct Lanes256<T> : ILanes<T, Vector256<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count
    {
        [MethodImpl(Inline)]
        get => Vector256<T>.Count;
    }

    public static Vector256<T> Zero
    {
        [MethodImpl(Inline)]
        get => Vector256<T>.Zero;
    }

    [MethodImpl(Inline)]
    public static Vector256<T> All(T value) => Vector256.Create(value);

    [MethodImpl(Inline)]
    public static Vector256<T> Load(T* from) => Vector256.Load(from);

    [MethodImpl(Inline)]
    public static void Store(T* to, Vector256<T> value) => Vector256.Store(value, to);

    [MethodImpl(Inline)]
    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    [MethodImpl(Inline)]
    public static Vector256<T> Sub(Vector256<T> a, Vector256<T> b) => a - b;

    [MethodImpl(Inline)]
    public static Vector256<T> Mul(Vector256<T> a, Vector256<T> b) => a * b;

    [MethodImpl(Inline)]
    public static Vector256<T> Div(Vector256<T> a, Vector256<T> b) => a / b;

    [MethodImpl(Inline)]
    public static Vector256<T> MulAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c) =>
        typeof(T) == typeof(float)
            ? Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    [MethodImpl(Inline)]
    public static Vector256<T> Max(Vector256<T> a, Vector256<T> b) => Vector256.MaxNative(a, b);

    [MethodImpl(Inline)]
    public static Vector256<T> Min(Vector256<T> a, Vector256<T> b) => Vector256.MinNative(a, b);

    [MethodImpl(Inline)]
    public static Vector256<T> WherePositive(Vector256<T> x, Vector256<T> yes, Vector256<T> no) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256<T>.Zero), yes, no);

    [MethodImpl(Inline)]
    public static Vector256<T> WhereInside(Vector256<T> x, long first, long count, T other)
    {
        var inside =
            typeof(T) == typeof(float)
                ? Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)Math.Min(count - first, int.MaxValue))).As<int, T>()
                : Vector256.LessThan(Vector256<long>.Indices, Vector256.Create(count - first)).As<long, T>();
        return Vector256.ConditionalSelect(inside, x, Vector256.Create(other));
    }

    [MethodImpl(Inline)]
    public static Vector256<T> Scale(Vector256<T> x, Vector256<T> k) =>
        typeof(T) == typeof(float) ? (x.AsInt32() + (k.AsInt32() << 23)).As<int, T>() : (x.AsInt64() + (k.AsInt64() << 52)).As<long, T>();

    [MethodImpl(Inline)]
    public static T Sum(Vector256<T> x)
    {
        return Lanes128<T>.Sum(x.GetLower() + x.GetUpper());
    }

    [MethodImpl(Inline)]
    public static T Largest(Vector256<T> x)
    {
        return Lanes128<T>.Largest(Vector128.MaxNative(x.GetLower(), x.GetUpper()));
    }

    [MethodImpl(Inline)]
    public static Vector256<T> Kept(in Dropout<T> dropout, uint index)
    {
        if (typeof(T) == typeof(float))
        {
            var x =
                ((Vector256<uint>.Indices + Vector256.Create(index)) * Vector256.Create(DropoutHash.Spread))
                ^ Vector256.Create(dropout.Key);
            x ^= x >> 16;
            x *= Vector256.Create(DropoutHash.First);
            x ^= x >> 15;
            x *= Vector256.Create(DropoutHash.Second);
            x ^= x >> 16;
            return Vector256.LessThan(x, Vector256.Create(dropout.Threshold)).As<uint, T>() & Vector256.Create(dropout.Scale);
        }
        // The same 32-bit hash in lanes of 64 bits.
        var low = Vector256.Create((ulong)uint.MaxValue);
        var y =
            (((Vector256<ulong>.Indices + Vector256.Create((ulong)index)) & low) * Vector256.Create((ulong)DropoutHash.Spread) & low)
            ^ Vector256.Create((ulong)dropout.Key);
        y ^= y >> 16;
        y = (y * Vector256.Create((ulong)DropoutHash.First)) & low;
        y ^= y >> 15;
        y = (y * Vector256.Create((ulong)DropoutHash.Second)) & low;
        y ^= y >> 16;
        return Vector256.LessThan(y, Vector256.Create((ulong)dropout.Threshold)).As<ulong, T>() & Vector256.Create(dropout.Scale);
    }
}
