using System.Diagnostics;
using SpeechGan.Metrics;
using SpeechGan.Models;
using static TorchSharp.torch;

namespace SpeechGan.Training;

/// <summary>PESQ of a step's estimate: what the discriminator is taught.</summary>
internal static class EstimateScoring
{
    /// <summary>Scores the estimate on other threads, while the generator's backward pass runs on this one.</summary>
    /// <param name="clean">`[batch, samples]`.</param>
    /// <param name="estimate">`[batch, samples]`, whole hops.</param>
    /// <param name="workers">Samples that are scored at once.</param>
    public static Task<(BatchScore Scores, double Seconds)> Begin(Tensor clean, Tensor estimate, int workers)
    {
        using var scope = NewDisposeScope();
        var length = (int)estimate.shape[^1]; // whole hops
        float[] reference = ToArray(clean.narrow(-1, 0, length)),
            degraded = ToArray(estimate);
        var pairs = new (ReadOnlyMemory<float>, ReadOnlyMemory<float>)[estimate.shape[0]];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = (reference.AsMemory(i * length, length), degraded.AsMemory(i * length, length));
        return Task.Run(() =>
        {
            var clock = Stopwatch.StartNew();
            return (BatchPesq.Score(pairs, Spectrum.SampleRate, PesqMode.WideBand, workers), clock.Elapsed.TotalSeconds);
        });
    }

    private static float[] ToArray(Tensor signal) => signal.to(float32).cpu().contiguous().data<float>().ToArray();
}
