namespace SpeechGan.Bisect;

/// <summary>
/// The posterior over the first bad commit. A trial lies with a known probability (the flake rate); the next commit asked is the one whose
/// answer is expected to tell most (M. Horstein, "Sequential transmission using noiseless feedback", 1963, generalised to a graph:
/// expected information gain). With a rate of 0 it is plain bisection. Commits that cannot be tried are never asked again, and candidates
/// that no trial can tell apart are judged together.
/// </summary>
public sealed class BayesianSearch
{
    private const double Nothing = 1e-9;
    private readonly CommitGraph graph;
    private readonly double[] weights;
    private readonly bool[] skipped;

    /// <summary>Begins with every possible candidate equally likely.</summary>
    /// <param name="graph">The candidates.</param>
    /// <param name="flakeRate">Probability that a trial's outcome is the wrong one, 0 to below one half.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside its range.</exception>
    public BayesianSearch(CommitGraph graph, double flakeRate)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (!(flakeRate is >= 0 and < 0.5))
            throw new ArgumentOutOfRangeException(nameof(flakeRate), flakeRate, "The flake rate is a probability from 0 to below 0.5.");

        (this.graph, FlakeRate) = (graph, flakeRate);
        skipped = new bool[graph.Candidates.Count];
        // Where nothing changes what matters, something unknown does: then all are possible.
        var any = graph.Possible > 0;
        weights = [.. Enumerable.Range(0, graph.Candidates.Count).Select(i => !any || graph.IsPossible(i) ? 1.0 : 0.0)];
        Normalise();
    }

    /// <summary>Probability that an outcome is wrong.</summary>
    public double FlakeRate { get; }

    /// <summary>Whether the outcomes contradict each other: no candidate explains them all.</summary>
    public bool Contradicted { get; private set; }

    /// <summary>Probability of each candidate, in the graph's order.</summary>
    public IReadOnlyList<double> Posterior => weights;

    /// <summary>Candidates that are still possible, most likely first.</summary>
    public int Remaining => weights.Count(w => w > Nothing);

    /// <summary>Trials expected until one candidate is likely enough: the posterior's entropy over what a trial tells at most.</summary>
    public int ExpectedTrials
    {
        get
        {
            var bits = -weights.Where(w => w > 0).Sum(w => w * Math.Log2(w));
            return (int)Math.Ceiling((bits - Nothing) / (1 - Entropy(FlakeRate)));
        }
    }

    /// <summary>Learns an outcome.</summary>
    public void Observe(int candidate, TrialOutcome outcome)
    {
        if (outcome == TrialOutcome.Skip)
        {
            skipped[candidate] = true;
            return;
        }

        var before = weights.ToArray();
        for (var c = 0; c < weights.Length; c++)
        {
            var agrees = graph.Reaches(c, candidate) == (outcome == TrialOutcome.Bad);
            weights[c] *= agrees ? 1 - FlakeRate : FlakeRate;
        }

        if (weights.Sum() <= 0)
        {
            Contradicted = true;
            before.CopyTo(weights, 0);
        }

        Normalise();
    }

    /// <summary>The most likely candidates that no trial can tell apart, in the graph's order, and the probability that the culprit is
    /// among them.</summary>
    public (IReadOnlyList<int> Suspects, double Probability) Leading()
    {
        int[] asked = [.. Enumerable.Range(0, weights.Length).Where(x => !skipped[x])];
        var groups = Enumerable
            .Range(0, weights.Length)
            .Where(c => weights[c] > 0)
            .GroupBy(c => string.Concat(asked.Select(x => graph.Reaches(c, x) ? '1' : '0')), StringComparer.Ordinal)
            .Select(g => (Suspects: g.ToArray(), Probability: g.Sum(c => weights[c])));
        return groups.MaxBy(g => g.Probability);
    }

    /// <summary>The fewest candidates, most likely first, among which the culprit is with a probability.</summary>
    public IReadOnlyList<int> CredibleSet(double probability)
    {
        var sum = 0.0;
        var set = new List<int>();
        foreach (var c in Enumerable.Range(0, weights.Length).OrderByDescending(c => weights[c]).ThenBy(c => c))
        {
            if (sum >= probability - Nothing || weights[c] <= 0)
                break;

            set.Add(c);
            sum += weights[c];
        }

        return set;
    }

    /// <summary>The candidate whose trial is expected to tell most; null where no trial tells anything.</summary>
    public int? Next()
    {
        int? best = null;
        var most = 0.0;
        for (var x = 0; x < weights.Length; x++)
        {
            if (skipped[x])
                continue;

            var bad = 0.0;
            for (var c = 0; c < weights.Length; c++)
                bad += weights[c] > 0 && graph.Reaches(c, x) ? weights[c] : 0;

            var gain = Entropy((bad * (1 - FlakeRate)) + ((1 - bad) * FlakeRate)) - Entropy(FlakeRate);
            if (bad > 0 && bad < 1 && gain > most * (1 + Nothing))
                (best, most) = (x, gain);
        }

        // Rounding leaves a sure posterior a gain of a few ulps.
        return most > 1e-14 ? best : null;
    }

    private static double Entropy(double p) => p <= 0 || p >= 1 ? 0 : -(p * Math.Log2(p)) - ((1 - p) * Math.Log2(1 - p));

    private void Normalise()
    {
        var sum = weights.Sum();
        for (var c = 0; c < weights.Length; c++)
            weights[c] /= sum;
    }
}
