using SpeechGan.Metrics;
using Pair = (System.ReadOnlyMemory<float> Clean, System.ReadOnlyMemory<float> Enhanced);

namespace SpeechGan.Tests.Unit.Metrics;

/// <summary>
/// No batch is lost: what cannot be scored costs its own place and nothing else. The number of random batches is 500, or
/// what SPEECHGAN_BATCHES says (tools/soak-batch-pesq).
/// </summary>
public sealed class BatchPesqTests
{
    private const int Rate = 8000;
    private const int Length = 2800; // 0.35 s
    private const PesqMode Mode = PesqMode.NarrowBand;

    private static readonly Lazy<(Pair Pair, MetricResult Single)[]> Scorable = new(() => [.. Enumerable.Range(1, 12).Select(Healthy)]);

    private static (Pair Pair, UnscorableReason Reason)[] Unscorable { get; } =
    [
        (P(new float[Length], Speech(1)), UnscorableReason.SilentReference),
        (P(Speech(1), new float[Length]), UnscorableReason.SilentDegraded),
        (P(new float[Length], new float[Length]), UnscorableReason.SilentReference),
        (P(Speech(2).AsMemory(0, 1999), Speech(3).AsMemory(0, 1999)), UnscorableReason.BufferTooShort),
        (P(Speech(2), Spoilt(3, float.NaN)), UnscorableReason.NonFiniteInput),
        (P(Spoilt(4, float.PositiveInfinity), Speech(4)), UnscorableReason.NonFiniteInput),
        (P(Speech(5), Speech(5).AsMemory(1)), UnscorableReason.LengthMismatch),
        (P(Constant(0.25f), Speech(6)), UnscorableReason.ConstantReference),
        (P(Speech(6), Constant(-0.25f)), UnscorableReason.ConstantDegraded),
    ];

    // The slowest kind, 25 s long, is drawn once in 400.
    private static (Pair Pair, UnscorableReason Reason) Crowded { get; } =
        (P(MetricVector.Named("utts51_8k").Clean(), MetricVector.Named("utts51_8k").Enhanced()), UnscorableReason.TooManyUtterances);

    [Test]
    public void The_signals_of_these_tests_are_what_they_are_meant_to_be()
    {
        Scorable.Value.Should().OnlyContain(s => s.Single.HasValue);
        Pesq.Score(Crowded.Pair.Clean.Span, Crowded.Pair.Enhanced.Span, Rate, Mode)
            .Unscorable.Should()
            .Be(UnscorableReason.TooManyUtterances);
    }

    // Every position and every subset of a batch of one to four.
    [Test]
    public void Silent_samples_cost_only_themselves_in_every_position([Values(1, 2, 3, 4)] int size, [Values(1, 2)] int workers)
    {
        for (int subset = 0; subset < 1 << size; subset++)
        {
            var pairs = new Pair[size];
            for (int i = 0; i < size; i++)
                pairs[i] = (subset >> i & 1) != 0 ? Unscorable[(i + subset) % 3].Pair : Scorable.Value[i].Pair;
            BatchScore batch = BatchPesq.Score(pairs, Rate, Mode, workers);
            batch.Count.Should().Be(size);
            for (int i = 0; i < size; i++)
            {
                if ((subset >> i & 1) != 0)
                    batch.Results[i].Unscorable.Should().Be(Unscorable[(i + subset) % 3].Reason, $"place {i} of subset {subset}");
                else
                    batch.Results[i].Should().Be(Scorable.Value[i].Single, $"place {i} of subset {subset}");
            }

            BatchTargets targets = MetricTargets.For(batch, MetricFailurePolicy.Mask);
            targets.Steps.Should().Be(subset != (1 << size) - 1);
            for (int i = 0; i < size; i++)
                targets.IsUsed(i).Should().Be((subset >> i & 1) == 0);
        }
    }

