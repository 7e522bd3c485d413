using System.Numerics.Tensors;

namespace SpeechGan.Data;

/// <summary>An envelope with the sums up to each of its values, so that mean and power of any part of it cost two look-ups: the parts of a
/// corpus are compared each with each, at every lag.</summary>
internal sealed class SummedEnvelope
{
    // What is left of a level that stands still is rounding.
    private const double Still = 1e-6;

    private readonly float[] values;
    private readonly double[] sums, // of all values before
        squares;

    /// <summary>Sums it up.</summary>
    public SummedEnvelope(float[] values)
    {
        this.values = values;
        sums = new double[values.Length + 1];
        squares = new double[values.Length + 1];
        for (var i = 0; i < values.Length; i++)
        {
            sums[i + 1] = sums[i] + values[i];
            squares[i + 1] = squares[i] + ((double)values[i] * values[i]);
        }
    }

    /// <summary>Its number of values.</summary>
    public int Length => values.Length;

    /// <summary>Pearson's correlation of parts of two envelopes; null where one of them does not move.</summary>
    public static double? Correlation(SummedEnvelope first, int from, SummedEnvelope second, int at, int length)
    {
        double sumA = first.sums[from + length] - first.sums[from],
            sumB = second.sums[at + length] - second.sums[at],
            powerA = first.squares[from + length] - first.squares[from] - (sumA / length * sumA),
            powerB = second.squares[at + length] - second.squares[at] - (sumB / length * sumB);
        if (powerA <= Still * sumA / length * sumA || powerB <= Still * sumB / length * sumB)
            return null;
        double product = TensorPrimitives.Dot(first.values.AsSpan(from, length), second.values.AsSpan(at, length)) - (sumA / length * sumB);
        return product / Math.Sqrt(powerA * powerB);
    }
}
