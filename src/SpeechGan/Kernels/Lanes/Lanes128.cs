using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpeechGan.Kernels.Lanes;

/// <summary>Vectors of 128 bits.</summary>
internal readonly unsafe struct Lanes128<T> : ILanes<T, Vector128<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count
    {
        [MethodImpl(Inline)]
        get => Vector128<T>.Count;
    }

    public static Vector128<T> Zero
    {
        [MethodImpl(Inline)]
        get => Vector128<T>.Zero;
    }

    [MethodImpl(Inline)]
    public static Vector128<T> All(T value) => Vector128.Create(value);

    [MethodImpl(Inline)]
    public static Vector128<T> Load(T* from) => Vector128.Load(from);

    [MethodImpl(Inline)]
    public static void Store(T* to, Vector128<T> value) => Vector128.Store(value, to);

    [MethodImpl(Inline)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    [MethodImpl(Inline)]
    public static Vector128<T> Sub(Vector128<T> a, Vector128<T> b) => a - b;

    [MethodImpl(Inline)]
    public static Vector128<T> Mul(Vector128<T> a, Vector128<T> b) => a * b;

    [MethodImpl(Inline)]
    public static Vector128<T> Div(Vector128<T> a, Vector128<T> b) => a / b;

    [MethodImpl(Inline)]
    public static Vector128<T> MulAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) =>
        typeof(T) == typeof(float)
            ? Vector128.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>()
            : Vector128.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>();

    [MethodImpl(Inline)]
    public static Vector128<T> Max(Vector128<T> a, Vector128<T> b) => Vector128.MaxNative(a, b);

    [MethodImpl(Inline)]
    public static Vector128<T> Min(Vector128<T> a, Vector128<T> b) => Vector128.MinNative(a, b);

    [MethodImpl(Inline)]
    public static Vector128<T> WherePositive(Vector128<T> x, Vector128<T> yes, Vector128<T> no) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(x, Vector128<T>.Zero), yes, no);

    [MethodImpl(Inline)]
    public static Vector128<T> WhereInside(Vector128<T> x, long first, long count, T other)
    {
        var inside =
            typeof(T) == typeof(float)
                ? Vector128.LessThan(Vector128<int>.Indices, Vector128.Create((int)Math.Min(count - first, int.MaxValue))).As<int, T>()
                : Vector128.LessThan(Vector128<long>.Indices, Vector128.Create(count - first)).As<long, T>();
        return Vector128.ConditionalSelect(inside, x, Vector128.Create(other));
    }

    [MethodImpl(Inline)]
    public static Vector128<T> Scale(Vector128<T> x, Vector128<T> k) =>
        typeof(T) == typeof(float) ? (x.AsInt32() + (k.AsInt32() << 23)).As<int, T>() : (x.AsInt64() + (k.AsInt64() << 52)).As<long, T>();

    [MethodImpl(Inline)]
    public static T Sum(Vector128<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            var f = x.AsSingle();
            f += Vector128.Shuffle(f, Vector128.Create(2, 3, 0, 1));
            return T.CreateTruncating(f[0] + f[1]);
        }
        return x[0] + x[1];
    }

    [MethodImpl(Inline)]
    public static T Largest(Vector128<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            var f = x.AsSingle();
            f = Vector128.MaxNative(f, Vector128.Shuffle(f, Vector128.Create(2, 3, 0, 1)));
            return T.CreateTruncating(MathF.Max(f[0], f[1]));
        }
        return T.Max(x[0], x[1]);
    }

    [MethodImpl(Inline)]
    public static Vector128<T> Kept(in Dropout<T> dropout, uint index)
    {
        if (typeof(T) == typeof(float))
        {
            var x =
                ((Vector128<uint>.Indices + Vector128.Create(index)) * Vector128.Create(DropoutHash.Spread))
                ^ Vector128.Create(dropout.Key);
            x ^= x >> 16;
            x *= Vector128.Create(DropoutHash.First);
            x ^= x >> 15;
            x *= Vector128.Create(DropoutHash.Second);
            x ^= x >> 16;
            return Vector128.LessThan(x, Vector128.Create(dropout.Threshold)).As<uint, T>() & Vector128.Create(dropout.Scale);
        }
        // The same 32-bit hash in lanes of 64 bits.
        var low = Vector128.Create((ulong)uint.MaxValue);
        var y =
            (((Vector128<ulong>.Indices + Vector128.Create((ulong)index)) & low) * Vector128.Create((ulong)DropoutHash.Spread) & low)
            ^ Vector128.Create((ulong)dropout.Key);
        y ^= y >> 16;
        y = (y * Vector128.Create((ulong)DropoutHash.First)) & low;
        y ^= y >> 15;
        y = (y * Vector128.Create((ulong)DropoutHash.Second)) & low;
        y ^= y >> 16;
        return Vector128.LessThan(y, Vector128.Create((ulong)dropout.Threshold)).As<ulong, T>() & Vector128.Create(dropout.Scale);
    }
}
