using SpeechGan.Goldens;
using SpeechGan.Import;
using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Import;
using SpeechGan.Tests.Unit.Runs;

namespace SpeechGan.Tests.Unit.Goldens;

/// <summary>Runs of other trainers as goldens in a folder of the user's: pinned, approved, checked.</summary>
public sealed class ImportedGoldensTests
{
    private const string First = "epoch,loss,pesq,csig\n1,0.30,2.0,3.0\n2,0.20,2.4,3.2\n3,0.15,2.6,3.3\n",
        Second = "epoch,loss,pesq,csig\n1,0.31,2.1,3.0\n2,0.20,2.4,3.2\n3,0.15,2.5,3.3\n",
        Collapsed = "epoch,loss,pesq,csig\n1,0.30,2.0,3.0\n2,0.20,2.3,3.2\n3,0.15,1.9,3.3\n";

    private string folder = "";
    private string? ci;

    private GoldenStore Store => new(folder, environment: name => name == "CI" ? ci : null, options: " --store S");

    private ImportedGoldens Goldens => new(Store, "0.1", "2026-11-30");

    [SetUp]
    public void Make() => (folder, ci) = (Scratch.Create("speechgan-imported-"), null);

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_pinned_run_waits_is_approved_and_holds_a_run_within_the_spread_of_its_seeds()
    {
        var pin = Goldens.Pin("collapse", [Run("a", First), Run("b", Second)], []);
        pin.Notes.Should().BeEmpty();
        pin.Golden.IsImported.Should().BeTrue();
        pin.Golden.Provenance.Should()
            .BeEquivalentTo(
                new
                {
                    Command = "speechgan golden pin collapse --run a --run b",
                    Seed = (long?)null,
                    Host = "imported record (csv: the table 'a.csv')",
                }
            );
        pin.Golden.Tolerances.For("mean.pesq_wb").Should().Be(0.31, "3 x 0.1, which is no binary fraction, rounded up to two digits");
        pin.Golden.Tolerances.All.Select(t => t.Name).Should().Equal("loss.total", "mean.pesq_wb");
        pin.Golden.Tolerances.All[1].Cause.Should().StartWith("3 x 0.1, the largest distance, found at 'a' against 'b', epoch 1");
        Store.Waiting.Should().Equal("collapse");

        Goldens
            .Check("collapse", Run("c", Second))
            .Should()
            .BeEquivalentTo(
                new
                {
                    State = GoldenState.NotApproved,
                    Sentence = "Golden 'collapse' is not approved yet. Look at it with `speechgan golden diff collapse --store S`, then "
                        + "`speechgan golden approve collapse --store S`.",
                    IsGood = false,
                }
            );
        Approve("collapse");

        Goldens.Check("collapse", Run("a", First)).State.Should().Be(GoldenState.Equal);
        Goldens
            .Check("collapse", Run("b", Second))
            .Sentence.Should()
            .Be("Golden 'collapse': within tolerance over 3 epochs, as an imported run, for which its tolerances hold.");
        Store.Waiting.Should().BeEmpty();
        var differs = Goldens.Check("collapse", Run("d", Collapsed));
        differs.State.Should().Be(GoldenState.Differs);
        differs.Comparison!.Worst!.InWords().Should().Be("epoch 3, mean.pesq_wb: expected 2.6, received 1.9, allowed distance 0.31");
        differs
            .Report!.InWords()
            .Should()
            .Contain("runs       imported record (csv: the table 'a.csv'); now imported record (csv: the table 'd.csv')");
        differs.Report.InWords().Should().Contain("accept     speechgan golden approve collapse --store S ").And.NotContain("reproduce");
        Store.Waiting.Should().Equal("collapse");
    }

    [Test]
    public void A_pinned_golden_is_the_same_when_it_is_read_again()
    {
        var golden = Goldens.Pin("g", [Run("a", First), Run("b", Second)], []).Golden;
        Approve("g");
        Store.Read("g").Should().BeEquivalentTo(golden);
        File.ReadAllText(Store.VerifiedPath("g")).Should().Contain("\nseed: not recorded\n").And.Contain("\n  mean.csig 3\n");
        Store.History("g").Effective.Should().ContainSingle();
    }

    [Test]
    public void A_run_without_PESQ_is_not_measured_and_never_equal_or_zero()
    {
        Goldens.Pin("g", [Run("a", First), Run("b", Second)], []);
        Approve("g");
        var check = Goldens.Check("g", Run("c", "epoch,loss,csig\n1,0.30,3.0\n2,0.20,3.2\n3,0.15,3.3\n"));
        check.State.Should().Be(GoldenState.Differs);
        check.Comparison!.Divergences.Should().HaveCount(3).And.OnlyContain(d => d.Metric == "mean.pesq_wb" && d.Received == null);
        check
            .Comparison.Worst!.InWords()
            .Should()
            .Be(
                "epoch 1, mean.pesq_wb: expected 2, received not measured (its record does not tell it), allowed distance 0.31",
                "csig alone was validated"
            );
        Goldens
            .Check("g", Run("d", "epoch,loss\n1,0.30\n2,0.20\n3,0.15\n"))
            .Comparison!.Worst!.InWords()
            .Should()
            .Contain("received not measured (not recorded by the table 'd.csv')");
    }

