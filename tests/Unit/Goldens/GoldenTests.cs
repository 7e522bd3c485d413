using System.Globalization;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Goldens;

public sealed class GoldenTests
{
    private const string Host = "CPU A; avx2; 2 cores";
    private const string OtherHost = "CPU B; avx512f; 8 cores";

    [Test]
    public void Text_is_made_to_be_read_in_a_diff()
    {
        GoldenText
            .Write(Sample())
            .Should()
            .Be(
                """
                SpeechGan golden trajectory, format 2
                name: tiny
                command: speechgan train --preset tiny
                version: 0.1.0
                date: 2026-11-22
                seed: 1
                corpus: tests/corpus
                host: CPU A; avx2; 2 cores
                tolerance mean.pesq_wb 0.05: three libtorch versions spread by 0.03
                tolerance utterance.pesq_wb 0.1: three libtorch versions spread by 0.06

                epoch 1
                  digest 00ff
                  loss.total 0.30000000000000004
                  mean.pesq_wb 1.5
                  absent discriminatorLoss: stepped on none of 2 batches
                  utterance "p 1" pesq_wb 1.25 si_sdr -3
                  utterance "p\"2" pesq_wb 1.75

                epoch 2
                  loss.total 0.25
                  mean.pesq_wb 1.625

                """
            );
    }

    [Test]
    public void Text_reads_back_equal()
    {
        var golden = Sample();
        var text = GoldenText.Write(golden);
        var copy = GoldenText.Parse(text, "copy");

        copy.Should().BeEquivalentTo(golden);
        GoldenText.Write(copy).Should().Be(text);
    }

    [Test]
    public void Equal_trajectory_is_equal_on_any_host()
    {
        Sample()
            .CompareWith(Sample().Trajectory, Host)
            .Should()
            .Match<GoldenComparison>(c =>
                c.Outcome == GoldenOutcome.Equal
                && c.SameHost
                && c.Worst == null
                && c.Sentence == "Golden 'tiny': equal over 2 epochs, on the same host, where every bit must be equal."
            );
        Sample().CompareWith(Sample().Trajectory, OtherHost).Outcome.Should().Be(GoldenOutcome.Equal);
    }

    [Test]
    public void Last_bit_differs_on_the_same_host_and_is_within_tolerance_on_another()
    {
        var received = With(2, "mean.pesq_wb", Math.BitIncrement(1.625));

        var same = Sample().CompareWith(received, Host);
        same.Outcome.Should().Be(GoldenOutcome.Differs);
        same.FirstDivergentEpoch.Should().Be(2);
        same.Worst.Should()
            .Match<Divergence>(d =>
                d.Metric == "mean.pesq_wb" && d.Expected == "1.625" && d.Received == "1.6250000000000002" && d.Allowed == 0
            );
        var other = Sample().CompareWith(received, OtherHost);
        other.Outcome.Should().Be(GoldenOutcome.WithinTolerance);
        other
            .Sentence.Should()
            .Be("Golden 'tiny': within tolerance over 2 epochs, on another host than the golden's, where its tolerances hold.");
    }

    [TestCase(0.05, GoldenOutcome.WithinTolerance)]
    [TestCase(0.0501, GoldenOutcome.Differs)]
    [TestCase(-0.0501, GoldenOutcome.Differs)]
    public void Tolerance_is_exact_at_its_boundary(double by, GoldenOutcome outcome)
    {
        // 1.5 + 0.05 - 1.5 is a little above 0.05 in binary; the golden's tolerance is set to that distance.
        var golden = Sample() with { Tolerances = new Tolerances { All = [new("mean.pesq_wb", 1.5 + 0.05 - 1.5, "test")] } };
        golden.CompareWith(With(1, "mean.pesq_wb", 1.5 + by), OtherHost).Outcome.Should().Be(outcome);
    }

