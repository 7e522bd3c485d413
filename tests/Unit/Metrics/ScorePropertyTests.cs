using SpeechGan.Dsp;
using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class ScorePropertyTests
{
    [Test]
    public void Identical_signals_get_the_best_of_every_metric()
    {
        float[] clean = MetricVector.Named("identical").Clean();
        ScoreSet scores = ScoreSet.Of(clean, clean, 16000);
        scores[Metric.PesqWideBand].Value.Should().Be(Pesq.HighestWideBand).And.BeApproximately(4.6439, 5e-5);
        scores[Metric.PesqNarrowBand].Value.Should().Be(Pesq.HighestNarrowBand);
        scores[Metric.RawPesqNarrowBand].Value.Should().Be(4.5);
        scores[Metric.Csig].Value.Should().Be(5);
        scores[Metric.Cbak].Value.Should().Be(5);
        scores[Metric.Covl].Value.Should().Be(5);
        scores[Metric.WeightedSpectralSlope].Value.Should().Be(0);
        scores[Metric.LogLikelihoodRatio].Value.Should().Be(0);
        scores[Metric.Stoi].Value.Should().BeApproximately(1, 1e-12);
        scores[Metric.SiSdr].Sentence.Should().Be("SI-SDR has no upper bound here: the enhanced signal is the clean one, scaled.");
    }

    // A common factor: PESQ moves by the rounding of samples to single precision (2e-4), LLR, STOI and SI-SDR by that of doubles.
    [Test]
    public void A_common_gain_moves_nothing_but_the_scale_dependent_metrics(
        [Values("white25", "babble0", "white10_8k")] string name,
        [Values(0.1f, 0.37f, 10f)] float gain
    )
    {
        MetricVector vector = MetricVector.Named(name);
        float[] clean = vector.Clean(),
            enhanced = vector.Enhanced();
        ScoreSet before = ScoreSet.Of(clean, enhanced, vector.Rate);
        ScoreSet after = ScoreSet.Of([.. clean.Select(x => x * gain)], [.. enhanced.Select(x => x * gain)], vector.Rate);
        foreach (Metric metric in Metric.All.Where(m => before[m].HasValue))
        {
            if (
                metric == Metric.SegmentalSnr
                || metric == Metric.WeightedSpectralSlope
                || metric == Metric.Csig
                || metric == Metric.Cbak
                || metric == Metric.Covl
            )
                continue;
            after[metric]
                .Value.Should()
                .BeApproximately(before[metric].Value, metric.Unit.StartsWith("MOS", StringComparison.Ordinal) ? 2e-4 : 1e-5, metric.Name);
        }
    }

    // From nothing to some seconds; SPEECHGAN_LENGTHS=500 tries more.
    [Test]
    public void Every_length_has_a_value_or_a_reason()
    {
        const int seed = 20261122;
        int trials = int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_LENGTHS") ?? "60");
        TestContext.Out.WriteLine($"seed {seed}");
        int[] telling = [0, 1, 2, 127, 128, 255, 256, 257, 479, 480, 599, 600, 1999, 2000, 3999, 4000, 4001, 7000];
        for (int trial = 0; trial < trials; trial++)
        {
            int cleanLength = Length(2 * trial),
                enhancedLength = CounterRandom.Below(2, seed, 1, 0, trial) == 0 ? cleanLength : Length(2 * trial + 1);
            int rate = CounterRandom.Below(4, seed, 1, 1, trial) switch
            {
                0 => 8000,
                1 => 48000,
                _ => 16000,
            };
            Check(
                Speech(cleanLength, trial),
                Speech(enhancedLength, trial + 1),
                rate,
                $"trial {trial}: {cleanLength} and {enhancedLength} samples at {rate} Hz"
            );
        }

        // Half of the decades from a sample to some seconds, the telling ones else.
        int Length(int draw) =>
            CounterRandom.Below(2, seed, 2, 0, draw) == 0
                ? telling[CounterRandom.Below(telling.Length, seed, 2, 1, draw)]
                : (int)Math.Pow(10, 4.7 * CounterRandom.Double(seed, 2, 2, draw));
    }

    // Near silence, then as much noise without a pause: one utterance, the longest that PESQ can have to align. A minute of it here;
    // SPEECHGAN_SECONDS=600 for ten, which take about a minute.
    [Test]
    public void A_long_utterance_is_scored()
    {
        int samples = 8000 * int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_SECONDS") ?? "60");
        float[] clean = new float[samples],
            enhanced = new float[samples];
        for (int i = 0; i < samples; i++)
        {
            clean[i] = (float)(CounterRandom.Double(9, 5, 0, i) - 0.5) * (i < samples / 2 ? 1e-3f : 1);
            enhanced[i] = clean[i] + (float)(0.1 * CounterRandom.Double(9, 6, 0, i));
        }

        Check(clean, enhanced, 8000, "a long utterance")
            .Should()
            .Be(Metric.All.Count - 4, "wide-band PESQ and its three composites are not defined at 8 kHz");
    }

    [Test]
    public void More_than_fifty_utterances_cost_PESQ_and_its_composites_only()
    {
        MetricVector vector = MetricVector.All.Single(v => v.Tile == 51);
        ScoreSet scores = ScoreSet.Of(vector.Clean(), vector.Enhanced(), vector.Rate);
        scores[Metric.PesqNarrowBand].Unscorable.Should().Be(UnscorableReason.TooManyUtterances);
        scores[Metric.PesqNarrowBand].Sentence.Should().Be("PESQ has no value: 51 utterances were found, at most 50 are allowed.");
        scores[Metric.Stoi].HasValue.Should().BeTrue();
        scores[Metric.SiSdr].HasValue.Should().BeTrue();
    }

    [Test]
    public void Odd_signals_have_a_value_or_a_reason_in_every_metric()
    {
        float[] noise = Speech(8000, 3),
            nan = (float[])noise.Clone(),
            huge = [.. noise.Select(x => x * 1e30f)],
            tiny = [.. noise.Select(x => x * 1e-30f)];
        nan[77] = float.NaN;
        float[] inf = [.. noise.Select((x, i) => i == 5 ? float.PositiveInfinity : x)],
            half = [.. noise.Select((x, i) => i < 4000 ? 0 : x)];
        float[][] signals =
        [
            noise,
            nan,
            inf,
            huge,
            tiny,
            half,
            new float[8000],
            Enumerable.Repeat(0.5f, 8000).ToArray(),
            [.. noise.Select(x => -x)],
        ];
        for (int a = 0; a < signals.Length; a++)
        {
            for (int b = 0; b < signals.Length; b++)
                Check(signals[a], signals[b], 16000, $"signals {a} and {b}");
        }

        ScoreSet
            .Of(noise, nan, 16000)
            .Results.Where(r => r.Metric.Name is "ssnr" or "wss" or "llr" or "stoi" or "si_sdr")
            .Select(r => r.Result.Sentence)
            .Should()
            .OnlyContain(s => s.EndsWith("has no value: sample 77 of the enhanced signal is NaN."));
    }

    private static int Check(float[] clean, float[] enhanced, int rate, string because)
    {
        ScoreSet scores = ScoreSet.Of(clean, enhanced, rate);
        foreach ((Metric metric, MetricResult result) in scores.Results)
        {
            if (result.TryGet(out double value))
                double.IsFinite(value).Should().BeTrue($"{metric.Name}, {because}");
            else
                result.Sentence.Should().EndWith(".", $"{metric.Name}, {because}");
        }

        return scores.Results.Count(r => r.Result.HasValue);
    }

    // Noise that comes and goes some times a second.
    private static float[] Speech(int samples, long stream)
    {
        var signal = new float[samples];
        for (int i = 0; i < samples; i++)
            signal[i] = (float)(
                (CounterRandom.Double(9, (ulong)stream, 0, i) - 0.5) * (0.55 + 0.45 * Math.Sin(2 * Math.PI * 3 * i / 16000))
            );
        return signal;
    }
}
