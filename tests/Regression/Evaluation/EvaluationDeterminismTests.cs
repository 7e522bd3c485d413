using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using SpeechGan.Data;
using SpeechGan.Dsp;
using SpeechGan.Evaluation;
using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;
using SpeechGan.Training;

namespace SpeechGan.Tests.Regression.Evaluation;

/// <summary>Evaluation is a function of the files and the weights: neither order, batch size, workers, culture, working directory nor epoch changes a bit.</summary>
public sealed class EvaluationDeterminismTests
{
    private const int Permutations = 200;
    private Workplace place = null!;

    [OneTimeSetUp]
    public void Make() => place = new Workplace(train: 2, valid: 4, test: 2);

    [OneTimeTearDown]
    public void Remove() => place.Dispose();

    [TestCase("center")]
    [TestCase("full")]
    public void Cuts_are_the_same_bytes_in_any_order_and_epoch(string cut)
    {
        var utterances = Utterances();
        var expected = Cuts(utterances, cut, seed: 1, epoch: 1);
        expected.Should().HaveCount(6);
        var random = new Random(20);
        for (var i = 0; i < Permutations; i++)
        {
            var order = utterances.ToArray();
            random.Shuffle(order);
            Cuts(order, cut, seed: i, epoch: i).Should().Equal(expected);
        }
    }

    [Test]
    public void Random_cuts_fail_the_same_check()
    {
        // Upstream's fault F10: the check above must see it.
        Cuts(Utterances(), "random", seed: 1, epoch: 1).Should().NotEqual(Cuts(Utterances(), "random", seed: 1, epoch: 2));
        Cuts(Utterances(), "random", seed: 1, epoch: 1).Should().NotEqual(Cuts(Utterances(), "random", seed: 2, epoch: 1));
    }

    [Test]
    public void Scores_are_the_same_bits_in_any_order_batch_size_number_of_workers_and_threads_culture_and_place()
    {
        var utterances = Utterances().Take(3).ToArray();
        using var networks = new Networks(Config());
        var expected = Scores(networks, Config(), utterances, epoch: 1);
        var random = new Random(21);
        var (culture, place, threads) = (CultureInfo.CurrentCulture, Directory.GetCurrentDirectory(), TorchSharp.torch.get_num_threads());
        try
        {
            // Batch sizes 1 to 8 and workers 1 to 4 in five combinations, each in an order, a culture and a working directory of its own.
            foreach (var (size, workers, name) in new[] { (1, 4, "de-DE"), (2, 3, "tr-TR"), (3, 2, "ar-SA"), (5, 1, "fr-FR"), (8, 4, "") })
            {
                var order = utterances.ToArray();
                random.Shuffle(order);
                CultureInfo.CurrentCulture = WithCommas(name);
                Directory.SetCurrentDirectory(size % 2 == 0 ? this.place.Root : Path.GetTempPath());
                TorchSharp.torch.set_num_threads(workers);
                var config = Config($"evaluation.batchSize={size}", $"evaluation.workers={workers}");
                Scores(networks, config, order, epoch: size).Should().Equal(expected, $"batch size {size}, {workers} workers, culture '{name}'");
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
            Directory.SetCurrentDirectory(place);
            TorchSharp.torch.set_num_threads(threads);
        }
        expected.Should().HaveCount(3).And.OnlyContain(e => e.Value.Contains("pesq_wb"));
    }

    [Test]
    public void Scores_under_random_cuts_change_with_the_epoch()
    {
        using var networks = new Networks(Config());
        var utterances = Utterances().Take(2).ToArray();
        var random = Config("evaluation.cut=random");
        Scores(networks, random, utterances, epoch: 1).Should().NotEqual(Scores(networks, random, utterances, epoch: 2));
    }

    [Test]
    public void The_same_seed_twice_gives_equal_records_and_checkpoints()
    {
        var config = SmallRun.Config("evaluation.cutSeconds=0.5");
        string first = place.NewRun(), second = place.NewRun();
        var small = new Workplace();
        using (small)
        {
            SmallRun.Whole(first, small.Corpus, config);
            SmallRun.Whole(second, small.Corpus, config);
        }
        EndState.Differences(EndState.Of(first), EndState.Of(second)).Should().BeEmpty();
    }

    [Test]
    public void Evaluating_more_or_less_often_changes_no_weight()
    {
        using var small = new Workplace(test: 0);
        string Digest(int every) => SmallRun.Whole(small.NewRun(), small.Corpus, SmallRun.Config("evaluation.cutSeconds=0.5", $"evaluation.everyEpochs={every}")).Epochs[^1].ParameterDigest!;
        Digest(2).Should().Be(Digest(1));
    }

    private static RunConfig Config(params string[] further) => SmallRun.Config(["evaluation.cutSeconds=1", .. further]);

    // With invariant globalization other cultures than the invariant one cannot be had: one that writes commas stands for them.
    private static CultureInfo WithCommas(string name)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        if (name.Length > 0)
            (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator, culture.NumberFormat.NegativeSign) = (",", ".", "~");
        return culture;
    }

    private Utterance[] Utterances()
    {
        var corpus = PairedCorpus.Open(place.Corpus, new CorpusOptions { CacheBytes = 1 << 24 });
        return [.. corpus.Valid, .. corpus.Test];
    }

    private static SortedDictionary<string, string> Cuts(IEnumerable<Utterance> utterances, string policy, long seed, int epoch)
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var config = Config("evaluation.cut=" + policy, $"seed={seed}");
        new Evaluator(config).Cuts.Policy.ToString().Should().BeEquivalentTo(policy);
        var cuts = new Evaluator(config).Cuts;
        foreach (var utterance in utterances)
        {
            var (clean, noisy) = utterance.LoadShared();
            var start = cuts.Start(clean.Length, seed, epoch, (long)(CounterRandom.Stream(utterance.Name) >> 1));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var side in new[] { clean, noisy })
            {
                var cut = new float[cuts.Length(side.Length)];
                CutSampler.Fill(side, start, cut);
                hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(cut.AsSpan()));
            }
            hashes[utterance.Name] = Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        return hashes;
    }

    private static SortedDictionary<string, string> Scores(Networks networks, RunConfig config, IReadOnlyList<Utterance> utterances, int epoch)
    {
        networks.Train(false);
        var enhancer = new Enhancer(networks.Generator, networks.Spectrum);
        var records = new Evaluator(config).Evaluate(utterances, "valid", epoch, noisy => enhancer.Enhance(noisy));
        records.Select(r => r.Name).Should().Equal(utterances.Select(u => u.Name));
        return new(records.ToDictionary(r => r.Name, r => JsonSerializer.Serialize(r with { Epoch = 0 }, RunJson.Line)), StringComparer.Ordinal);
    }
}
