namespace SpeechGan.Runs.Rows;

/// <summary>Names and reasons of a record, each held once and known by its place.</summary>
internal sealed class NameTable
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public NameTable() => _lookup = _places.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name at a place.</summary>
    public string this[int place] => _names[place];

    /// <summary>The place of a name, a new one where it was not there.</summary>
    public int Place(string name) => Place(name.AsSpan());

    /// <summary>The place of a name, a new one where it was not there.</summary>
    public int Place(ReadOnlySpan<char> name)
    {
        if (!_lookup.TryGetValue(name, out var place))
        {
            place = _names.Count;
            _names.Add(name.ToString());
            _places.Add(_names[place], place);
        }

        return place;
    }
}
