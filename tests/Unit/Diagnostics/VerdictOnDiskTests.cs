using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SpeechGan.Diagnostics;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

/// <summary>A record has one verdict, whether its lines are held whole in memory or read from the disk as rows.</summary>
public sealed class VerdictOnDiskTests
{
    private const int Seed = 20261130;
    private string folder = "";

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("speechgan-verdict-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Damaged_records_have_the_verdict_of_the_same_lines_in_memory()
    {
        TestContext.Out.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        for (var i = 0; i < 60; i++)
        {
            var lines = AllTheoriesTests.Damage(Records.Healthy(1 + (i % 5)), random) with { Root = folder, Config = new RunConfig() };
            Write(lines);
            // As a reader leaves it: in order, with what is wrong with it told.
            var run = RecordDamage.Told(lines, Path.Combine(folder, "steps.jsonl"), Path.Combine(folder, "epochs.jsonl"));
            Verdict.Of(RunRecord.Load(folder)).ToJson().Should().Be(Verdict.Of(run).ToJson(), "record {0}", i);
        }
    }

    [Test]
    public void A_record_of_five_thousand_steps_has_the_verdict_it_had_when_it_was_held_whole()
    {
        var run = Long(30);
        Write(run);
        var verdict = Verdict.Of(RunRecord.Load(folder));
        verdict.ToJson().Should().Be(Verdict.Of(run).ToJson());
        // Judgements and their numbers to the bit; words may be mended.
        var judged = string.Join(
            '\n',
            verdict.All.Select(f =>
                string.Create(CultureInfo.InvariantCulture, $"{f.Id} {f.Outcome} {f.Observed:R} {f.Threshold:R} {f.SinceEpoch}")
            )
        );
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(judged))).Should().Be(Pinned, judged);
    }

    // Of the program that held all lines in memory (version 0.1.0), on this record.
    private const string Pinned = "a695ed1efba9833a3b747d3c80313e57f3dfd876a4b39d079a752861064fd2e6";

    // Healthy runs one after the other, as one training.
    private static RunRecord Long(int parts)
    {
        RunRecord[] runs = [.. Enumerable.Range(1, parts).Select(Records.Healthy)];
        var first = runs[0];
        return first with
        {
            Info = first.Info with { Id = "long" },
            Config = first.Config!.With($"train.epochs={parts * Records.Epochs}", "optimizer.decayEpochs=1000"),
            Steps =
            [
                .. runs.SelectMany(
                    (r, i) =>
                        r.Steps.Select(s =>
                            s with
                            {
                                Epoch = s.Epoch + (i * Records.Epochs),
                                Step = s.Step + (i * (long)Records.Epochs * Records.StepsPerEpoch),
                            }
                        )
                ),
            ],
            Epochs =
            [
                .. runs.SelectMany(
                    (r, i) =>
                        r.Epochs.Select(e =>
                            e with
                            {
                                Epoch = e.Epoch + (i * Records.Epochs),
                                LastStep = e.LastStep + (i * (long)Records.Epochs * Records.StepsPerEpoch),
                            }
                        )
                ),
            ],
            Evaluations =
            [
                .. runs.SelectMany(
                    (r, i) =>
                        r
                            .Evaluations.Where(e => i == 0 || e.Epoch > 0)
                            .Select(e => e with { Epoch = e.Epoch == 0 ? 0 : e.Epoch + (i * Records.Epochs) })
                ),
            ],
        };
    }

    private void Write(RunRecord run)
    {
        File.WriteAllText(Path.Combine(folder, "run.json"), JsonSerializer.Serialize(run.Info, RunJson.Document));
        File.WriteAllText(Path.Combine(folder, "config.json"), run.Config!.ToJson());
        File.WriteAllBytes(Path.Combine(folder, "steps.jsonl"), JsonLines.Encode(run.Steps));
        File.WriteAllBytes(Path.Combine(folder, "epochs.jsonl"), JsonLines.Encode(run.Epochs));
        File.WriteAllBytes(Path.Combine(folder, "evaluations.jsonl"), JsonLines.Encode(run.Evaluations));
        File.WriteAllBytes(Path.Combine(folder, "oracles.jsonl"), JsonLines.Encode(run.Oracles));
        File.Delete(Path.Combine(folder, "audit.json"));
        if (run.Audit is not null)
            File.WriteAllText(Path.Combine(folder, "audit.json"), JsonSerializer.Serialize(run.Audit, RunJson.Document));
    }
}
