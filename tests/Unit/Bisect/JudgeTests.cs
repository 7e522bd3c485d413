using SpeechGan.Bisect;
using SpeechGan.Goldens;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Bisect;

/// <summary>What is judged, how options and data are searched: the parts that need no training.</summary>
public sealed class JudgeTests
{
    private static Trajectory Of(params double[] pesq) =>
        new()
        {
            Epochs =
            [
                .. pesq.Select(
                    (p, i) =>
                        new TrajectoryEpoch
                        {
                            Epoch = i + 1,
                            Values = new Dictionary<string, double> { ["mean.pesq_wb"] = p, ["trainingRate"] = i == 0 ? 0 : 1 },
                            Unavailable = new Dictionary<string, string>
                            {
                                ["discriminatorLoss"] = "the discriminator stepped on none of 3 batches",
                            },
                            Utterances = new Dictionary<string, IReadOnlyDictionary<string, double>>(),
                        }
                ),
            ],
        };

    [Test]
    public void A_bound_judges_the_last_epoch_and_a_rate_over_the_whole_run()
    {
        TrialJudge
            .Bound(FieldReading.Of("mean.pesq_wb"), 2.0, null)
            .Judge(Of(2.5, 1.9), "")
            .Should()
            .BeEquivalentTo(
                new
                {
                    Outcome = TrialOutcome.Bad,
                    Value = 1.9,
                    Detail = "mean.pesq_wb 1.9",
                }
            );
        TrialJudge.Bound(FieldReading.Of("mean.pesq_wb"), 1.9, null).Judge(Of(2.5, 1.9), "").Outcome.Should().Be(TrialOutcome.Good);
        TrialJudge.Bound(FieldReading.Of("mean.pesq_wb"), null, 1.8).Judge(Of(2.5, 1.9), "").Outcome.Should().Be(TrialOutcome.Bad);
        TrialJudge
            .Bound(FieldReading.Of("trainingRate"), 0.7, null)
            .Judge(Of(2, 2), "")
            .Should()
            .BeEquivalentTo(new { Outcome = TrialOutcome.Bad, Value = 0.5 });
    }

    [TestCase(
        "mean.pesq",
        "The run's record has no field 'mean.pesq'. Did you mean 'mean.pesq_wb'? Its fields are mean.pesq_wb, trainingRate."
    )]
    [TestCase(
        "discriminatorLoss",
        "Field 'discriminatorLoss' was not measured: the discriminator stepped on none of 3 batches. Judge by another field."
    )]
    public void A_field_that_is_not_there_cannot_be_judged_and_says_why(string field, string sentence) =>
        TrialJudge
            .Bound(FieldReading.Of(field), 1, null)
            .Judge(Of(2), "")
            .Should()
            .BeEquivalentTo(new { Outcome = TrialOutcome.Skip, Detail = sentence });

    [Test]
    public void A_goldens_field_is_judged_by_its_measured_tolerance_in_every_epoch()
    {
        var golden = new Golden
        {
            Name = "g",
            Provenance = new Provenance
            {
                Command = "c",
                Version = "v",
                Date = "d",
                Seed = 1,
                Host = "h",
                Corpus = "c",
            },
            Tolerances = new Tolerances { All = [new Tolerance("mean.pesq_wb", 0.01, "measured")] },
            Trajectory = Of(2.0, 2.2),
        };
        var judge = TrialJudge.GoldenField(FieldReading.Of("mean.pesq_wb"), golden);
        judge.Judge(Of(2.009, 2.2), "h").Outcome.Should().Be(TrialOutcome.Good);
        judge
            .Judge(Of(2.02, 2.2), "h")
            .Should()
            .BeEquivalentTo(new { Outcome = TrialOutcome.Bad, Detail = "mean.pesq_wb 0.02 from the golden in epoch 1, allowed 0.01" });
        TrialJudge.WholeGolden(golden).Judge(Of(2.0, 2.2), "h").Detail.Should().Be("equal to the bit");
        TrialJudge
            .WholeGolden(golden)
            .Judge(Of(2.009, 2.2), "h")
            .Outcome.Should()
            .Be(TrialOutcome.Bad, "on its own host every bit must be equal");
        TrialJudge.WholeGolden(golden).Judge(Of(2.009, 2.2), "elsewhere").Outcome.Should().Be(TrialOutcome.Good);
        var reference = TrialJudge.Measured(FieldReading.Of("mean.pesq_wb")).Judge(Of(2.0, 2.2), "h");
        TrialJudge
            .Against(reference, TrialJudge.Measured(FieldReading.Of("mean.pesq_wb")).Judge(Of(2.0, 2.3), "h"), 0.01)
            .Outcome.Should()
            .Be(TrialOutcome.Bad);
        TrialJudge.Against(reference, reference, 0).Outcome.Should().Be(TrialOutcome.Good);
    }

