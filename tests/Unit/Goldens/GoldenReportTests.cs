using SpeechGan.Goldens;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Goldens;

/// <summary>The text of a failure is a product: these are its approved words.</summary>
public sealed class GoldenReportTests
{
    private readonly Scenario scenario = Scenarios.All[0];
    private string folder = "";

    [SetUp]
    public void Make() => folder = Scratch.Create("speechgan-report-");

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_failure_tells_all_that_a_person_needs() =>
        Report("the golden's")
            .InWords()
            .Replace(folder, "GOLDEN", StringComparison.Ordinal)
            .Should()
            .Be(
                """
                Golden 'healthy-seed-1' differs from epoch 2 on, on the same host, where every bit must be equal.

                  scenario   healthy, seed 1: A sound trainer: normalised time term, every sample scored, the discriminator stepping on every batch.
                  host       the golden's own: every bit must be equal
                  inputs     made of corpus A; now corpus B
                  first      epoch 2
                  worst      mean.pesq_wb: expected 2.25, received 2, allowed distance 0
                  also       4 values differ in all: utterance.pesq_wb, mean.si_sdr, parameterDigest
                  tolerance  mean.pesq_wb: 0.05 -> 0.0625
                  tolerance  utterance.pesq_wb: 0.125 -> 0

                Utterances in epoch 2:
                  utterance  metric           expected   received     change    allowed
                  a          pesq_wb            2.2500     2.0000    -0.2500          0  differs
                  a          si_sdr            17.0000    17.0000          0          0
                  b          pesq_wb            2.2500     2.2500          0          0

                  mean.pesq_wb (* expected, o received, @ both)
                  2.25 |        *
                       |
                       |
                       |
                       |@
                       |
                       |
                     2 |        o
                       +----------------
                        1       2

                  reproduce  speechgan golden check healthy-seed-1
                  look       speechgan golden diff healthy-seed-1    (files: GOLDEN/healthy-seed-1.verified.txt, GOLDEN/healthy-seed-1.received.txt)
                  accept     speechgan golden approve healthy-seed-1    (a person, with a reason, never on CI; then commit)

                """
            );

    [Test]
    public void On_another_host_the_tolerance_and_how_far_beyond_it_stand_there()
    {
        var text = Report("another").InWords();
        text.Should()
            .Contain("  host       another than the golden's: its tolerances hold\n")
            .And.Contain("  worst      mean.pesq_wb: expected 2.25, received 2, allowed distance 0.05 (5.0 times as far)\n")
            .And.Contain("  a          pesq_wb            2.2500     2.0000    -0.2500      0.125  differs\n");
    }

    [Test]
    public void The_value_that_differs_worst_is_drawn_beside_the_score()
    {
        var golden = GoldenOf("h", 2.25, 18);
        var received = golden with
        {
            Trajectory = GoldenSamples.Change(golden.Trajectory, 1, e =>
                e with
                {
                    Values = new Dictionary<string, double>(e.Values) { ["mean.si_sdr"] = 12 },
                }
            ),
        };
        var report = GoldenReport.Of(null, golden, received, new GoldenStore(folder));
        report.Charts.Select(c => c[0].Split(' ')[0]).Should().Equal("mean.pesq_wb", "mean.si_sdr");
        report.Facts.Select(f => f.Label).Should().Equal("host", "first", "worst");
        report.Epoch.Should().Be(1);
    }

    [Test]
    public void A_missing_utterance_and_a_failed_oracle_have_their_words()
    {
        var golden = GoldenOf("h", 2.25, 18);
        var gone = golden with
        {
            Trajectory = GoldenSamples.Change(golden.Trajectory, 2, e =>
                e with
                {
                    Utterances = GoldenSamples.Utterances(("b", 2.25, null)),
                }
            ),
        };
        var text = GoldenReport.Of(scenario, golden, gone, new GoldenStore(folder)).InWords();
        text.Should()
            .Contain("worst      utterance of utterance 'a': expected present, received nothing, allowed distance 0\n")
            .And.Contain("  a          pesq_wb            2.2500       none       none          0  differs\n");

        var oracle = GoldenSamples.BeforeTraining();
        var holds = oracle with
        {
            Trajectory = GoldenSamples.Change(oracle.Trajectory, 0, e =>
                e with
                {
                    Outcomes = new Dictionary<string, string>(e.Outcomes) { ["oracle.estimate-is-clean/time"] = "holds" },
                }
            ),
        };
        GoldenReport
            .Of(null, oracle, holds, new GoldenStore(folder))
            .InWords()
            .Should()
            .Contain("first      epoch 0 (before training)\n")
            .And.Contain("worst      oracle.estimate-is-clean/time: expected fails, received holds, allowed distance 0\n")
            .And.Contain("Utterances in epoch 0 (before training):\n");
    }

    [Test]
    public void Equal_trajectories_have_a_report_without_rows()
    {
        var golden = GoldenOf("h", 2.25, 18);
        var report = GoldenReport.Of(scenario, golden, golden, new GoldenStore(folder));
        report.Title.Should().Be("Golden 'healthy-seed-1': equal over 2 epochs, on the same host, where every bit must be equal.");
        report.Rows.Should().BeEmpty();
        report.InWords().Should().NotContain("Utterances in epoch").And.Contain("mean.pesq_wb (* expected");
    }

    private GoldenReport Report(string host)
    {
        var golden = GoldenOf("the golden's", 2.25, 17);
        var received = GoldenOf(host, 2.0, 17);
        received = received with
        {
            Provenance = received.Provenance with { Corpus = "corpus B" },
            Tolerances = new Tolerances { All = [new("mean.pesq_wb", 0.0625, "measured anew")] },
            Trajectory = GoldenSamples.Change(received.Trajectory, 2, e => e with { ParameterDigest = "bb", Values = new Dictionary<
                        string,
                        double
                    >(e.Values)
                    {
                        ["mean.si_sdr"] = Math.BitIncrement(17.0),
                    } }),
        };
        return GoldenReport.Of(scenario, golden, received, new GoldenStore(folder));
    }

    private static Golden GoldenOf(string host, double pesq, double siSdr) =>
        new()
        {
            Name = "healthy-seed-1",
            Provenance = new Provenance
            {
                Command = "c",
                Version = "0.1.0",
                Date = "2026-11-25",
                Seed = 1,
                Corpus = "corpus A",
                Host = host,
            },
            Tolerances = new Tolerances { All = [new("mean.pesq_wb", 0.05, "measured"), new("utterance.pesq_wb", 0.125, "measured")] },
            Trajectory = new Trajectory
            {
                Epochs =
                [
                    new()
                    {
                        Epoch = 1,
                        ParameterDigest = "a",
                        Values = Means(2.125, 17),
                        Utterances = GoldenSamples.Utterances(("a", 2.125, 17)),
                    },
                    new()
                    {
                        Epoch = 2,
                        ParameterDigest = "b",
                        Values = Means(pesq, siSdr),
                        Utterances = GoldenSamples.Utterances(("a", pesq, siSdr), ("b", 2.25, null)),
                    },
                ],
            },
        };

    private static Dictionary<string, double> Means(double pesq, double siSdr) =>
        new() { ["mean.pesq_wb"] = pesq, ["mean.si_sdr"] = siSdr };
}
