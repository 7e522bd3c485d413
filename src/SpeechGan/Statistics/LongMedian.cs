namespace SpeechGan.Statistics;

/// <summary>
/// The median of more numbers than are to be held: exact, by going through them a few times. Each pass counts how many lie in each of
/// 65,536 parts of what is left, by 16 more bits of the number; what is left in the end is few enough to be sorted.
/// </summary>
public static class LongMedian
{
    /// <summary>So many are simply sorted.</summary>
    public const int Few = 1 << 19;

    private const int Bits = 16;

    /// <summary>The middle value, or the mean of the two in the middle: the bits of <see cref="Trend.Median"/>.</summary>
    /// <param name="values">Gone through up to five times, with the same numbers in the same order each time; none is NaN.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static double Of(IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var few = new List<double>();
        long count = 0;
        foreach (var value in values)
        {
            count++;
            if (count <= Few)
                few.Add(value);
        }

        if (count <= Few)
            return Middle(few);
        if (count % 2 == 1)
            return At(values, count / 2);
        return (At(values, (count / 2) - 1) / 2) + (At(values, count / 2) / 2);
    }

    // As Trend.Median, without copies.
    private static double Middle(List<double> values)
    {
        if (values.Count == 0)
            throw new ArgumentException("There is no value to take the median of.", nameof(values));

        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] / 2) + (values[middle] / 2);
    }

    // The value of a rank, from 0.
    private static double At(IEnumerable<double> values, long rank)
    {
        ulong prefix = 0;
        for (var shift = 64 - Bits; ; shift -= Bits)
        {
            var counts = new long[1 << Bits];
            foreach (var value in values)
            {
                var key = Key(value);
                if (shift == 64 - Bits || key >> (shift + Bits) == prefix)
                    counts[(key >> shift) & ((1 << Bits) - 1)]++;
            }

            var part = 0;
            for (; rank >= counts[part]; part++)
                rank -= counts[part];

            prefix = (prefix << Bits) | (uint)part;
            if (shift == 0)
                return Value(prefix);

            if (counts[part] <= Few)
            {
                var from = shift;
                double[] left = [.. values.Where(v => Key(v) >> from == prefix).Order()];
                return left[rank];
            }
        }
    }

    // Unsigned numbers in the order of the values they stand for.
    private static ulong Key(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        return (bits >> 63) == 0 ? bits | (1UL << 63) : ~bits;
    }

    private static double Value(ulong key) => BitConverter.UInt64BitsToDouble((key >> 63) == 1 ? key & ~(1UL << 63) : ~key);
}
