namespace SpeechGan.Bisect;

/// <summary>A commit as the search sees it.</summary>
/// <param name="Id">Full hash.</param>
/// <param name="Parents">Hashes of its parents, the first one first.</param>
/// <param name="Content">Digest of everything in it that can change a trial's outcome; commits of equal content have equal outcomes. Empty:
/// nothing is known.</param>
/// <param name="Subject">First line of its message.</param>
public sealed record Commit(string Id, IReadOnlyList<string> Parents, string Content = "", string Subject = "");

/// <summary>
/// The commits among which the first bad one is: ancestors of the bad end (itself included) that are no ancestors of the good end, merges
/// followed. A culprit makes itself and all of its descendants bad.
/// </summary>
public sealed class CommitGraph
{
    private readonly Dictionary<string, int> index = new(StringComparer.Ordinal);
    private readonly ulong[][] ancestors;
    private readonly bool[] possible;

    private CommitGraph(IReadOnlyList<Commit> ordered, IReadOnlyDictionary<string, Commit> all, string good, string bad)
    {
        (Candidates, Good, Bad) = (ordered, good, bad);
        ancestors = new ulong[ordered.Count][];
        possible = new bool[ordered.Count];
        for (var i = 0; i < ordered.Count; i++)
        {
            var commit = ordered[i];
            index[commit.Id] = i;
            var own = ancestors[i] = new ulong[(ordered.Count + 63) / 64];
            own[i / 64] |= 1UL << (i % 64);
            foreach (var parent in commit.Parents)
            {
                if (index.TryGetValue(parent, out var p))
                {
                    for (var w = 0; w < own.Length; w++)
                        own[w] |= ancestors[p][w];
                }
            }

            // Of a parent's content it has that parent's outcome: it cannot be where good turned bad.
            possible[i] =
                commit.Content.Length == 0
                || !commit.Parents.Any(p => all.TryGetValue(p, out var parent) && parent.Content == commit.Content);
        }
    }

    /// <summary>Candidates, every parent before its children.</summary>
    public IReadOnlyList<Commit> Candidates { get; }

    /// <summary>Hash of the good end.</summary>
    public string Good { get; }

    /// <summary>Hash of the bad end.</summary>
    public string Bad { get; }

    /// <summary>How many of them can be the culprit: those that change what matters.</summary>
    public int Possible => possible.Count(p => p);

    /// <summary>Whether a candidate can be the culprit.</summary>
    public bool IsPossible(int candidate) => possible[candidate];

    /// <summary>Whether one candidate is another's ancestor, or the same.</summary>
    public bool Reaches(int ancestor, int descendant) => (ancestors[descendant][ancestor / 64] >> (ancestor % 64) & 1) != 0;

    /// <summary>A candidate's place; null where the commit is none.</summary>
    public int? IndexOf(string id) => index.TryGetValue(id, out var i) ? i : null;

    /// <summary>The candidates of a history.</summary>
    /// <param name="history">Commits in any order; at least the ancestors of the bad end that are no ancestors of the good one. Parents may
    /// lie outside.</param>
    /// <param name="good">Hash of the good end.</param>
    /// <param name="bad">Hash of the bad end.</param>
    /// <exception cref="ArgumentException">The bad end is not in the history, or nothing lies between the ends.</exception>
    public static CommitGraph Between(IEnumerable<Commit> history, string good, string bad)
    {
        ArgumentNullException.ThrowIfNull(history);
        var all = history.ToDictionary(c => c.Id, StringComparer.Ordinal);
        var excluded = Ordered(all, good, []).Select(c => c.Id).Append(good).ToHashSet(StringComparer.Ordinal);
        var ordered = Ordered(all, bad, excluded);
        return ordered.Count > 0
            ? new CommitGraph(ordered, all, good, bad)
            : throw new ArgumentException($"Nothing lies between {good} and {bad}.", nameof(history));
    }

    // Depth first with a stack of its own: a history may be longer than the thread's stack.
    private static List<Commit> Ordered(Dictionary<string, Commit> all, string from, HashSet<string> excluded)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var ordered = new List<Commit>();
        var stack = new Stack<(string Id, bool ParentsDone)>([(from, false)]);
        while (stack.TryPop(out var at))
        {
            if (excluded.Contains(at.Id) || !all.TryGetValue(at.Id, out var commit) || (!at.ParentsDone && done.Contains(at.Id)))
                continue;

            if (at.ParentsDone)
            {
                ordered.Add(commit);
                continue;
            }

            done.Add(at.Id);
            stack.Push((at.Id, true));
            foreach (var parent in commit.Parents.Reverse())
                stack.Push((parent, false));
        }

        return ordered;
    }
}