    [Test]
    public void Random_batches_are_scored_or_masked_sample_by_sample()
    {
        string? wanted = Environment.GetEnvironmentVariable("SPEECHGAN_BATCHES");
        int batches = wanted is null ? 500 : int.Parse(wanted);
        const int seed = 20261122;
        TestContext.Out.WriteLine($"seed {seed}, {batches} batches");
        var random = new Random(seed);
        long samples = 0,
            scored = 0,
            stepping = 0;
        for (int b = 0; b < batches; b++)
        {
            int size = random.Next(1, 33);
            double share = random.NextDouble();
            var pairs = new Pair[size];
            var expected = new object[size];
            for (int i = 0; i < size; i++)
            {
                if (random.NextDouble() >= share)
                {
                    (pairs[i], MetricResult single) = Scorable.Value[random.Next(Scorable.Value.Length)];
                    expected[i] = single;
                }
                else
                {
                    (Pair pair, UnscorableReason reason) = random.Next(400) == 0 ? Crowded : Unscorable[random.Next(Unscorable.Length)];
                    (pairs[i], expected[i]) = (pair, reason);
                }
            }

            BatchScore batch = BatchPesq.Score(pairs, Rate, Mode, random.Next(1, 5));
            string where = $"batch {b}";
            batch.Count.Should().Be(size, where);
            (batch.Scored + batch.Unscorable.Values.Sum()).Should().Be(size, where);
            for (int i = 0; i < size; i++)
            {
                if (expected[i] is MetricResult single)
                {
                    if (batch.Results[i] != single)
                        Assert.Fail($"{where}, place {i}: {batch.Results[i]} instead of {single}");
                }
                else if (batch.Results[i].Unscorable != (UnscorableReason)expected[i])
                {
                    Assert.Fail($"{where}, place {i}: {batch.Results[i]} instead of {expected[i]}");
                }
            }

            BatchTargets targets = MetricTargets.For(batch, MetricFailurePolicy.Mask);
            targets.Steps.Should().Be(expected.Any(e => e is MetricResult), where);
            targets.Used.Should().Be(batch.Scored, where);
            samples += size;
            scored += batch.Scored;
            if (targets.Steps)
                stepping++;
        }

        TestContext.Out.WriteLine(
            $"{samples} samples, {scored} scored, {samples - scored} masked; the discriminator steps on {stepping} of {batches}"
        );
    }

    [Test]
    public void Workers_change_no_bit([Values(1, 2, 8)] int workers)
    {
        Pair[] pairs = [.. Scorable.Value.Select(s => s.Pair), .. Unscorable.Select(u => u.Pair)];
        BatchScore batch = BatchPesq.Score(pairs, Rate, Mode, workers);
        batch.Results.Take(Scorable.Value.Length).Should().Equal(Scorable.Value.Select(s => s.Single));
        batch.Should().BeEquivalentTo(BatchPesq.Score(pairs, Rate, Mode, 3), o => o.ComparingByValue<MetricResult>());
    }

    [Test]
    public void A_pair_of_unequal_lengths_is_told_apart_from_the_others()
    {
        MetricResult result = BatchPesq.Score([P(Speech(5), Speech(5).AsMemory(1))], Rate, Mode, 1).Results[0];
        result
            .Sentence.Should()
            .Be("PESQ has no value: the clean signal has 2800 samples, the enhanced one 2799; in a batch they must agree.");
    }

    [Test]
    public void A_wrong_rate_masks_every_sample()
    {
        BatchScore batch = BatchPesq.Score([Scorable.Value[0].Pair, Scorable.Value[1].Pair], 44100, PesqMode.WideBand, 2);
        batch.Results.Should().OnlyContain(r => r.Unscorable == UnscorableReason.InvalidSampleRate);
        batch.Mean().HasValue.Should().BeFalse();
    }

