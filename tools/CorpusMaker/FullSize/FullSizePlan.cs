using SpeechGan.Dsp;

namespace SpeechGan.CorpusMaker;

/// <summary>
/// What a corpus in the shape of VoiceBank+DEMAND holds (Valentini-Botinhao et al., "Investigating RNN-based speech enhancement methods for
/// noise-robust text-to-speech", SSW 2016): 28 speakers, 10 noises at 0 to 15 dB and 11,572 pairs to train on; 2 other speakers, 5 other
/// noises at 2.5 to 17.5 dB and 824 pairs to test on; 48 kHz, about 2.9 s each.
/// </summary>
internal static class FullSizePlan
{
    /// <summary>Samples a second.</summary>
    internal const int Rate = 48_000;

    /// <summary>Pairs of the public corpus.</summary>
    internal const int TrainPairs = 11_572,
        TestPairs = 824;

    // Log-normal: a median of 2.67 s and a spread of 0.42 give a mean of 2.9 s.
    private const double MedianSeconds = 2.67,
        Spread = 0.42,
        Shortest = 1.1,
        Longest = 15;

    private static readonly string[] TrainNames =
    [
        .. "226 227 228 230 231 233 236 239 243 244 250 254 256 258 259 267 268 269 270 273 274 276 277 278 279 282 286 287"
            .Split(' ')
            .Select(n => "p" + n),
    ];

    private static readonly string[] Accents = ["en-us", "en-gb", "en-gb-scotland", "en-029"];
    private static readonly string[] Characters = ["m1", "m2", "m3", "m4", "f1", "f2", "f3"];

    /// <summary>All voices; those of the test part speak nowhere else.</summary>
    internal static readonly Speaker[] Speakers =
    [
        .. TrainNames.Select(
            (name, i) => new Speaker(name, "train", $"{Accents[i % 4]}+{Characters[i / 4]}", 140 + (i * 7 % 40), 35 + (i * 11 % 30))
        ),
        new("p232", "test", "en-gb+m7", 155, 45),
        new("p257", "test", "en-us+f5", 160, 55),
    ];

    /// <summary>All noises; those of the test part are heard nowhere else.</summary>
    internal static readonly NoiseSource[] Noises =
    [
        .. new[] { "babble", "white", "pink", "fan", "hum", "clicks", "pink", "fan", "babble", "hum" }.Select(
            (kind, i) => new NoiseSource($"train-{i}-{kind}", "train", kind)
        ),
        .. new[] { "babble", "pink", "fan", "hum", "clicks" }.Select((kind, i) => new NoiseSource($"test-{i}-{kind}", "test", kind)),
    ];

    private static readonly ulong Lengths = CounterRandom.Stream("full-size/length"),
        Noisiness = CounterRandom.Stream("full-size/noise");

    /// <summary>All pairs in the order in which they are made; a pair follows from the seed and its number.</summary>
    internal static IEnumerable<PlannedPair> Pairs(int seed, int train, int test) =>
        Part("train", train, 0, seed, 0).Concat(Part("test", test, train, seed, 2.5));

    private static IEnumerable<PlannedPair> Part(string part, int count, int first, int seed, double quietest)
    {
        int[] speakers = Places(Speakers, s => s.Part == part),
            noises = Places(Noises, n => n.Part == part);
        for (int i = 0; i < count; i++)
        {
            int number = first + i,
                speaker = speakers[(int)((long)i * speakers.Length / count)];
            // Numbers count within a speaker, as the public ones do.
            int before = (int)(((long)Array.IndexOf(speakers, speaker) * count + speakers.Length - 1) / speakers.Length);
            int condition = CounterRandom.Below(noises.Length * 4, seed, Noisiness, 0, number);
            yield return new PlannedPair(
                part,
                $"{Speakers[speaker].Name}_{i - before + 1:d3}",
                number,
                speaker,
                noises[condition / 4],
                (int)(Rate * Seconds(seed, number)),
                quietest + (5 * (condition % 4))
            );
        }
    }

    private static double Seconds(int seed, int number)
    {
        double normal = -6;
        for (int draw = 0; draw < 12; draw++)
            normal += CounterRandom.Double(seed, Lengths, 0, number, draw);
        return Math.Clamp(MedianSeconds * Math.Exp(Spread * normal), Shortest, Longest);
    }

    private static int[] Places<T>(T[] all, Func<T, bool> wanted) => [.. Enumerable.Range(0, all.Length).Where(i => wanted(all[i]))];
}
