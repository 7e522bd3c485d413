namespace SpeechGan.Bisect;

/// <summary>
/// The smallest set of changes that still shows a fault: ddmin (A. Zeller and R. Hildebrandt, "Simplifying and isolating failure-inducing
/// input", 2002). The result is 1-minimal: without any one of its changes the fault is gone or the rest cannot be tried. Two changes that
/// can only be left out together (each alone leaves a refused rest) are left out together. No set is tried twice.
/// </summary>
/// <param name="count">Number of changes.</param>
/// <param name="trial">Tries a set of changes, given in ascending order.</param>
public sealed class DeltaDebugging(int count, Func<IReadOnlyList<int>, TrialOutcome> trial)
{
    private readonly Dictionary<string, TrialOutcome> known = new(StringComparer.Ordinal);

    /// <summary>Sets that were tried so far.</summary>
    public int Trials => known.Count;

    /// <summary>What a set gives; tried at most once.</summary>
    public TrialOutcome Of(IEnumerable<int> set)
    {
        int[] ordered = [.. set.Order()];
        var key = string.Join(',', ordered);
        return known.TryGetValue(key, out var outcome) ? outcome : known[key] = trial(ordered);
    }

    /// <summary>Minimises the set of all changes.</summary>
    /// <returns>A 1-minimal set; empty where the fault shows without any change; null where all of them together do not show it.</returns>
    public IReadOnlyList<int>? Minimise()
    {
        int[] set = [.. Enumerable.Range(0, count)];
        if (Of(set) != TrialOutcome.Bad)
            return null;

        if (Of([]) == TrialOutcome.Bad)
            return [];

        var parts = 2;
        while (set.Length >= 2)
        {
            var chunks = Enumerable
                .Range(0, parts)
                .Select(i => set[(set.Length * i / parts)..(set.Length * (i + 1) / parts)])
                .Where(c => c.Length > 0)
                .ToArray();
            if (chunks.FirstOrDefault(c => Of(c) == TrialOutcome.Bad) is { } part)
            {
                (set, parts) = (part, 2);
            }
            else if (parts > 2 && chunks.FirstOrDefault(c => Of(set.Except(c)) == TrialOutcome.Bad) is { } without)
            {
                set = [.. set.Except(without)];
                parts = Math.Max(parts - 1, 2);
            }
            else if (parts < set.Length)
            {
                parts = Math.Min(2 * parts, set.Length);
            }
            else if (Coupled(set) is { } pair)
            {
                set = [.. set.Except(pair)];
                parts = 2;
            }
            else
            {
                break;
            }
        }

        return set;
    }

    // Beyond ddmin: options that exclude each other would otherwise stay, since neither can go alone.
    private int[]? Coupled(int[] set)
    {
        int[] stuck = [.. set.Where(c => Of(set.Where(o => o != c)) == TrialOutcome.Skip)];
        return stuck
            .SelectMany((a, i) => stuck[(i + 1)..].Select(b => new[] { a, b }))
            .FirstOrDefault(pair => Of(set.Except(pair)) == TrialOutcome.Bad);
    }
}