    [Test]
    public void Value_without_a_tolerance_must_be_equal_on_every_host()
    {
        Sample()
            .CompareWith(With(1, "loss.total", 0.3), OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 1, loss.total: expected 0.30000000000000004, received 0.3, allowed distance 0");
    }

    [Test]
    public void First_divergent_epoch_and_its_worst_value_are_named()
    {
        var received = With(1, "mean.pesq_wb", 1.1, With(2, "mean.pesq_wb", 0.1));
        received = Change(received, 1, e => e with { Utterances = Utterances(("p 1", 1.19, -3), ("p\"2", 0.75, null)) });

        var comparison = Sample().CompareWith(received, OtherHost);

        comparison.Divergences.Should().HaveCount(3);
        comparison.FirstDivergentEpoch.Should().Be(1);
        comparison
            .Sentence.Should()
            .Be(
                "Golden 'tiny' differs from epoch 1 on, on another host than the golden's, where its tolerances hold. "
                    + "Worst there: epoch 1, utterance 'p\"2', utterance.pesq_wb: expected 1.75, received 0.75, allowed distance 0.1. "
                    + "3 values differ in all."
            );
    }

    [Test]
    public void Value_that_is_there_on_one_side_only_differs()
    {
        var fewer = new Trajectory { Epochs = [Sample().Trajectory.Epochs[0]] };
        Sample()
            .CompareWith(fewer, OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 2, epoch: expected present, received nothing, allowed distance 0");
        (Sample() with { Trajectory = fewer })
            .CompareWith(Sample().Trajectory, Host)
            .Worst!.InWords()
            .Should()
            .Be("epoch 2, epoch: expected nothing, received present, allowed distance 0");

        var noLoss = Change(Sample().Trajectory, 1, e => e with { Values = new Dictionary<string, double> { ["mean.pesq_wb"] = 1.5 } });
        Sample()
            .CompareWith(noLoss, OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 1, loss.total: expected 0.30000000000000004, received nothing, allowed distance 0");
        Sample()
            .CompareWith(With(1, "extra", 1), OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 1, extra: expected nothing, received 1, allowed distance 0");

        var noUtterance = Change(Sample().Trajectory, 1, e => e with { Utterances = Utterances(("p 1", 1.25, -3)) });
        Sample()
            .CompareWith(noUtterance, OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 1, utterance 'p\"2', utterance: expected present, received nothing, allowed distance 0");
    }

    [Test]
    public void Parameter_digest_counts_on_the_same_host_only_but_must_be_there()
    {
        var changed = Change(Sample().Trajectory, 1, e => e with { ParameterDigest = "aa" });
        Sample()
            .CompareWith(changed, Host)
            .Worst!.InWords()
            .Should()
            .Be("epoch 1, parameterDigest: expected 00ff, received aa, allowed distance 0");
        Sample().CompareWith(changed, OtherHost).Outcome.Should().Be(GoldenOutcome.WithinTolerance);
        Sample()
            .CompareWith(Change(Sample().Trajectory, 1, e => e with { ParameterDigest = null }), OtherHost)
            .Outcome.Should()
            .Be(GoldenOutcome.Differs);
    }

    [Test]
    public void Tolerance_needs_a_cause()
    {
        FluentActions
            .Invoking(() => new Tolerances { All = [new("mean.pesq_wb", 0.1, " ")] })
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("The tolerance of 'mean.pesq_wb' has no cause; write the measured spread it comes from.");
        FluentActions.Invoking(() => new Tolerances { All = [new("mean.pesq_wb", -0.1, "x")] }).Should().Throw<ArgumentException>();
    }

    [Test]
    public void Trajectory_of_a_run_has_its_epochs_and_its_validation_utterances()
    {
        var epoch = RunSamples.Epoch(1, RunSamples.Stepped(1, 1), RunSamples.Skipped(1, 2)) with
        {
            Validation = new ValidationSummary
            {
                Split = "valid",
                Utterances = 1,
                Mean = new Dictionary<string, double> { ["pesq_wb"] = 2.5, ["stoi"] = 0.9 },
            },
            ParameterDigest = "ab",
        };
        UtteranceEvaluation Utterance(string split, double pesq) =>
            new()
            {
                Epoch = 1,
                Split = split,
                Name = "u",
                CutStart = 0,
                CutLength = 8,
                Metrics = new Dictionary<string, double> { ["pesq_wb"] = pesq, ["stoi"] = 0.9 },
            };
        var run = new RunRecord
        {
            Info = new RunInfo
            {
                Id = "r",
                Status = RunStatus.Completed,
                Started = DateTimeOffset.UnixEpoch,
                Seed = 1,
            },
            Epochs = [epoch],
            Evaluations = [Utterance("valid", 2.5), Utterance("test", 3)],
        };

        var only = Trajectory.Of(run).Epochs.Should().ContainSingle().Subject;

        only.Values.Keys.Should()
            .Equal(
                "batchesSeen",
                "batchesStepped",
                "discriminatorCorrelation",
                "discriminatorError",
                "discriminatorLoss",
                "loss.gan",
                "loss.magnitude",
                "loss.ri",
                "loss.time",
                "loss.total",
                "mean.pesq_wb",
                "samplesMasked.SILENT_DEGRADED",
                "samplesScored",
                "samplesSeen",
                "trainingRate"
            );
        only.Values["trainingRate"].Should().Be(0.5);
        only.ParameterDigest.Should().Be("ab");
        only.Utterances.Should().ContainKey("u").WhoseValue.Should().Equal(new Dictionary<string, double> { ["pesq_wb"] = 2.5 });
    }

    [TestCase("", "golden, line 1: the file does not end with a line feed; it was cut off.")]
    [TestCase("half\n", "golden, line 1: expected 'SpeechGan golden trajectory, format 3'.")]
    [TestCase("SpeechGan golden trajectory, format 0\n", "golden, line 1: expected 'SpeechGan golden trajectory, format 3'.")]
    [TestCase("SpeechGan golden trajectory, format 1\n", "golden, line 1: the file ends too early.")]
    [TestCase(
        "SpeechGan golden trajectory, format 5\n",
        "golden, line 1: format 5 is newer than this program, which reads up to 4; use the version that wrote it."
    )]
    public void Text_that_is_no_golden_gets_a_sentence(string text, string sentence)
    {
        FluentActions.Invoking(() => GoldenText.Parse(text, "golden")).Should().Throw<GoldenException>().WithMessage(sentence);
    }

    [TestCase("seed: 1", "seed: one", "golden, line 6: expected a whole number or 'not recorded' after 'seed: '.")]
    [TestCase("host:", "hast:", "golden, line 8: expected 'host: ...'.")]
    [TestCase("loss.total 0.25", "loss.total NaN", "golden, line 21: 'NaN' is not a number.")]
    [TestCase("epoch 2", "epoch 1", "golden, line 20: expected 'epoch N' with N above 1.")]
    [TestCase("\"p 1\"", "p 1", "golden, line 17: expected 'NAME NUMBER'*")]
    [TestCase("0.05: three", "0.05 three", "golden, line 9: expected 'tolerance NAME NUMBER: CAUSE'.")]
    public void Damaged_line_is_named(string found, string damaged, string sentence)
    {
        FluentActions
            .Invoking(() => GoldenText.Parse(GoldenText.Write(Sample()).Replace(found, damaged), "golden"))
            .Should()
            .Throw<GoldenException>()
            .WithMessage(sentence);
    }

    [Test]
    public void Mutated_goldens_are_read_or_refused_in_sentences()
    {
        const int seed = 20261125;
        var count = int.Parse(Environment.GetEnvironmentVariable("SPEECHGAN_FUZZ") ?? "2000", CultureInfo.InvariantCulture);
        TestContext.Out.WriteLine($"seed {seed}, {count} goldens");
        var random = new Random(seed);
        var sound = GoldenText.Write(BeforeTraining());
        int read = 0,
            refused = 0;
        for (var i = 0; i < count; i++)
        {
            var text = sound;
            for (var change = random.Next(1, 4); change > 0 && text.Length > 0; change--)
            {
                var at = random.Next(text.Length);
                text = random.Next(4) switch
                {
                    0 => text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)),
                    1 => text.Insert(at, text.Substring(at, Math.Min(random.Next(1, 40), text.Length - at))),
                    2 => text[..at] + (char)random.Next(1, 256) + text[(at + 1)..],
                    _ => text.Insert(at, new[] { "\n", "\"", " ", "\\ud800", "1e999", ": ", "\r", "tolerance ", "  " }[random.Next(9)]),
                };
            }

            try
            {
                var golden = GoldenText.Parse(text, "fuzz");
                golden.CompareWith(Sample().Trajectory, OtherHost).Sentence.Should().NotBeEmpty();
                GoldenText
                    .Parse(GoldenText.Write(golden), "again")
                    .CompareWith(golden.Trajectory, golden.Provenance.Host)
                    .Divergences.Should()
                    .BeEmpty("case {0} reads back equal", i);
                read++;
            }
            catch (GoldenException e)
            {
                e.Message.Should().StartWith("fuzz");
                refused++;
            }
        }

        TestContext.Out.WriteLine($"{read} read, {refused} refused");
        read.Should().BePositive();
        refused.Should().BePositive();
    }

    [Test]
    public void Outcomes_and_the_time_before_training_are_written_and_read_back()
    {
        var golden = BeforeTraining();
        var text = GoldenText.Write(golden);

        text.Should()
            .Contain(
                """

                epoch 0
                  outcome oracle.estimate-is-clean/time fails
                  outcome oracle.gain-leaves-pesq unmeasured
                  oracle.estimate-is-clean/time 0.28125
                  absent oracle.gain-leaves-pesq: no sample of the batch could be scored
                  utterance "p 1" noisy_pesq_wb 1.5

                epoch 1

                """.TrimEnd()
            );
        GoldenText.Parse(text, "copy").Should().BeEquivalentTo(golden);
        GoldenText.Write(GoldenText.Parse(text, "copy")).Should().Be(text);
    }

    [Test]
    public void An_outcome_counts_on_every_host()
    {
        var golden = BeforeTraining();
        var holds = Change(golden.Trajectory, 0, e =>
            e with
            {
                Outcomes = new Dictionary<string, string>(e.Outcomes) { ["oracle.estimate-is-clean/time"] = "holds" },
            }
        );
        golden
            .CompareWith(holds, OtherHost)
            .Worst!.InWords()
            .Should()
            .Be("epoch 0, oracle.estimate-is-clean/time: expected fails, received holds, allowed distance 0");
        var without = Change(golden.Trajectory, 0, e => e with { Outcomes = Absence.None });
        golden
            .CompareWith(without, OtherHost)
            .Divergences.Select(d => (d.Metric, d.Received))
            .Should()
            .Equal(("oracle.estimate-is-clean/time", null), ("oracle.gain-leaves-pesq", null));
    }

    [Test]
    public void A_golden_of_format_1_is_read_written_alike_and_compared_by_what_it_knew()
    {
        var text = GoldenText.Write(Sample()).Replace("format 2", "format 1", StringComparison.Ordinal);
        var old = GoldenText.Parse(text, "old");
        old.Format.Should().Be(1);
        GoldenText.Write(old).Should().Be(text);

        // What a run records today: epoch 0, outcomes, shares.
        var today = BeforeTraining().Trajectory;
        today = Change(today, 1, e => e with { Values = new Dictionary<string, double>(e.Values)
                {
                    ["gradientShare.gan"] = 0.2,
                    ["samplesSeen"] = 6,
                } });
        old.CompareWith(today, Host).Outcome.Should().Be(GoldenOutcome.Equal);
        old.CompareWith(With(2, "mean.pesq_wb", 1.0, today), OtherHost).Worst!.Metric.Should().Be("mean.pesq_wb");
        Sample().CompareWith(today, Host).Outcome.Should().Be(GoldenOutcome.Differs, "a golden of today's format knows them");
        FluentActions
            .Invoking(() => GoldenText.Parse(text.Replace("epoch 1\n", "epoch 0\n", StringComparison.Ordinal), "old"))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("old, line 12: expected 'epoch N' with N above 0.", "format 1 began with epoch 1");
    }

    [Test]
    public void Trajectory_before_training_has_the_oracle_checks_and_the_noisy_sides()
    {
        UtteranceEvaluation Noisy(string name, double pesq) =>
            new()
            {
                Epoch = 0,
                Split = "valid",
                Name = name,
                CutStart = 0,
                CutLength = 8,
                Metrics = new Dictionary<string, double> { ["noisy_pesq_wb"] = pesq, ["noisy_stoi"] = 1 },
            };
        var run = new RunRecord
        {
            Info = new RunInfo
            {
                Id = "r",
                Status = RunStatus.Completed,
                Started = DateTimeOffset.UnixEpoch,
                Seed = 1,
            },
            Oracles =
            [
                new()
                {
                    Epoch = 0,
                    Name = "good",
                    Observed = 0,
                    Expected = 0,
                    Allowed = 0.1,
                },
                new()
                {
                    Epoch = 0,
                    Name = "bad",
                    Observed = 1,
                    Expected = 0,
                    Allowed = 0.1,
                },
                new()
                {
                    Epoch = 0,
                    Name = "none",
                    Expected = 0,
                    Allowed = 0.1,
                    Unavailable = Absence.Of("observed", "silence"),
                },
                new()
                {
                    Epoch = 0,
                    Name = "bare",
                    Expected = 0,
                    Allowed = 0.1,
                },
            ],
            Evaluations = [Noisy("a", 1.5), Noisy("b", 1.25) with { Split = "test" }],
        };

        var before = Trajectory.Of(run).Epochs.Should().ContainSingle().Subject;

        before.Epoch.Should().Be(0);
        before
            .Outcomes.Should()
            .Equal(
                new Dictionary<string, string>
                {
                    ["oracle.bad"] = "fails",
                    ["oracle.bare"] = "unmeasured",
                    ["oracle.good"] = "holds",
                    ["oracle.none"] = "unmeasured",
                }
            );
        before.Values.Should().Equal(new Dictionary<string, double> { ["oracle.bad"] = 1, ["oracle.good"] = 0 });
        before
            .Unavailable.Should()
            .Equal(new Dictionary<string, string> { ["oracle.bare"] = "no reason was recorded", ["oracle.none"] = "silence" });
        before.Utterances.Should().ContainSingle().Which.Value.Should().Equal(new Dictionary<string, double> { ["noisy_pesq_wb"] = 1.5 });
        Trajectory.Of(run with { Oracles = [], Evaluations = [] }).Epochs.Should().BeEmpty();
    }

    internal static Golden BeforeTraining() =>
        Sample() with
        {
            Trajectory = new Trajectory
            {
                Epochs =
                [
                    new()
                    {
                        Epoch = 0,
                        Values = new Dictionary<string, double> { ["oracle.estimate-is-clean/time"] = 0.28125 },
                        Outcomes = new Dictionary<string, string>
                        {
                            ["oracle.estimate-is-clean/time"] = "fails",
                            ["oracle.gain-leaves-pesq"] = "unmeasured",
                        },
                        Unavailable = Absence.Of("oracle.gain-leaves-pesq", "no sample of the batch could be scored"),
                        Utterances = new Dictionary<string, IReadOnlyDictionary<string, double>>
                        {
                            ["p 1"] = new Dictionary<string, double> { ["noisy_pesq_wb"] = 1.5 },
                        },
                    },
                    .. Sample().Trajectory.Epochs,
                ],
            },
        };

    internal static Golden Sample() =>
        new()
        {
            Format = 2,
            Name = "tiny",
            Provenance = new Provenance
            {
                Command = "speechgan train --preset tiny",
                Version = "0.1.0",
                Date = "2026-11-22",
                Seed = 1,
                Corpus = "tests/corpus",
                Host = Host,
            },
            Tolerances = new Tolerances
            {
                All =
                [
                    new("utterance.pesq_wb", 0.1, "three libtorch versions spread by 0.06"),
                    new("mean.pesq_wb", 0.05, "three libtorch versions spread by 0.03"),
                ],
            },
            Trajectory = new Trajectory
            {
                Epochs =
                [
                    new()
                    {
                        Epoch = 1,
                        ParameterDigest = "00ff",
                        Values = new Dictionary<string, double> { ["mean.pesq_wb"] = 1.5, ["loss.total"] = 0.1 + 0.2 },
                        Unavailable = Absence.Of("discriminatorLoss", "stepped on none of 2 batches"),
                        Utterances = Utterances(("p 1", 1.25, -3), ("p\"2", 1.75, null)),
                    },
                    new()
                    {
                        Epoch = 2,
                        Values = new Dictionary<string, double> { ["mean.pesq_wb"] = 1.625, ["loss.total"] = 0.25 },
                        Utterances = Utterances(),
                    },
                ],
            },
        };

    internal static Trajectory With(int epoch, string name, double value, Trajectory? trajectory = null) =>
        Change(trajectory ?? Sample().Trajectory, epoch, e =>
            e with
            {
                Values = e.Values.Where(v => v.Key != name).Append(new(name, value)).ToDictionary(),
            }
        );

    internal static Trajectory Change(Trajectory trajectory, int epoch, Func<TrajectoryEpoch, TrajectoryEpoch> change) =>
        new() { Epochs = [.. trajectory.Epochs.Select(e => e.Epoch == epoch ? change(e) : e)] };

    internal static Dictionary<string, IReadOnlyDictionary<string, double>> Utterances(
        params (string Name, double Pesq, double? SiSdr)[] utterances
    ) =>
        utterances.ToDictionary(
            u => u.Name,
            u =>
                (IReadOnlyDictionary<string, double>)(
                    u.SiSdr is { } s
                        ? new Dictionary<string, double> { ["pesq_wb"] = u.Pesq, ["si_sdr"] = s }
                        : new Dictionary<string, double> { ["pesq_wb"] = u.Pesq }
                )
        );
}
