namespace SpeechGan.Runs.Rows;

/// <summary>Names and reasons of a record, each held once and known by its place.</summary>
internal sealed class NameTable
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public NameTable() => lookup = places.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The name at a place.</summary>
    public string this[int place] => names[place];

    /// <summary>The place of a name, a new one where it was not there.</summary>
    public int Place(string name) => Place(name.AsSpan());

    /// <summary>The place of a name, a new one where it was not there.</summary>
    public int Place(ReadOnlySpan<char> name)
    {
        if (!lookup.TryGetValue(name, out var place))
        {
            place = names.Count;
            names.Add(name.ToString());
            places.Add(names[place], place);
        }

        return place;
    }
}
