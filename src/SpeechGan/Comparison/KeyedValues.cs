namespace SpeechGan.Comparison;

/// <summary>Numbers by key, of one run: of its steps or its utterances. In order of the keys, in two lists, so that those of a long run
/// take few bytes a step.</summary>
/// <param name="order">Order of the keys.</param>
/// <param name="most">How many there may be; more are taken all the same.</param>
internal sealed class KeyedValues<TKey>(IComparer<TKey> order, int most = 0)
    where TKey : notnull
{
    private readonly List<TKey> keys = new(most);
    private readonly List<double> values = new(most);
    private bool sorted = true;

    /// <summary>Number of values.</summary>
    public int Count => keys.Count;

    /// <summary>Adds a value; of a key that comes again the later one counts.</summary>
    public void Add(TKey key, double value)
    {
        var against = keys.Count == 0 ? 1 : order.Compare(key, keys[^1]);
        if (against == 0 && sorted)
        {
            values[^1] = value;
            return;
        }
        sorted &= against > 0;
        keys.Add(key);
        values.Add(value);
    }

    /// <summary>How many keys two runs have in common.</summary>
    public int CountWith(KeyedValues<TKey> other) => With(other).Count();

    /// <summary>The keys that two runs have, in order, with the value of each.</summary>
    public IEnumerable<(TKey Key, double A, double B)> With(KeyedValues<TKey> other)
    {
        Sort();
        other.Sort();
        for (int i = 0, j = 0; i < keys.Count && j < other.keys.Count; )
        {
            var against = order.Compare(keys[i], other.keys[j]);
            if (against == 0)
                yield return (keys[i], values[i], other.values[j]);
            i += against <= 0 ? 1 : 0;
            j += against >= 0 ? 1 : 0;
        }
    }

    private void Sort()
    {
        if (sorted)
            return;
        var latest = new Dictionary<TKey, double>();
        for (var i = 0; i < keys.Count; i++)
            latest[keys[i]] = values[i];
        keys.Clear();
        values.Clear();
        sorted = true;
        foreach (var key in latest.Keys.Order(order))
        {
            keys.Add(key);
            values.Add(latest[key]);
        }
    }
}
