using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpeechGan.Kernels.Lanes;

/// <summary>Vectors of 512 bits.</summary>
internal readonly unsafe struct Lanes512<T> : ILanes<T, Vector512<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count
    {
        [MethodImpl(Inline)]
        get => Vector512<T>.Count;
    }

    public static Vector512<T> Zero
    {
        [MethodImpl(Inline)]
        get => Vector512<T>.Zero;
    }

    [MethodImpl(Inline)]
    public static Vector512<T> All(T value) => Vector512.Create(value);

    [MethodImpl(Inline)]
    public static Vector512<T> Load(T* from) => Vector512.Load(from);

    [MethodImpl(Inline)]
    public static void Store(T* to, Vector512<T> value) => Vector512.Store(value, to);

    [MethodImpl(Inline)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    [MethodImpl(Inline)]
    public static Vector512<T> Sub(Vector512<T> a, Vector512<T> b) => a - b;

    [MethodImpl(Inline)]
    public static Vector512<T> Mul(Vector512<T> a, Vector512<T> b) => a * b;

    [MethodImpl(Inline)]
    public static Vector512<T> Div(Vector512<T> a, Vector512<T> b) => a / b;

    [MethodImpl(Inline)]
    public static Vector512<T> MulAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) =>
        typeof(T) == typeof(float)
            ? Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    [MethodImpl(Inline)]
    public static Vector512<T> Max(Vector512<T> a, Vector512<T> b) => Vector512.MaxNative(a, b);

    [MethodImpl(Inline)]
    public static Vector512<T> Min(Vector512<T> a, Vector512<T> b) => Vector512.MinNative(a, b);

    [MethodImpl(Inline)]
    public static Vector512<T> WherePositive(Vector512<T> x, Vector512<T> yes, Vector512<T> no) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<T>.Zero), yes, no);

    [MethodImpl(Inline)]
    public static Vector512<T> WhereInside(Vector512<T> x, long first, long count, T other)
    {
        var inside =
            typeof(T) == typeof(float)
                ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create((int)Math.Min(count - first, int.MaxValue))).As<int, T>()
                : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create(count - first)).As<long, T>();
        return Vector512.ConditionalSelect(inside, x, Vector512.Create(other));
    }

    [MethodImpl(Inline)]
    public static Vector512<T> Scale(Vector512<T> x, Vector512<T> k) =>
        typeof(T) == typeof(float) ? (x.AsInt32() + (k.AsInt32() << 23)).As<int, T>() : (x.AsInt64() + (k.AsInt64() << 52)).As<long, T>();

    [MethodImpl(Inline)]
    public static T Sum(Vector512<T> x)
    {
        return Lanes256<T>.Sum(x.GetLower() + x.GetUpper());
    }

    [MethodImpl(Inline)]
    public static T Largest(Vector512<T> x)
    {
        return Lanes256<T>.Largest(Vector256.MaxNative(x.GetLower(), x.GetUpper()));
    }

    [MethodImpl(Inline)]
    public static Vector512<T> Kept(in Dropout<T> dropout, uint index)
    {
        if (typeof(T) == typeof(float))
        {
            var x =
                ((Vector512<uint>.Indices + Vector512.Create(index)) * Vector512.Create(DropoutHash.Spread))
                ^ Vector512.Create(dropout.Key);
            x ^= x >> 16;
            x *= Vector512.Create(DropoutHash.First);
            x ^= x >> 15;
            x *= Vector512.Create(DropoutHash.Second);
            x ^= x >> 16;
            return Vector512.LessThan(x, Vector512.Create(dropout.Threshold)).As<uint, T>() & Vector512.Create(dropout.Scale);
        }
        // The same 32-bit hash in lanes of 64 bits.
        var low = Vector512.Create((ulong)uint.MaxValue);
        var y =
            (((Vector512<ulong>.Indices + Vector512.Create((ulong)index)) & low) * Vector512.Create((ulong)DropoutHash.Spread) & low)
            ^ Vector512.Create((ulong)dropout.Key);
        y ^= y >> 16;
        y = (y * Vector512.Create((ulong)DropoutHash.First)) & low;
        y ^= y >> 15;
        y = (y * Vector512.Create((ulong)DropoutHash.Second)) & low;
        y ^= y >> 16;
        return Vector512.LessThan(y, Vector512.Create((ulong)dropout.Threshold)).As<ulong, T>() & Vector512.Create(dropout.Scale);
    }
}
