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
