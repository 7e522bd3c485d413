using SpeechGan.Dsp;

namespace SpeechGan.CorpusMaker;

/// <summary>
/// Another corpus of the same form: voices, sentences, rates, pitches, noises and SNR drawn by a seed. Training, valid and test have voices
/// of their own, and no sentence is spoken twice.
/// </summary>
internal static class DrawnScript
{
    private static readonly string[] Voices =
    [
        "en-us",
        "en-gb",
        "en-gb-scotland",
        "en-029",
        "en-us-nyc",
        "en-gb-x-rp",
        "en-gb-x-gbclan",
        "en-gb-x-gbcwmd",
        .. from accent in new[] { "en-us", "en-gb", "en-gb-scotland", "en-029" }
        from kind in new[] { "m1", "m2", "m3", "m4", "m5", "m7", "f1", "f2", "f3", "f4", "f5" }
        select $"{accent}+{kind}",
    ];

    internal static readonly string[] Subjects =
    [
        "The old sailor",
        "A tired nurse",
        "My youngest cousin",
        "The village baker",
        "Her patient teacher",
        "A careful driver",
        "The night watchman",
        "Our new neighbour",
        "The clever engineer",
        "Every good cook",
        "A distant uncle",
        "The quiet student",
    ];

    internal static readonly string[] Verbs =
    [
        "carried",
        "painted",
        "forgot",
        "repaired",
        "counted",
        "sold",
        "borrowed",
        "measured",
        "polished",
        "described",
        "collected",
        "hid",
    ];

    internal static readonly string[] Objects =
    [
        "a wooden box",
        "the broken lantern",
        "seven silver spoons",
        "the heavy curtains",
        "a basket of pears",
        "two long letters",
        "the garden gate",
        "a pair of boots",
        "the faded picture",
        "some fresh paper",
        "the copper kettle",
        "a map of the coast",
    ];

    internal static readonly string[] Places =
    [
        "behind the station",
        "before the winter",
        "under the bridge",
        "on a rainy morning",
        "near the harbour",
        "after the concert",
        "for the whole family",
        "without a single word",
        "beside the frozen lake",
        "in the empty hall",
        "at the end of the street",
        "during the long holiday",
    ];

    private static readonly string[] Noises = ["white", "pink", "fan", "hum", "babble", "clicks"];

    /// <summary>The pairs of a seed.</summary>
    /// <param name="seed">At least 2; 1 is the bundled corpus, which is written out.</param>
    internal static Item[] Items(int seed)
    {
        var random = new Draw(seed);
        string[] voices = random.Shuffled(Voices);
        string[] sentences = random
            .Shuffled([.. Enumerable.Range(0, 144).Select(i => (i % 12, i / 12))])
            .Select(s => $"{Subjects[s.Item1]} {Verbs[s.Item2]} {Objects[random.Below(12)]} {Places[random.Below(12)]}")
            .ToArray();
        int sentence = 0;
        return [.. Part("train", 24, voices[..6]), .. Part("valid", 4, voices[6..8]), .. Part("test", 7, voices[8..12])];

        IEnumerable<Item> Part(string part, int count, string[] speakers)
        {
            for (int i = 0; i < count; i++)
            {
                // A test sentence lasts four seconds and more, as its centre cuts need.
                bool isTest = part == "test";
                string text =
                    sentences[sentence++]
                    + (isTest ? $", and {sentences[sentence++].Replace("The ", "the ", StringComparison.Ordinal)}" : "");
                yield return new Item(
                    part,
                    Noises[random.Below(Noises.Length)],
                    10 + (5 * random.Below(4)),
                    speakers[i % speakers.Length],
                    (isTest ? 135 : 155) + random.Below(30),
                    35 + random.Below(30),
                    text + "."
                );
            }
        }
    }

    private sealed class Draw(int seed)
    {
        private readonly ulong stream = CounterRandom.Stream("corpus");
        private long index;

        public int Below(int bound) => CounterRandom.Below(bound, seed, stream, 0, index++);

        public T[] Shuffled<T>(IReadOnlyList<T> items)
        {
            T[] all = [.. items];
            for (int i = all.Length - 1; i > 0; i--)
            {
                int j = Below(i + 1);
                (all[i], all[j]) = (all[j], all[i]);
            }
            return all;
        }
    }
}
