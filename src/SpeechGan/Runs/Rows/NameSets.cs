namespace SpeechGan.Runs.Rows;

/// <summary>Sets of names in ordinal order that lines have in common (the metrics of an evaluation), each held once.</summary>
internal sealed class NameSets(NameTable names)
{
    private readonly List<(int[] Places, string[] Names)> sets = [];
    private int last;

    /// <summary>The names of a set.</summary>
    public string[] this[int set] => sets[set].Names;

    /// <summary>The number of a set, a new one where it was not there.</summary>
    public int Of(ReadOnlySpan<int> places)
    {
        if (last < sets.Count && places.SequenceEqual(sets[last].Places))
            return last;

        for (last = 0; last < sets.Count; last++)
        {
            if (places.SequenceEqual(sets[last].Places))
                return last;
        }

        var own = places.ToArray();
        sets.Add((own, [.. own.Select(p => names[p])]));
        return last;
    }
}