    [Test]
    public void A_field_that_the_golden_has_not_is_told_as_not_measured_there()
    {
        Goldens.Pin("g", [Run("a", "epoch,loss\n1,0.30\n")], []);
        Approve("g");
        Goldens
            .Check("g", Run("b", "epoch,loss,stoi\n1,0.30,0.9\n"))
            .Comparison!.Worst!.InWords()
            .Should()
            .Be("epoch 1, mean.stoi: expected not measured (not recorded by the table 'a.csv'), received 0.9, allowed distance 0");
    }

    [Test]
    public void A_run_with_fewer_epochs_differs_from_its_end_on()
    {
        Goldens.Pin("g", [Run("a", First), Run("b", Second)], []);
        Approve("g");
        var check = Goldens.Check("g", Run("c", "epoch,loss,pesq,csig\n1,0.30,2.0,3.0\n2,0.20,2.4,3.2\n"));
        check.State.Should().Be(GoldenState.Differs);
        check
            .Comparison!.Worst!.InWords()
            .Should()
            .Be("epoch 3, epoch: expected present, received not measured (the record ends with epoch 2), allowed distance 0");
    }

    [Test]
    public void A_tolerance_that_the_user_says_replaces_the_measured_one_and_keeps_its_reason()
    {
        var golden = Goldens
            .Pin("g", [Run("a", First), Run("b", Second)], [new("mean.pesq_wb", 0.05, "said by the user: five seeds")])
            .Golden;
        golden.Tolerances.For("mean.pesq_wb").Should().Be(0.05);
        golden.Tolerances.All.Single(t => t.Name == "mean.pesq_wb").Cause.Should().Be("said by the user: five seeds");
        golden.Tolerances.For("loss.total").Should().BePositive("it was measured");
        FluentActions
            .Invoking(() => Goldens.Pin("g", [Run("a", First)], [new("mean.stoi", 1, "x")]))
            .Should()
            .Throw<GoldenException>()
            .WithMessage("--tolerance names 'mean.stoi', which golden 'g' would not have. It has loss.total, mean.csig, mean.pesq_wb.");
    }

    [Test]
    public void One_run_has_no_spread_and_none_is_invented()
    {
        var pin = Goldens.Pin("g", [Run("a", "epoch,loss\n1,0.30\n")], []);
        pin.Golden.Tolerances.All.Should().BeEmpty();
        pin.Notes.Should()
            .Equal(
                "'a' has no PESQ: this golden cannot tell whether quality falls.",
                "No tolerance: a later run must be equal in every digit. Give further runs of other seeds (--run), from which the "
                    + "spread is measured, or say one with its reason (--tolerance FIELD=VALUE --because TEXT)."
            );
        Goldens
            .Pin("g", [Run("a", First), Run("b", "epoch,loss,pesq\n1,0.30,2.0\n2,0.20,2.4\n3,0.15,2.6\n")], [])
            .Notes.Should()
            .Contain(n => n.StartsWith("No tolerance covers what one run alone has: 3 values (first: 'a' against 'b': epoch 1, mean.csig"));
    }

    [Test]
    public void What_cannot_be_pinned_or_checked_is_refused_in_a_sentence()
    {
        var own = new ImportedRun("own", Reports.ReportSamples.Run(2.0));
        Refusal(() => Goldens.Pin("g", [own], [])).Should().StartWith("'own' is a run of this program; --run takes one that");
        Refusal(() => Goldens.Check("g", own)).Should().StartWith("'own' is a run of this program");
        Refusal(() => Goldens.Pin("g", [Run("a", First), Run("a", First)], []))
            .Should()
            .Contain("were imported from the same file (csv-")
            .And.EndWith("Give each run once.");
        Refusal(() => Goldens.Pin("a/b", [Run("a", First)], [])).Should().Contain("cannot be the name of a golden");
        Goldens.Check("g", Run("a", First)).Sentence.Should().EndWith("Pin a run first: `speechgan golden pin g --run RUN --store S`.");
        ci = "true";
        Refusal(() => Goldens.Pin("g", [Run("a", First)], [])).Should().Contain("this is continuous integration (CI is set)");
        ci = null;
        Store.Check(GoldenSamples.Sample());
        Approve("tiny");
        Refusal(() => Goldens.Pin("tiny", [Run("a", First)], [])).Should().Contain("pins a training of this program and no imported run");
        Refusal(() => Goldens.Check("tiny", Run("a", First))).Should().Contain("pins a training of this program and no imported run");
    }

