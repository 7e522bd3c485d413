using System.Numerics;

namespace SpeechGan.Kernels.Lanes;

/// <summary>
/// Numbers that one instruction works on. Kernels are written once against this and compiled for each width and number type: the members
/// are static, so that the compiler sees through them and nothing is called at run time.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="V">The vector that holds <see cref="Count"/> of them.</typeparam>
internal unsafe interface ILanes<T, V>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    static abstract V Zero { get; }

    static abstract V All(T value);

    static abstract V Load(T* from);

    static abstract void Store(T* to, V value);

    static abstract V Add(V a, V b);

    static abstract V Sub(V a, V b);

    static abstract V Mul(V a, V b);

    static abstract V Div(V a, V b);

    /// <summary>a * b + c, rounded once where the processor can.</summary>
    static abstract V MulAdd(V a, V b, V c);

    /// <summary>The larger; the second where one of the two is NaN and the processor does not say NaN itself.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The smaller; the second where one of the two is NaN and the processor does not say NaN itself.</summary>
    static abstract V Min(V a, V b);

    /// <summary><paramref name="yes"/> where <paramref name="x"/> is above 0, else <paramref name="no"/>.</summary>
    static abstract V WherePositive(V x, V yes, V no);

    /// <summary><paramref name="x"/> in the lanes whose place, from <paramref name="first"/>, lies below <paramref name="count"/>;
    /// <paramref name="other"/> beyond.</summary>
    static abstract V WhereInside(V x, long first, long count, T other);

    /// <summary>
    /// <paramref name="x"/> * 2^k, where <paramref name="k"/> is a whole number that was rounded by adding a constant which leaves it in
    /// the lowest bits.
    /// </summary>
    static abstract V Scale(V x, V k);

    /// <summary>Sum of the lanes, halves first: an order that the number of lanes alone decides.</summary>
    static abstract T Sum(V x);

    /// <summary>The largest lane.</summary>
    static abstract T Largest(V x);

    /// <summary>What dropout multiplies the elements from <paramref name="index"/> on with: 0, or <see cref="Dropout{T}.Scale"/>.</summary>
    static abstract V Kept(in Dropout<T> dropout, uint index);
}