    [Test]
    public void An_empty_batch_has_no_results_and_no_mean()
    {
        BatchScore batch = BatchPesq.Score([], Rate, Mode, 4);
        batch.Count.Should().Be(0);
        batch.Mean().Sentence.Should().Be("None of the 0 pairs of the batch has a value.");
        MetricTargets.For(batch, MetricFailurePolicy.DropBatch).Steps.Should().BeFalse();
    }

    [Test]
    public void No_worker_at_all_is_refused() =>
        FluentActions.Invoking(() => BatchPesq.Score([], Rate, Mode, 0)).Should().Throw<ArgumentOutOfRangeException>();

    [Test]
    public void Cancelling_hands_out_nothing([Values(1, 3)] int workers, [Values(0, 1, 5, 11)] int after)
    {
        using var source = new CancellationTokenSource();
        int seen = 0;
        var pairs = Enumerable.Repeat(P(new float[1], new float[1]), 12).ToArray();
        FluentActions.Invoking(() => BatchPesq.Score(pairs, Counting, workers, source.Token)).Should().Throw<OperationCanceledException>();
        // Several workers may begin further pairs before the first has cancelled; one worker may not.
        if (workers == 1)
            seen.Should().Be(after + 1);

        MetricResult Counting(ReadOnlyMemory<float> clean, ReadOnlyMemory<float> enhanced)
        {
            if (Interlocked.Increment(ref seen) > after)
                source.Cancel();
            return MetricResult.Of(1);
        }
    }

    [Test]
    public void A_token_that_is_already_cancelled_scores_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        FluentActions.Invoking(() => BatchPesq.Score([], Rate, Mode, 1, cancelled)).Should().Throw<OperationCanceledException>();
    }

    [Test]
    public void A_defect_in_the_scoring_costs_one_sample_and_is_told([Values(1, 2)] int workers)
    {
        Pair[] pairs = [.. Enumerable.Range(1, 4).Select(i => P(new float[i], new float[i]))];
        BatchScore batch = BatchPesq.Score(pairs, Failing, workers, CancellationToken.None);
        batch.Results.Select(r => r.HasValue).Should().Equal(true, true, false, true);
        batch.Results[2].Unscorable.Should().Be(UnscorableReason.ScoringFailed);
        batch.Results[2].Sentence.Should().Be("PESQ failed with InvalidCastException: planted. Please report this as a defect.");

        static MetricResult Failing(ReadOnlyMemory<float> clean, ReadOnlyMemory<float> enhanced) =>
            clean.Length == 3 ? throw new InvalidCastException("planted.") : MetricResult.Of(clean.Length);
    }

    private static Pair P(ReadOnlyMemory<float> clean, ReadOnlyMemory<float> enhanced) => (clean, enhanced);

    private static (Pair, MetricResult) Healthy(int seed)
    {
        float[] clean = Speech(seed),
            enhanced = [.. clean];
        var random = new Random(1000 + seed);
        for (int i = 0; i < enhanced.Length; i++)
            enhanced[i] += (float)(random.NextDouble() - 0.5) * 0.01f * seed;
        return (P(clean, enhanced), Pesq.Score(clean, enhanced, Rate, Mode));
    }

    // A voiced sound of 0.3 s: harmonics of a gliding pitch under a syllable's envelope.
    private static float[] Speech(int seed)
    {
        var signal = new float[Length];
        for (int i = 200; i < 2600; i++)
        {
            double envelope = Math.Sin(Math.PI * (i - 200) / 2400),
                phase = 2 * Math.PI * (100 + 7 * seed + 0.005 * i) * i / Rate,
                sum = 0;
            for (int h = 1; h <= 20; h++)
                sum += Math.Sin(h * phase) / h;
            signal[i] = (float)(0.3 * envelope * sum);
        }

        return signal;
    }

    private static float[] Spoilt(int seed, float value)
    {
        float[] signal = Speech(seed);
        signal[^1] = value;
        return signal;
    }

    private static float[] Constant(float value) => [.. Enumerable.Repeat(value, Length)];
}
