using SpeechGan.Dsp;

namespace SpeechGan.Data;

/// <summary>The order of the utterances in an epoch (<c>data.shuffle</c>).</summary>
public enum ShufflePolicy
{
    /// <summary>A new order each epoch, from seed and epoch.</summary>
    EachEpoch,

    /// <summary>One shuffled order for all epochs, as the published trainer has it.</summary>
    Once,

    /// <summary>The corpus' own order.</summary>
    None,
}

/// <summary>One item of an epoch.</summary>
/// <param name="MixedIn">Whether it comes from the folder that is mixed in, not from the training part.</param>
/// <param name="Index">The utterance's index in its part.</param>
/// <param name="Counter">The number by which its random cut is drawn: no other item of the epoch has it.</param>
public readonly record struct EpochItem(bool MixedIn, int Index, long Counter);

/// <summary>Which utterances an epoch takes, in which order: a pure function of its arguments.</summary>
public static class EpochPlan
{
    private static readonly ulong order = CounterRandom.Stream("order");
    private static readonly ulong places = CounterRandom.Stream("mix-in places");

    /// <summary>
    /// Plans one epoch. It has as many items as the training part has utterances, so that a share mixed in changes what is seen and not how
    /// many steps are taken: round(share * count) items, at places drawn by counter, give way to utterances of the folder that is mixed in.
    /// These are taken in shuffled passes: none comes twice before all have come once.
    /// </summary>
    /// <param name="count">Utterances of the training part.</param>
    /// <param name="mixInCount">Utterances of the folder that is mixed in; 0 for none.</param>
    /// <param name="mixInShare">The share of the epoch's items that come from there, in [0, 1).</param>
    /// <param name="shuffle">The order policy.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch; without meaning for the order unless it is shuffled anew each epoch.</param>
    public static EpochItem[] Items(int count, int mixInCount, double mixInShare, ShufflePolicy shuffle, long seed, long epoch)
    {
        long round = shuffle == ShufflePolicy.EachEpoch ? epoch : 0;
        int[] order =
            shuffle == ShufflePolicy.None
                ? [.. Enumerable.Range(0, count)]
                : CounterRandom.Permutation(count, seed, EpochPlan.order, round);
        EpochItem[] items = [.. order.Select(i => new EpochItem(false, i, i))];
        if (mixInCount == 0)
            return items;
        int taken = (int)Math.Round(mixInShare * count, MidpointRounding.ToEven);
        int[] places = [.. CounterRandom.Permutation(count, seed, EpochPlan.places, round).Take(taken).Order()];
        int[] pass = [];
        for (int j = 0; j < places.Length; j++)
        {
            if (j % mixInCount == 0)
                pass = CounterRandom.Permutation(mixInCount, seed, CounterRandom.Stream($"mix-in pass {j / mixInCount}"), round);
            items[places[j]] = new EpochItem(true, pass[j % mixInCount], count + j);
        }
        return items;
    }
}