    [Test]
    public void A_golden_that_was_changed_by_hand_is_unsound()
    {
        Goldens.Pin("g", [Run("a", First)], []);
        Approve("g");
        File.AppendAllText(Store.VerifiedPath("g"), "\nepoch 9\n  loss.total 1\n");
        var check = Goldens.Check("g", Run("a", First));
        (check.State, check.IsGood).Should().Be((GoldenState.Unsound, false));
        check.Sentence.Should().Contain("it was changed by hand");
    }

    [Test]
    public void A_check_leaves_a_run_that_was_pinned_anew_where_it_waits()
    {
        Goldens.Pin("g", [Run("a", First)], []);
        Approve("g");
        var anew = Goldens.Pin("g", [Run("a", First), Run("b", Second)], []).Golden;
        Goldens.Check("g", Run("d", Collapsed)).State.Should().Be(GoldenState.Differs);
        Goldens.Check("g", Run("a", First)).State.Should().Be(GoldenState.Equal);
        Store.ReadReceived("g").Golden.Should().BeEquivalentTo(anew);
    }

    [Test]
    public void Two_runs_give_a_spread_that_a_third_of_ten_epochs_hardly_leaves()
    {
        const int seed = 1;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var left = Enumerable.Range(0, 400).Count(_ => Leaves(random, runs: 2, epochs: 10));
        // docs/foreign-runs.md: 0.2 % of runs whose values scatter independently; 400 trials give up to four with probability 0.999.
        left.Should().BeLessThan(5);
        Enumerable.Range(0, 400).Count(_ => Leaves(random, runs: 2, epochs: 1)).Should().BeGreaterThan(20, "one epoch tells little");
    }

    [TestCase("pesq", "mean.pesq_wb")]
    [TestCase("si_sdr", "mean.si_sdr")]
    [TestCase("loss", "loss.total")]
    [TestCase("disc_loss", "discriminatorLoss")]
    [TestCase("valid_loss", "validationLoss")]
    [TestCase("utterance.pesq_wb", "utterance.pesq_wb")]
    public void The_fields_of_an_import_have_their_names_in_a_golden(string field, string name) =>
        ImportedNames.Of(field).Should().Be(name);

    [Test]
    public void A_damaged_golden_of_an_imported_run_is_read_or_refused([Range(1, 5)] int seed)
    {
        var text = GoldenText.Write(Goldens.Pin("g", [Run("a", First), Run("b", Second)], []).Golden);
        var random = new Random(seed);
        for (var i = 0; i < 1000; i++)
        {
            var characters = text.ToList();
            for (var n = random.Next(1, 5); n > 0; n--)
            {
                var at = random.Next(characters.Count);
                if (random.Next(3) == 0)
                    characters.RemoveRange(at, Math.Min(random.Next(20), characters.Count - at));
                else
                    characters[at] = (char)random.Next(1, 200);
            }

            try
            {
                GoldenText.Parse(new string([.. characters]), "x");
            }
            catch (GoldenException e)
            {
                e.Message.Should().StartWith("x", $"seed {seed}, mutation {i}");
            }
        }
    }

    // Whether the last run leaves the tolerances that the others gave, where all scatter alike around one trajectory.
    private bool Leaves(Random random, int runs, int epochs)
    {
        Trajectory One() =>
            new()
            {
                Epochs =
                [
                    .. Enumerable
                        .Range(1, epochs)
                        .Select(e => new TrajectoryEpoch
                        {
                            Epoch = e,
                            Values = Absence.Ordered(
                                new Dictionary<string, double>
                                {
                                    ["x"] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()),
                                }
                            ),
                            Utterances = Absence.Ordered<IReadOnlyDictionary<string, double>>([]),
                        }),
                ],
            };
        Trajectory[] all = [.. Enumerable.Range(0, runs).Select(_ => One())];
        var spread = new TrajectorySpread();
        for (var i = 0; i < runs; i++)
        for (var k = i + 1; k < runs; k++)
            spread.Add(all[i], all[k], "a test");
        var golden = GoldenSamples.Sample() with { Trajectory = all[0], Tolerances = spread.Tolerances("a test") };
        return golden.CompareWith(One(), "elsewhere").Outcome == GoldenOutcome.Differs;
    }

    private void Approve(string name) =>
        Store.Approve(
            name,
            new ApprovalRequest
            {
                By = "Ada",
                Reason = "it is right",
                When = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
            }
        );

    private static ImportedRun Run(string label, string table) => new(label, Sources.Read(label + ".csv", table));

    private static string Refusal(Action action) => FluentActions.Invoking(action).Should().Throw<GoldenException>().Which.Message;
}
