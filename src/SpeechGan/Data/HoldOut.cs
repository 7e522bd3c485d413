using SpeechGan.Dsp;

namespace SpeechGan.Data;

/// <summary>Splits a part of the training utterances off for validation.</summary>
internal static class HoldOut
{
    private static readonly ulong stream = CounterRandom.Stream("hold-out");

    /// <summary>
    /// Whether an utterance is held out depends on its name and the seed alone, so that adding files moves no other. Where chance picks
    /// none (or all) of a small corpus, the nearest one changes sides: neither part is ever empty.
    /// </summary>
    internal static (IReadOnlyList<Utterance> Train, IReadOnlyList<Utterance> Valid) Split(
        string folder,
        IReadOnlyList<Utterance> all,
        CorpusOptions options
    )
    {
        if (all.Count < 2)
            throw new CorpusException(
                folder,
                "holds one pair, and there is no valid/ folder beside it: nothing can be held out for validation. Add pairs, or a "
                    + "valid/ folder."
            );
        double[] places = [.. all.Select(u => CounterRandom.Double(options.Seed, stream ^ CounterRandom.Stream(u.Name), 0, 0))];
        double lowest = places.Min(),
            highest = places.Max();
        bool Held(int i) => (places[i] < options.HoldOutShare || places[i] == lowest) && places[i] != highest;
        return ([.. all.Where((_, i) => !Held(i))], [.. all.Where((_, i) => Held(i))]);
    }
}
