using System.Numerics;
using System.Runtime.CompilerServices;

namespace SpeechGan.Kernels.Lanes;

/// <summary>One number at a time: the ends of rows that fill no vector.</summary>
internal readonly unsafe struct Lanes1<T> : ILanes<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public static int Count
    {
        [MethodImpl(Inline)]
        get => 1;
    }

    public static T Zero
    {
        [MethodImpl(Inline)]
        get => T.Zero;
    }

    [MethodImpl(Inline)]
    public static T All(T value) => value;

    [MethodImpl(Inline)]
    public static T Load(T* from) => *from;

    [MethodImpl(Inline)]
    public static void Store(T* to, T value) => *to = value;

    [MethodImpl(Inline)]
    public static T Add(T a, T b) => a + b;

    [MethodImpl(Inline)]
    public static T Sub(T a, T b) => a - b;

    [MethodImpl(Inline)]
    public static T Mul(T a, T b) => a * b;

    [MethodImpl(Inline)]
    public static T Div(T a, T b) => a / b;

    [MethodImpl(Inline)]
    public static T MulAdd(T a, T b, T c) => T.MultiplyAddEstimate(a, b, c);

    [MethodImpl(Inline)]
    public static T Max(T a, T b) => a > b ? a : b;

    [MethodImpl(Inline)]
    public static T Min(T a, T b) => a < b ? a : b;

    [MethodImpl(Inline)]
    public static T WherePositive(T x, T yes, T no) => x > T.Zero ? yes : no;

    [MethodImpl(Inline)]
    public static T WhereInside(T x, long first, long count, T other) => first < count ? x : other;

    [MethodImpl(Inline)]
    public static T Scale(T x, T k) =>
        typeof(T) == typeof(float)
            ? T.CreateTruncating(
                BitConverter.Int32BitsToSingle(
                    BitConverter.SingleToInt32Bits(float.CreateTruncating(x))
                        + (BitConverter.SingleToInt32Bits(float.CreateTruncating(k)) << 23)
                )
            )
            : T.CreateTruncating(
                BitConverter.Int64BitsToDouble(
                    BitConverter.DoubleToInt64Bits(double.CreateTruncating(x))
                        + (BitConverter.DoubleToInt64Bits(double.CreateTruncating(k)) << 52)
                )
            );

    [MethodImpl(Inline)]
    public static T Sum(T x) => x;

    [MethodImpl(Inline)]
    public static T Largest(T x) => x;

    [MethodImpl(Inline)]
    public static T Kept(in Dropout<T> dropout, uint index) =>
        DropoutHash.Of(index, dropout.Key) < dropout.Threshold ? dropout.Scale : T.Zero;
}
