using SpeechGan.Data;

namespace SpeechGan.Tests.Unit.Data;

public sealed class PairAlignmentTests
{
    /// <summary>Prints what stands beside the audit's limits.</summary>
    [TestCase("train")]
    [TestCase("test")]
    public void Own_pairs_and_strangers_of_the_bundled_corpus_lie_on_both_sides_of_the_limits(string part)
    {
        var root = TestContext.CurrentContext.TestDirectory;
        while (!Directory.Exists(Path.Combine(root, "golden", "corpus")))
            root = Path.GetDirectoryName(root)!;
        Between(PairedCorpus.OpenForEvaluation(Path.Combine(root, "golden", "corpus", part)));
    }

    [Test]
    public void Own_pairs_and_strangers_of_real_recordings_too_where_they_are_here()
    {
        var root = TestContext.CurrentContext.TestDirectory;
        while (root is not null && !Directory.Exists(Path.Combine(root, "shared", "voicebank-sample")))
            root = Path.GetDirectoryName(root);
        if (root is null)
            Assert.Ignore("shared/voicebank-sample is not beside the checkout");
        Between(PairedCorpus.OpenForEvaluation(Path.Combine(root, "shared", "voicebank-sample")));
    }

    /// <summary>Lags that are looked at must not hear what comes round from the transform's other end.</summary>
    [Test]
    public void The_correlation_is_that_of_the_sum_over_all_samples_at_any_length_and_reach()
    {
        var random = new Random(7);
        foreach (
            var (first, second, reach) in new[]
            {
                (100, 100, 40),
                (300, 57, 200),
                (57, 300, 1000),
                (1000, 990, 24),
                (33, 33, 32),
                (3, 2, 9),
            }
        )
        {
            float[] a = [.. Enumerable.Range(0, first).Select(_ => (float)random.NextDouble() - 0.5f)],
                b = [.. Enumerable.Range(0, second).Select(_ => (float)random.NextDouble() - 0.5f)];
            var found = PairAlignment.Of(a, b, reach)!;
            double[] x = Emphasised(a),
                y = Emphasised(b);
            double scale = Math.Sqrt(x.Sum(v => v * v) * y.Sum(v => v * v));
            var sums = Enumerable
                .Range(-reach, (2 * reach) + 1)
                .Select(lag => (lag, Math.Abs(x.Select((v, i) => i + lag >= 0 && i + lag < y.Length ? v * y[i + lag] : 0).Sum()) / scale))
                .ToList();
            var best = sums.MaxBy(s => s.Item2);
            found.Lag.Should().Be(best.lag, $"{first} and {second} samples, lags up to {reach}");
            found.Correlation.Should().BeApproximately(best.Item2, 1e-12);
            found.Unshifted.Should().BeApproximately(sums[reach].Item2, 1e-12);
        }

        static double[] Emphasised(float[] signal) => [.. signal.Skip(1).Select((v, i) => v - (0.95 * signal[i]))];
    }

    [Test]
    public void Two_samples_are_taken_and_one_has_no_correlation()
    {
        PairAlignment.Of([0.1f, 0.2f], [0.1f, 0.2f], 100).Should().Be(new PairAlignment(0, 1, 1));
        PairAlignment.Of([0.1f], [0.1f], 100).Should().BeNull();
    }

    private static void Between(PairedCorpus corpus)
    {
        var pairs = corpus
            .Test.Select(u => u.LoadPair())
            .Select(p => (Clean: p.Clean.Take(128_000).ToArray(), Noisy: p.Noisy.Take(128_000).ToArray()))
            .ToList();
        var own = pairs.Select(p => PairAlignment.Of(p.Clean, p.Noisy, 16_000)!).ToList();
        var strangers = pairs
            .SelectMany(
                (p, i) =>
                    pairs
                        .Where((q, j) => i != j && !p.Clean.SequenceEqual(q.Clean))
                        .Select(q => PairAlignment.Of(p.Clean, q.Noisy, 16_000)!)
            )
            .ToList();
        TestContext.Out.WriteLine(
            $"{pairs.Count} pairs: own correlation {own.Min(a => a.Correlation):F3} and more, strangers "
                + $"{strangers.Max(a => a.Correlation):F3} and less"
        );
        own.Should().OnlyContain(a => a.Lag == 0 && a.Correlation > AuditLimits.Related);
        strangers.Should().OnlyContain(a => a.Correlation < AuditLimits.Unrelated);
    }
}
