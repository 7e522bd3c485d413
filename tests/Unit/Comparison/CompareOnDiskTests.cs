using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SpeechGan.Cli.Views;
using SpeechGan.Comparison;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Diagnostics;

namespace SpeechGan.Tests.Unit.Comparison;

/// <summary>Records on the disk are compared as they were when all their lines were held.</summary>
public sealed class CompareOnDiskTests
{
    private const int Seed = 20261201;
    private string folder = "";

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("speechgan-compare-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    // Of the program that held all lines in memory (version 0.1.0).
    [Platform("Linux", Reason = "logarithms of other systems differ in the last bit")]
    [TestCase("equal", "0b272170e2444bba922b")]
    [TestCase("seconds", "0b272170e2444bba922b")]
    [TestCase("seeds", "796fe8d8732089ab7ba5")]
    [TestCase("last bit", "e53b3d2795b209f6e456")]
    [TestCase("within", "5faf4fb85daed1e23d82")]
    [TestCase("no discriminator", "ada1f085e158c168f908")]
    [TestCase("older", "52260d8a68576f63a1ce")]
    [TestCase("training", "1cf07c897d3964e305e9")]
    [TestCase("twice", "33d31c85d9d3d362e6c2")]
    public void A_pair_has_the_comparison_it_had_when_it_was_held_whole(string kind, string pinned)
    {
        var (a, b, spread) = Pair(kind);
        var comparison = RunComparison.Of([new ComparedRun("A", OnDisk("a", a))], [new ComparedRun("B", OnDisk("b", b))], spread);
        var text = JsonSerializer.Serialize(CompareView.Json(comparison, ComparisonAssertion.Equal, null), RunJson.Document);
        text = text.Replace(folder, "", StringComparison.Ordinal);
        Convert
            .ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..20]
            .Should()
            .Be(pinned, text[..Math.Min(text.Length, 3000)]);
    }

    [Test]
    public void Drawn_pairs_are_aligned_as_all_their_fields_say()
    {
        TestContext.Out.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        for (var i = 0; i < 80; i++)
        {
            var whole = Records.Healthy(1 + (i % 3));
            RunRecord a = OnDisk("a", Drawn(whole, random)),
                b = OnDisk("b", Drawn(i % 2 == 0 ? whole : Records.Healthy(4), random));
            foreach (var commonOnly in new[] { false, true })
            {
                var expected = WholeAlignment.Of(a, b, commonOnly);
                var found = RunAlignment.Of(a, b, commonOnly);
                found.First.Should().Be(expected.First, "record {0}", i);
                (found.Count, found.CommonSteps, found.CommonEpochs)
                    .Should()
                    .Be((expected.Count, expected.CommonSteps, expected.CommonEpochs), "record {0}", i);
                found.Notes.Should().Equal(expected.Notes);
            }
        }
    }

    private static RunRecord Drawn(RunRecord run, Random random)
    {
        if (random.Next(3) == 0)
            return AllTheoriesTests.Damage(run, random);
        if (random.Next(2) == 0)
            return run;
        return Changed(run, random.Next(2, 9));
    }

    private static RunRecord Changed(RunRecord run, int every) =>
        run.WithSteps(s => s.Step % every == 0 ? s with { Loss = s.Loss with { Total = s.Loss.Total * 1.5 } } : s);

    private static (RunRecord A, RunRecord B, SameSeedSpread Spread) Pair(string kind)
    {
        var run = Records.Healthy(1);
        var none = SameSeedSpread.Unmeasured;
        return kind switch
        {
            "equal" => (run, run, none),
            "seconds" => (run, run.WithSteps(s => s with { Seconds = new StepSeconds { Total = s.Step } }), none),
            "seeds" => (run, Records.Healthy(2), SameSeedSpread.Of(run, [Records.Healthy(3)])),
            "last bit" => (run, run.WithSteps(s => s.Step < 40 ? s : s with { DiscriminatorLoss = Up(s.DiscriminatorLoss) }), none),
            "within" => (
                run,
                run.WithSteps(s => s with { Loss = s.Loss with { Total = Up(s.Loss.Total) } }),
                SameSeedSpread.Of(run, [Records.Healthy(2)])
            ),
            "no discriminator" => (
                run,
                run.WithSteps(s =>
                    s with
                    {
                        DiscriminatorLoss = null,
                        DiscriminatorUpdate = null,
                        DiscriminatorStepped = false,
                        Unavailable = Absence.Of("discriminatorLoss", "there is none"),
                    }
                ),
                none
            ),
            "older" => (run, run.WithSteps(s => s with { Batch = null, GeneratorUpdate = null, Samples = null }), none),
            "training" => (
                run,
                run with
                {
                    Info = run.Info with { Status = RunStatus.Interrupted },
                    Steps = [.. run.Steps.Take(run.Steps.Count / 2)],
                    Epochs = [.. run.Epochs.Take(run.Epochs.Count / 2)],
                },
                none
            ),
            "twice" => (run, run with { Steps = [.. run.Steps, .. Records.Healthy(2).Steps.Take(20)] }, none),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static double? Up(double? value) => value is { } number ? Math.BitIncrement(number) : null;

    private RunRecord OnDisk(string name, RunRecord run)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.WriteAllText(Path.Combine(place, "run.json"), JsonSerializer.Serialize(run.Info, RunJson.Document));
        File.WriteAllText(Path.Combine(place, "config.json"), (run.Config ?? new RunConfig()).ToJson());
        File.WriteAllBytes(Path.Combine(place, "steps.jsonl"), JsonLines.Encode(run.Steps));
        File.WriteAllBytes(Path.Combine(place, "epochs.jsonl"), JsonLines.Encode(run.Epochs));
        File.WriteAllBytes(Path.Combine(place, "evaluations.jsonl"), JsonLines.Encode(run.Evaluations));
        File.WriteAllBytes(Path.Combine(place, "oracles.jsonl"), JsonLines.Encode(run.Oracles));
        return RunRecord.Load(place);
    }
}
