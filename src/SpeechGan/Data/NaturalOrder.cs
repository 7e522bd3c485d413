namespace SpeechGan.Data;

/// <summary>
/// Natural order of names without any culture: runs of the digits 0-9 compare as numbers, everything else by UTF-16 code unit; a tie
/// (leading zeros) goes to ordinal order, so that the order is total.
/// </summary>
public sealed class NaturalOrder : IComparer<string>
{
    /// <summary>The one comparer.</summary>
    public static NaturalOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return string.CompareOrdinal(x, y);
        int i = 0,
            j = 0;
        while (i < x.Length && j < y.Length)
        {
            int difference;
            if (char.IsAsciiDigit(x[i]) && char.IsAsciiDigit(y[j]))
            {
                ReadOnlySpan<char> a = Number(x, ref i),
                    b = Number(y, ref j);
                difference = a.Length != b.Length ? a.Length - b.Length : a.SequenceCompareTo(b);
            }
            else
            {
                difference = x[i++] - y[j++];
            }
            if (difference != 0)
                return difference;
        }
        int rest = (x.Length - i) - (y.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(x, y);
    }

    // The digits from the position on, without leading zeros; the position moves behind them.
    private static ReadOnlySpan<char> Number(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
            position++;
        return text.AsSpan(start, position - start).TrimStart('0');
    }
}