    [TestCase(0.0)]
    [TestCase(0.05)]
    public void Options_are_named_with_their_effects_and_refused_combinations_are_passed_over(double flaky)
    {
        SpeechGan.Configuration.KnobDifference[] options =
        [
            .. Enumerable.Range(0, 8).Select(i => new SpeechGan.Configuration.KnobDifference("o" + i, "0", "1")),
        ];
        var lies = new Random(7);
        var result = new ConfigBisect(
            options,
            set =>
            {
                HashSet<string> on = [.. set.Select(o => o.Key)];
                if (on.Contains("o5") != on.Contains("o6"))
                    return new TrialResult { Outcome = TrialOutcome.Skip, Detail = "refused" };
                var bad = on.Contains("o1") && on.Contains("o4");
                return new TrialResult
                {
                    Outcome = bad != (lies.NextDouble() < flaky) ? TrialOutcome.Bad : TrialOutcome.Good,
                    Detail = "",
                    Value =
                        bad ? 1
                        : on.Contains("o2") ? 2.9
                        : 3,
                };
            },
            flaky
        ).Run();
        result.Needed!.Select(o => o.Key).Should().Equal("o1", "o4");
        (result.Sufficient, result.Necessary, result.Good, result.Bad, result.Reproduced).Should().Be((true, true, 3, 1, 1));
        result.AlsoSufficient.Should().BeEmpty();
        result.Effects.Should().HaveCount(8);
        result
            .Effects[0]
            .Should()
            .BeEquivalentTo(
                new
                {
                    Needed = true,
                    Alone = 3,
                    AloneOutcome = TrialOutcome.Good,
                    Removed = 3,
                    RemovedOutcome = TrialOutcome.Good,
                }
            );
        result.Effects.Single(e => e.Difference.Key == "o2").Alone.Should().Be(2.9);
        result.Effects.Single(e => e.Difference.Key == "o5").AloneOutcome.Should().Be(TrialOutcome.Skip);
    }

    [Test]
    public void An_option_outside_the_set_that_makes_the_fall_by_itself_is_named_too()
    {
        SpeechGan.Configuration.KnobDifference[] options =
        [
            .. Enumerable.Range(0, 5).Select(i => new SpeechGan.Configuration.KnobDifference("o" + i, "0", "1")),
        ];
        var result = new ConfigBisect(options, set => new TrialResult
        {
            Outcome = set.Any(o => o.Key is "o0" or "o3") ? TrialOutcome.Bad : TrialOutcome.Good,
            Detail = "",
        }).Run();
        result.Needed!.Select(o => o.Key).Should().Equal("o0");
        result.AlsoSufficient.Select(o => o.Key).Should().Equal("o3");
    }

