namespace SpeechGan.Runs.Rows;

/// <summary>Sets of names in ordinal order that lines have in common (the metrics of an evaluation), each held once.</summary>
internal sealed class NameSets(NameTable names)
{
    private readonly List<(int[] Places, string[] Names)> _sets = [];
    private int _last;

    /// <summary>The names of a set.</summary>
    public string[] this[int set] => _sets[set].Names;

    /// <summary>The number of a set, a new one where it was not there.</summary>
    public int Of(ReadOnlySpan<int> places)
    {
        if (_last < _sets.Count && places.SequenceEqual(_sets[_last].Places))
        {
            return _last;
        }

        for (_last = 0; _last < _sets.Count; _last++)
        {
            if (places.SequenceEqual(_sets[_last].Places))
            {
                return _last;
            }
        }

        var own = places.ToArray();
        _sets.Add((own, [.. own.Select(p => names[p])]));
        return _last;
    }
}
