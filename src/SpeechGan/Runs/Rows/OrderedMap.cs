using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SpeechGan.Runs.Rows;

/// <summary>A map that never changes, of names in ordinal order and their values: two arrays, of which the names are shared by all lines
/// that have the same.</summary>
internal sealed class OrderedMap<T>(string[] names, T[] values) : IReadOnlyDictionary<string, T>
{
    /// <inheritdoc/>
    public int Count => names.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => names;

    /// <inheritdoc/>
    public IEnumerable<T> Values => values;

    /// <inheritdoc/>
    public T this[string key] =>
        TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"There is no '{key}' among {string.Join(", ", names)}.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Place(key) >= 0;

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        var place = Place(key);
        value = place >= 0 ? values[place] : default;
        return place >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator()
    {
        for (var i = 0; i < names.Length; i++)
            yield return new(names[i], values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Place(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Array.BinarySearch(names, key, StringComparer.Ordinal);
    }
}
