using System.Text.Json;
using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

/// <summary>What holds of every registered theory, whatever it asks.</summary>
public sealed class AllTheoriesTests
{
    private static IEnumerable<TestCaseData> Theories() => AllTheories.InOrder.Select(t => new TestCaseData(t).SetArgDisplayNames(t.Id));

    [TestCaseSource(nameof(Theories))]
    public void A_run_without_a_fault_rejects_it_on_ten_seeds(ITheory theory)
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var finding = theory.Examine(Records.Healthy(seed));
            if (theory is DiscriminatorOfClean)
            {
                finding.Outcome.Should().Be(FindingOutcome.NotMeasured, "its 180 steps are too few; its own tests have a run of 360");
                continue;
            }

            finding.Outcome.Should().Be(FindingOutcome.Rejected, "seed {0}: {1}", seed, finding.Sentence);
            finding.NextAction.Should().BeEmpty();
            finding.SinceEpoch.Should().BeNull();
        }
    }

    [TestCaseSource(nameof(Theories))]
    public void An_empty_record_is_not_measured_and_has_no_number(ITheory theory)
    {
        foreach (var config in new[] { null, new RunConfig(), Records.WithoutDiscriminator() })
        {
            var finding = theory.Examine(Records.Empty(config));
            finding.Outcome.Should().Be(FindingOutcome.NotMeasured, finding.Sentence);
            (finding.Observed, finding.Threshold, finding.Rule, finding.SinceEpoch).Should().Be((null, null, null, null));
            finding.Sentence.Should().EndWith(".").And.NotContain("..");
        }
    }

    [TestCaseSource(nameof(Theories))]
    public void Parts_of_a_record_and_damaged_numbers_never_throw_and_never_give_a_number_that_is_none(ITheory theory)
    {
        var random = new Random(20261125);
        TestContext.Out.WriteLine("seed 20261125");
        var healthy = Records.Healthy();
        for (var i = 0; i < 150; i++)
        {
            var run = Damage(healthy, random);
            Finding finding = null!;
            theory.Invoking(t => finding = t.Examine(run)).Should().NotThrow("record {0}", i);
            finding.Id.Should().Be(theory.Id);
            finding.Sentence.Should().NotBeNullOrWhiteSpace().And.NotContain("NaN");
            finding.ThresholdSource.Should().NotBeNullOrWhiteSpace();
            if (finding.Outcome == FindingOutcome.NotMeasured)
                finding.Observed.Should().BeNull();
            else
                double.IsFinite(finding.Observed!.Value).Should().BeTrue();
            finding.Invoking(f => JsonSerializer.Serialize(f, RunJson.Document)).Should().NotThrow("record {0}", i);
        }
    }

    [Test]
    public void Ids_are_unique_and_what_is_seen_from_outside_comes_last()
    {
        AllTheories.InOrder.Select(t => t.Id).Should().OnlyHaveUniqueItems();
        AllTheories.InOrder.Should().OnlyContain(t => t.Question.EndsWith('?'));
        AllTheories.InOrder[^1].Severity.Should().Be(Severity.Symptom);
    }

    [Test]
    public void Every_theory_stands_in_the_documentation()
    {
        var text = File.ReadAllText(Repository.PathOf("docs", "diagnosis.md"));
        foreach (var theory in AllTheories.InOrder)
            text.Should().Contain($"`{theory.Id}`");
        for (var fault = 1; fault <= 20; fault++)
            text.Should().Contain($"| F{fault} |");
    }

    internal static RunRecord Damage(RunRecord run, Random random)
    {
        double Number() =>
            random.Next(8) switch
            {
                0 => 0,
                1 => -1,
                2 => 1e300,
                3 => -1e300,
                4 => double.Epsilon,
                5 => 1e-300,
                6 => double.MaxValue,
                _ => random.NextDouble(),
            };
        bool Sometimes(int of = 4) => random.Next(of) == 0;
        double? Maybe(double? value)
        {
            if (Sometimes(6))
                return null;
            if (Sometimes(6))
                return Number();
            return value;
        }
        IReadOnlyList<T> Part<T>(IReadOnlyList<T> all)
        {
            if (Sometimes())
                return [];
            if (Sometimes())
                return [.. all.Take(random.Next(1, 4))];
            if (Sometimes())
                return [.. all.Where(_ => !Sometimes())];
            if (Sometimes())
                return [.. all, .. all.Take(3)];
            return all;
        }
        return run with
        {
            Config = Sometimes() ? null : run.Config,
            Info = run.Info with
            {
                Kernels =
                    Part(run.Info.Kernels) is { Count: > 0 } kernels && Sometimes()
                        ? [kernels[0] with { Checks = Part(kernels[0].Checks) }]
                        : [],
                Resumptions = Sometimes()
                    ?
                    [
                        new Resumption
                        {
                            Epoch = random.Next(9),
                            StepInEpoch = random.Next(3),
                            Step = 7,
                            BestPesq = Number(),
                        },
                    ]
                    : [],
            },
            Audit = Sometimes() ? null : run.Audit,
            Steps =
            [
                .. Part(run.Steps)
                    .Select(s =>
                        s with
                        {
                            Epoch = Sometimes(20) ? random.Next(-1, 9) : s.Epoch,
                            Batch = Sometimes(9) ? null : s.Batch,
                            GradientNorm = Sometimes(9)
                                ? null
                                : new GradientNorms
                                {
                                    Ri = Maybe(s.GradientNorm!.Ri),
                                    Gan = Maybe(s.GradientNorm.Gan),
                                    Generator = Maybe(s.GradientNorm.Generator),
                                },
                            DiscriminatorStepped = !Sometimes(9),
                            DiscriminatorLoss = Maybe(s.DiscriminatorLoss),
                            SampleCount = Sometimes(9) ? 0 : s.SampleCount,
                            Scored = Sometimes(9) ? 0 : s.Scored,
                            Samples =
                                Sometimes(5) ? null
                                : Sometimes(5) ? []
                                :
                                [
                                    .. s.Samples!.Select(x =>
                                        x with
                                        {
                                            Pesq = Maybe(x.Pesq),
                                            Discriminator = Maybe(x.Discriminator),
                                            DiscriminatorOfClean = Maybe(x.DiscriminatorOfClean),
                                            Target = Maybe(x.Target),
                                            Masked = Sometimes(9) ? "silent-degraded" : null,
                                        }
                                    ),
                                ],
                        }
                    ),
            ],
            Epochs =
            [
                .. Part(run.Epochs)
                    .Select(e =>
                        e with
                        {
                            BatchesSeen = Sometimes(9) ? 0 : e.BatchesSeen,
                            BatchesPlanned = Sometimes() ? null : e.BatchesPlanned,
                            ModeLoss = Sometimes() ? null : new ModeLoss { Training = Number(), Evaluation = Number() },
                            BestPesq = Maybe(e.BestPesq),
                            Loss = e.Loss with { Total = Maybe(e.Loss.Total) },
                            Validation = Sometimes()
                                ? null
                                : e.Validation! with
                                {
                                    Mean = Sometimes()
                                        ? new Dictionary<string, double>()
                                        : e.Validation.Mean.ToDictionary(m => m.Key, m => Maybe(m.Value) ?? 0),
                                    StateChanged = Sometimes() ? null : false,
                                },
                        }
                    ),
            ],
            Evaluations =
            [
                .. Part(run.Evaluations)
                    .Select(e =>
                        e with
                        {
                            Metrics = Sometimes()
                                ? new Dictionary<string, double>()
                                : e.Metrics.Where(_ => !Sometimes(6)).ToDictionary(m => m.Key, m => Maybe(m.Value) ?? 0),
                            CutStart = Sometimes(9) ? 0 : e.CutStart,
                        }
                    ),
            ],
            Oracles = [.. Part(run.Oracles).Select(o => o with { Observed = Maybe(o.Observed) })],
        };
    }
}
