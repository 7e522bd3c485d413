using SpeechGan.Configuration;
using SpeechGan.Data;
using SpeechGan.Dsp;

namespace SpeechGan.Tests.GpuIntegration;

/// <summary>The small training step that most facts are shown with.</summary>
internal static class SmallStep
{
    /// <summary>Half a second, two samples, eight channels; no dropout, which draws other numbers on another device.</summary>
    public static RunConfig Config(string device) =>
        new()
        {
            Data = new DataConfig { TrainCutSeconds = 0.5, BatchSize = 2 },
            Model = new ModelConfig
            {
                Channels = 8,
                Blocks = 1,
                Dropout = 0,
            },
            Discriminator = new DiscriminatorConfig { Features = 4, Dropout = 0 },
            Train = new TrainConfig { Device = device },
        };

    /// <summary>Collects what earlier tests left behind, whose tensors would go in the middle of a count.</summary>
    public static void Settle()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }

    /// <summary>A tone that swells, and the same in noise: all from counters.</summary>
    public static Batch Noise(RunConfig config)
    {
        int size = config.Data.BatchSize,
            samples = config.TrainCutSamples;
        float[] clean = new float[size * samples],
            noisy = new float[size * samples];
        for (var i = 0; i < clean.Length; i++)
        {
            var t = i % samples / 16_000.0;
            clean[i] = (float)(0.3 * Math.Sin(2 * Math.PI * 440 * t) * Math.Sin(2 * Math.PI * 3 * t));
            noisy[i] = clean[i] + (float)(0.05 * ((2 * CounterRandom.Double(1, CounterRandom.Stream("gpu-test"), 0, i)) - 1));
        }
        return new Batch
        {
            Clean = clean,
            Noisy = noisy,
            BatchSize = size,
            Samples = samples,
            Names = [.. Enumerable.Range(1, size).Select(i => $"tone-{i}")],
            Starts = new int[size],
            MixedIn = new bool[size],
            SilentClean = new bool[size],
            SilentNoisy = new bool[size],
            Epoch = 1,
            IndexInEpoch = 0,
        };
    }
}
