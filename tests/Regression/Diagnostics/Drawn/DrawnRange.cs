using SpeechGan.Dsp;

namespace SpeechGan.Tests.Regression.Diagnostics.Drawn;

/// <summary>
/// The written range that runs are drawn from. Every value is a function of (seed, purpose, number of the run, name of the value): a run
/// can be drawn again alone, and a new value in the range moves none of the others.
/// </summary>
internal static class DrawnRange
{
    /// <summary>Corpora of tools/make-corpus, by seed: 1 is the bundled one.</summary>
    public static IReadOnlyList<int> CorpusSeeds { get; } = [1, 2, 3, 4, 5, 6];

    /// <summary>Share of runs on real speech (../shared/voicebank-sample), where it is there.</summary>
    public const double RealShare = 0.15;

    /// <summary>Steps of a run: least and most.</summary>
    public const int FewestSteps = 24,
        MostSteps = 144;

    private static readonly int[] Channels = [2, 4, 8],
        Blocks = [1, 1, 2],
        Features = [2, 4],
        BatchSizes = [2, 3, 4],
        StepsPerEpoch = [4, 6, 8, 12],
        EveryEpochs = [2, 3, 4];
    private static readonly double[] CutSeconds = [0.3, 0.5, 0.75];
    private static readonly string[] EvaluationCuts =
    [
        "evaluation.cut=full",
        "evaluation.cut=center;evaluation.cutSeconds=2",
        "evaluation.cut=center;evaluation.cutSeconds=3",
    ];

    // Preset tiny has 2e-3 and 4e-3, preset cmgan 5e-4 and 1e-3: a factor of two and a half around both.
    private const double LowestRate = 2e-4,
        HighestRate = 2e-3;

    /// <summary>Draws a run.</summary>
    /// <param name="purpose">What it is drawn for: streams of different purposes are independent.</param>
    /// <param name="seed">Seed of the whole draw.</param>
    /// <param name="number">Number of the run, from 0.</param>
    /// <param name="realPairs">Training pairs of real speech; 0: there is none.</param>
    public static DrawnRun Draw(string purpose, long seed, int number, int realPairs)
    {
        var real = realPairs > 0 && Unit("real") < RealShare;
        int features = Of("features", Features),
            batch = Of("batch", BatchSizes),
            channels = Of("channels", Channels);
        var batches = (real ? realPairs : 24) / batch;
        var epochSteps = Math.Min(Of("steps of an epoch", StepsPerEpoch), batches);
        // As many short runs as long ones: equal in the logarithm.
        var steps = (int)Math.Round(FewestSteps * Math.Pow((double)MostSteps / FewestSteps, Unit("steps")));
        var rate = LowestRate * Math.Pow(HighestRate / LowestRate, Unit("rate"));
        // The weights of golden/networks are of one size; a drawn network begins from nothing.
        string[] size =
            Unit("trained") < 0.2
                ? [DrawnRun.Trained, "model.channels=4", "model.heads=2", "model.blocks=1", "discriminator.features=2"]
                :
                [
                    $"model.channels={channels}",
                    $"model.heads={(channels == 2 ? 1 : 2)}",
                    $"model.blocks={Of("blocks", Blocks)}",
                    $"discriminator.features={features}",
                ];
        return new DrawnRun(
            number,
            real ? DrawnRun.Real : $"{CorpusSeeds[(int)(Unit("corpus") * CorpusSeeds.Count)]}",
            [
                .. size,
                Say($"seed={1 + (int)(Unit("seed") * 1_000_000)}"),
                Say($"data.batchSize={batch}"),
                Say($"data.trainCutSeconds={Of("cut", CutSeconds)}"),
                Say($"optimizer.generatorLearningRate={rate:G3}"),
                Say($"optimizer.discriminatorLearningRate={rate * (1 + (2 * Unit("ratio"))):G3}"),
                Say($"train.stepsPerEpoch={epochSteps}"),
                Say($"train.epochs={(steps + epochSteps - 1) / epochSteps}"),
                Say($"evaluation.everyEpochs={Of("every", EveryEpochs)}"),
                .. Of("evaluation", EvaluationCuts).Split(';'),
                .. !real && Unit("silent") < 0.15 ? (string[])["data.mixIn=silent", "data.mixInShare=0.1"] : [],
            ]
        );

        double Unit(string name) => CounterRandom.Double(seed, CounterRandom.Stream($"{purpose}/{name}"), 0, number);
        T Of<T>(string name, T[] values) => values[(int)(Unit(name) * values.Length)];
        static string Say(string text) => text;
    }
}