    [Test]
    public void Utterances_and_levels_that_carry_a_change_are_named_first_and_other_cuts_are_not_compared()
    {
        EvaluationSide Side(string name, Func<int, double> score, int cut = 0) =>
            new(
                name,
                [
                    .. Enumerable
                        .Range(0, 10)
                        .Select(i => new UtteranceEvaluation
                        {
                            Epoch = 1,
                            Split = "valid",
                            Name = "u" + i,
                            CutStart = i == 9 ? cut : 0,
                            CutLength = 16_000,
                            Metrics = new Dictionary<string, double> { ["pesq_wb"] = score(i) },
                        }),
                ]
            );
        var result = DataBisect.Compare(
            Side("a", _ => 3),
            Side("b", i => i == 4 ? 2 : 2.9, cut: 5),
            "pesq_wb",
            Enumerable.Range(0, 10).ToDictionary(i => "u" + i, i => i == 4 ? 1.0 : 12.0)
        );
        result
            .Utterances[0]
            .Should()
            .BeEquivalentTo(
                new
                {
                    Name = "u4",
                    Before = 3.0,
                    After = 2.0,
                }
            );
        result.Utterances[0].Share.Should().BeApproximately(1 / 1.8, 1e-9);
        result.Test.Found.Should().BeTrue();
        result.Unpaired.Keys.Should().Equal("u9");
        result.Levels.Select(l => l.Level).Should().Equal("0 to 5 dB", "10 to 15 dB");
        result.Levels[0].Change.NoInterval.Should().Contain("too few");
        var unknown = () => DataBisect.Compare(Side("a", _ => 3), Side("b", _ => 3), "pesq_w");
        unknown.Should().Throw<BisectException>().WithMessage("*Did you mean 'pesq_wb'?*");
        EvaluationSide Moved(EvaluationSide side) => side with { Utterances = [.. side.Utterances.Select(u => u with { CutStart = 7 })] };
        var moved = () => DataBisect.Compare(Side("a", _ => 3), Moved(Side("b", _ => 3)), "pesq_wb");
        moved
            .Should()
            .Throw<BisectException>()
            .WithMessage(
                "No utterance was scored on the same cut in a and in b:*They are u0, u1, u2, u3, u4 and 5 more. Score both checkpoints "
                    + "on the same cuts with speechgan evaluate --checkpoint, and compare those."
            );
        var twice = Side("a", _ => 3);
        twice = twice with { Utterances = [.. twice.Utterances, .. twice.Utterances] };
        DataBisect.Compare(twice, Side("b", _ => 2), "pesq_wb").Utterances.Should().HaveCount(10);
    }

    [Test]
    public void Files_that_starve_the_discriminator_are_named_with_the_batches_they_cost()
    {
        StepTelemetry Step(long step, bool stepped, params SampleScore[] samples) =>
            new()
            {
                Epoch = 1,
                Step = step,
                Loss = new LossTerms(),
                SampleCount = samples.Length,
                DiscriminatorStepped = stepped,
                Samples = samples,
            };
        SampleScore Silent(string name) => new() { Name = name, Masked = "silent-reference" };
        SampleScore Sound(string name) => new() { Name = name, Pesq = 2 };
        DataBisect
            .Starving([
                Step(1, false, Silent("s1"), Sound("a")),
                Step(2, true, Silent("s2"), Sound("s1")),
                Step(3, false, Silent("s1"), Silent("s2")),
            ])
            .Should()
            .Equal(new StarvingFile("s1", "silent-reference", 2, 3, 2), new StarvingFile("s2", "silent-reference", 2, 2, 1));
        DataBisect.Starving([]).Should().BeEmpty();
    }

    [Test]
    public void The_stretch_of_a_file_that_was_spoiled_is_found()
    {
        float[] clean = [.. Enumerable.Range(0, 16_000).Select(i => (float)Math.Sin(i * 0.1))];
        float[] before = [.. clean.Select((c, i) => c + (0.01f * (float)Math.Cos(i * 0.37)))];
        float[] after = [.. before.Select((b, i) => i is >= 8_000 and < 12_000 ? b + (0.3f * (float)Math.Cos(i * 0.23)) : b)];
        var segments = SegmentChange.Of(clean, before, after, 16_000, 0.25);
        segments.Should().HaveCount(4);
        segments.MinBy(s => s.Change)!.Should().BeEquivalentTo(new { Start = 0.5, End = 0.75 });
        segments[0].Change.Should().Be(0);
        SegmentChange.NoiseLevel(clean, [.. clean.Select(c => c * 1.1f)]).Should().BeApproximately(20, 0.01);
        SegmentChange.NoiseLevel(new float[10], new float[10]).Should().BeNull("silence has no level");
    }
}
