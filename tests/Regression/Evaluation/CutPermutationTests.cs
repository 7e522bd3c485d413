using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SpeechGan.Data;
using SpeechGan.Evaluation;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;

namespace SpeechGan.Tests.Regression.Evaluation;

/// <summary>
/// What reaches the network in an evaluation, seen from the evaluator itself: 200 permutations of order, batch size, workers, tensor
/// threads, culture, working directory, seed and epoch leave every cut's bytes alone, and five of them the whole evaluation. The published
/// policy
/// `random` fails the same check.
/// </summary>
public sealed class CutPermutationTests
{
    private const int Permutations = 200,
        Seed = 25;
    private Workplace place = null!;
    private IReadOnlyList<Utterance> utterances = null!;

    [OneTimeSetUp]
    public void Make()
    {
        place = new Workplace(train: 2, valid: 4, test: 2);
        var corpus = PairedCorpus.Open(place.Corpus, new CorpusOptions { CacheBytes = 1 << 24 });
        utterances = [.. corpus.Valid, .. corpus.Test];
    }

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [TestCase("center", 0)]
    [TestCase("full", 0)]
    [TestCase("random", Permutations)]
    public void Two_hundred_permutations_leave_the_cuts_alone_and_the_random_policy_fails_the_same_check(string policy, int changed)
    {
        TestContext.Out.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var expected = Hashes(Config(policy, 0), utterances, epoch: 0);
        expected.Should().HaveCount(6).And.OnlyHaveUniqueItems(e => e.Value);
        Enumerable
            .Range(1, Permutations)
            .Count(i =>
                Elsewhere(random, i, (order, further) => !Hashes(Config(policy, i, further), order, epoch: i).SequenceEqual(expected))
            )
            .Should()
            .Be(changed);
    }

    [TestCase("center", true)]
    [TestCase("random", false)]
    public void Five_whole_evaluations_end_with_the_same_bits_and_not_so_under_the_random_policy(string policy, bool same)
    {
        using var networks = new Networks(Config(policy, 1));
        networks.Train(false);
        var enhancer = new Enhancer(networks.Generator, networks.Spectrum);
        var some = utterances.Take(2).ToList();
        var random = new Random(Seed);
        var expected = Scores(Config(policy, 0), some, 0);
        for (var i = 1; i <= 5; i++)
            Elsewhere(random, i, (order, further) =>
                    Scores(Config(policy, i, further), [.. order.Where(some.Contains)], i).SequenceEqual(expected)
                )
                .Should()
                .Be(same, "permutation {0}", i);

        SortedDictionary<string, string> Scores(RunConfig config, IReadOnlyList<Utterance> order, int epoch) =>
            new(
                new Evaluator(config)
                    .Evaluate(order, "valid", epoch, noisy => enhancer.Enhance(noisy))
                    .ToDictionary(r => r.Name, r => System.Text.Json.JsonSerializer.Serialize(r with { Epoch = 0 }, RunJson.Line)),
                StringComparer.Ordinal
            );
    }

    /// <summary>Runs something in an order, a batch size, a number of workers, a culture and a working directory of its own.</summary>
    private bool Elsewhere(Random random, int number, Func<IReadOnlyList<Utterance>, string[], bool> check)
    {
        var order = utterances.ToArray();
        random.Shuffle(order);
        var (culture, folder, threads) = (CultureInfo.CurrentCulture, Directory.GetCurrentDirectory(), TorchSharp.torch.get_num_threads());
        try
        {
            if (number % 2 == 0)
            {
                // With invariant globalization other cultures cannot be had: one that writes commas stands for them.
                var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
                (commas.NumberFormat.NumberDecimalSeparator, commas.NumberFormat.NumberGroupSeparator, commas.NumberFormat.NegativeSign) = (
                    ",",
                    ".",
                    "~"
                );
                CultureInfo.CurrentCulture = commas;
            }
            Directory.SetCurrentDirectory(number % 3 == 0 ? place.Root : Path.GetTempPath());
            TorchSharp.torch.set_num_threads(1 + (number % 3));
            return check(
                order,
                [
                    string.Create(CultureInfo.InvariantCulture, $"evaluation.batchSize={random.Next(1, 9)}"),
                    string.Create(CultureInfo.InvariantCulture, $"evaluation.workers={random.Next(1, 5)}"),
                ]
            );
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
            Directory.SetCurrentDirectory(folder);
            TorchSharp.torch.set_num_threads(threads);
        }
    }

    private static RunConfig Config(string policy, int seed, params string[] further) =>
        SmallRun.Config([
            "evaluation.cut=" + policy,
            "evaluation.cutSeconds=0.5",
            string.Create(CultureInfo.InvariantCulture, $"seed={seed}"),
            .. further,
        ]);

    /// <summary>The noisy cut of every utterance as the network would get it, with where it lies.</summary>
    private static SortedDictionary<string, string> Hashes(RunConfig config, IReadOnlyList<Utterance> order, int epoch)
    {
        // Several threads enhance: an estimate is known again by its array.
        var hashes = new ConcurrentDictionary<float[], string>();
        var names = new ConcurrentDictionary<string, string>();
        // An estimate that is not finite has no score: only what goes in is looked at, and 200 permutations take no time.
        var records = new Evaluator(config).Evaluate(
            order,
            "valid",
            epoch,
            noisy =>
            {
                var nothing = new float[noisy.Length];
                nothing[0] = float.NaN;
                hashes[nothing] = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(noisy.AsSpan())));
                return nothing;
            },
            keep: (utterance, estimate) => names[utterance.Name] = hashes[estimate]
        );
        records.Should().OnlyContain(r => r.Metrics.Count == 0);
        return new(records.ToDictionary(r => r.Name, r => $"{r.CutStart}+{r.CutLength} {names[r.Name]}"), StringComparer.Ordinal);
    }
}
