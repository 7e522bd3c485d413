using SpeechGan.Data;
using SpeechGan.Runs;

namespace SpeechGan.Training;

/// <summary>The samples of a batch as they were loaded, in numbers, by the measures of the corpus' audit.</summary>
internal static class InputMeasures
{
    // All of a run's first steps, and one of eight later: a fault of the loader shows early, and long records stay small.
    private const long EveryStepUntil = 200;
    private const long Stride = 8;
    private const int Frame = RunConfig.SampleRate / 50; // 20 ms
    private const int FewestFrames = 10;

    /// <summary>Whether a step's samples are measured.</summary>
    public static bool Wanted(long step) => step <= EveryStepUntil || step % Stride == 0;

    /// <summary>Measures each sample of a batch.</summary>
    public static IReadOnlyList<SampleInput> Of(Batch batch) =>
        [
            .. Enumerable
                .Range(0, batch.BatchSize)
                .Select(i =>
                    Of(
                        batch.Clean[(i * batch.Samples)..((i + 1) * batch.Samples)],
                        batch.Noisy[(i * batch.Samples)..((i + 1) * batch.Samples)]
                    )
                ),
        ];

    private static SampleInput Of(float[] clean, float[] noisy)
    {
        var alignment = PairAlignment.Of(clean, noisy, Math.Min(clean.Length / 4, (int)(AuditLimits.LargestLag * RunConfig.SampleRate)));
        var (c, n) = (Level(clean), Level(noisy));
        return new SampleInput
        {
            CleanLevel = Round(c.RootMeanSquare),
            NoisyLevel = Round(n.RootMeanSquare),
            CleanMean = Round(c.Mean),
            NoisyMean = Round(n.Mean),
            CleanPeak = Round(c.Peak),
            NoisyPeak = Round(n.Peak),
            Lag = alignment?.Lag,
            Correlation = alignment is null ? null : Round(alignment.Correlation),
            Unshifted = alignment is null ? null : Round(alignment.Unshifted),
            RangeGained = clean.Length < FewestFrames * Frame ? null : Round(Range(noisy) - Range(clean)),
        };
    }

    private static (double RootMeanSquare, double Mean, double Peak) Level(float[] signal)
    {
        double sum = 0,
            power = 0,
            peak = 0;
        foreach (var sample in signal)
        {
            sum += sample;
            power += (double)sample * sample;
            peak = Math.Max(peak, Math.Abs(sample));
        }
        return (Math.Sqrt(power / signal.Length), sum / signal.Length, peak);
    }

    private static double Range(float[] signal)
    {
        var levels = new float[signal.Length / Frame];
        for (var i = 0; i < levels.Length; i++)
            levels[i] = (float)
                Math.Max(-200, 20 * Math.Log10(Math.Max(1e-10, Level(signal[(i * Frame)..((i + 1) * Frame)]).RootMeanSquare)));
        return FrameLevels.Of(levels).Range;
    }

    // Five digits: they are judged by factors and percentages.
    private static double Round(double value) =>
        value == 0 || !double.IsFinite(value) ? 0 : Math.Round(value, Math.Clamp(4 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 15));
}
