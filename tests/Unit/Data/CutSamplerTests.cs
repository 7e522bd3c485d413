using System.Globalization;
using SpeechGan.Data;
using SpeechGan.Dsp;

namespace SpeechGan.Tests.Unit.Data;

public sealed class CutSamplerTests
{
    [TestCase(100, 40, 30)]
    [TestCase(101, 40, 30)]
    [TestCase(102, 41, 30)]
    [TestCase(40, 40, 0)]
    [TestCase(39, 40, 0)]
    public void A_centre_cut_starts_at_half_the_difference_rounded_down(int length, int cut, int start)
    {
        new CutSampler(CutPolicy.Center, cut).Start(length, seed: 3, epoch: 4, item: 5).Should().Be(start);
        float[] clip = [.. Enumerable.Range(0, length).Select(i => (float)i)];
        CutSampler.Center(clip, cut)[0].Should().Be(start);
    }

    [Test]
    public void A_short_clip_is_repeated_whole_and_then_its_beginning() =>
        CutSampler.Center([1f, 2f, 3f], 8).Should().Equal(1f, 2f, 3f, 1f, 2f, 3f, 1f, 2f);

    [Test]
    public void A_full_cut_is_the_whole_clip()
    {
        var full = new CutSampler(CutPolicy.Full, 0);
        full.Length(77).Should().Be(77);
        full.Start(77, 1, 2, 3).Should().Be(0);
    }

    [Test]
    public void Random_starts_reach_both_ends_evenly()
    {
        const int places = 11,
            draws = 11_000;
        var sampler = new CutSampler(CutPolicy.Random, 40);
        var counts = new int[places];
        for (int item = 0; item < draws; item++)
            counts[sampler.Start(40 + places - 1, seed: 7, epoch: 2, item)]++;
        // Chi-square with 10 degrees of freedom: 29.6 is exceeded once in 1000; the seed is fixed, so that the outcome is too.
        counts.Sum(c => Math.Pow(c - (draws / places), 2) / (draws / places)).Should().BeLessThan(29.6);
    }

    [Test]
    public void Random_starts_follow_seed_epoch_and_item_and_nothing_else()
    {
        var sampler = new CutSampler(CutPolicy.Random, 4000);
        int[] Starts(long seed, long epoch) => [.. Enumerable.Range(0, 50).Select(i => sampler.Start(70_000, seed, epoch, i))];
        int[] starts = Starts(1, 0);
        int[] backwards = [.. Enumerable.Range(0, 50).Reverse().Select(i => sampler.Start(70_000, 1, 0, i)).Reverse()];
        backwards.Should().Equal(starts);
        Starts(2, 0).Should().NotEqual(starts);
        Starts(1, 1).Should().NotEqual(starts);
        starts.Distinct().Count().Should().BeGreaterThan(45);
    }

    [Test]
    public void Centre_cut_is_a_function_of_the_file_alone()
    {
        using var folder = new TemporaryFolder();
        string[] names = [.. Enumerable.Range(0, 12).Select(i => $"p{i}")];
        foreach (string name in names)
            folder.WritePair("test", name, 900 + (371 * int.Parse(name[1..])));
        const int cut = 2000;
        Dictionary<string, float[]> expected = names.ToDictionary(
            n => n,
            n => CutSampler.Center(WavFile.Read(folder[$"test/noisy/{n}.wav"]).Interleaved, cut)
        );
        CultureInfo culture = CultureInfo.CurrentCulture;
        string directory = Environment.CurrentDirectory;
        // Invariant globalisation knows no other culture by name, so that one is made.
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat = new NumberFormatInfo
        {
            NegativeSign = "~",
            NumberDecimalSeparator = ",",
            NumberGroupSeparator = ".",
        };
        try
        {
            for (int permutation = 0; permutation < 200; permutation++)
            {
                CultureInfo.CurrentCulture = permutation % 2 == 0 ? CultureInfo.InvariantCulture : foreign;
                Environment.CurrentDirectory = permutation % 3 == 0 ? folder.Path : directory;
                string root = permutation % 3 == 0 ? "." : folder.Path;
                IReadOnlyList<Utterance> test = PairedCorpus
                    .OpenForEvaluation(root, new CorpusOptions { Seed = permutation, CacheBytes = permutation % 5 * 20_000 })
                    .Test;
                Utterance[] shuffled = [.. CounterRandom.Permutation(test.Count, permutation, 0, 0).Select(i => test[i])];
                var reader = new BatchReader(
                    shuffled,
                    new BatchOptions
                    {
                        BatchSize = 1 + (permutation % 8),
                        Cut = CutPolicy.Center,
                        CutSamples = cut,
                        DropLast = false,
                        Workers = permutation % 4,
                        Shuffle = (ShufflePolicy)(permutation % 3),
                        Seed = permutation,
                    }
                );
                int seen = 0;
                foreach (Batch batch in reader.Read(epoch: permutation))
                {
                    for (int b = 0; b < batch.BatchSize; b++, seen++)
                        batch
                            .Noisy.AsSpan(b * cut, cut)
                            .SequenceEqual(expected[batch.Names[b]])
                            .Should()
                            .BeTrue($"{batch.Names[b]}, permutation {permutation}");
                }
                seen.Should().Be(names.Length);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
            Environment.CurrentDirectory = directory;
        }
    }
}
