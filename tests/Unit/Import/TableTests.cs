using System.Text;
using SpeechGan.Diagnostics;
using SpeechGan.Import;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Import;

public sealed class TableTests
{
    private const string Mission = "epoch,loss,PESQ\n2,0.1098,2.64\n7,0.1050,2.21\n14,0.1092,2.07\n";

    [Test]
    public void The_mission_s_table_says_where_loss_and_PESQ_part_and_what_to_measure_next()
    {
        var run = Importer.Read(Repository.PathOf("docs", "examples", "mission.csv"));
        run.Epochs.Select(e => (e.Epoch, e.Loss.Total, e.Validation!.Mean["pesq_wb"]))
            .Should()
            .Equal((2, 0.1098, 2.64), (7, 0.1050, 2.21), (14, 0.1092, 2.07));
        run.Epochs[1]
            .Sources!.Should()
            .Equal(new Dictionary<string, string> { ["loss.total"] = "mission.csv:3 loss", ["validation.pesq_wb"] = "mission.csv:3 PESQ" });
        var verdict = Verdict.Of(run);
        var judged = verdict.Findings.Where(f => f.Outcome != FindingOutcome.NotMeasured).Should().ContainSingle().Subject;
        (judged.Id, judged.Outcome, judged.SinceEpoch).Should().Be(("loss-pesq-divergence", FindingOutcome.Confirmed, 7));
        judged.Observed.Should().BeApproximately(0.57, 1e-9);
        judged
            .Sentence.Should()
            .Be(
                "Mean validation PESQ went from 2.64 in epoch 2 to 2.07 in epoch 14 while the loss went from 0.1098 to 0.1092: the loss no "
                    + "longer stands for quality, from epoch 7 on "
                    + "(no PESQ is recorded between epochs 2 and 7, so that it began in one of the epochs 3 to 7)."
            );
        verdict.Settled!.Single().Claim.Should().Be("The batch size breaks InstanceNorm.");
        verdict
            .Measure!.Take(3)
            .Select(m => m.Settles[0])
            .Should()
            .Equal("discriminator-starved", "evaluation-not-comparable", "loss-balance");
        verdict
            .Measure!.SelectMany(m => m.Settles)
            .Should()
            .BeEquivalentTo(
                verdict.Findings.Where(f => f.Outcome == FindingOutcome.NotMeasured && f.Id != "batch-dependence").Select(f => f.Id)
            );
        verdict.Summary.Should().EndWith("measure first: on which batches the discriminator was updated.");
    }

    [TestCase("\uFEFFepoch,loss,PESQ\r\n2,0.1098,2.64\r\n7,0.1050,2.21\r\n14,0.1092,2.07\r\n")]
    [TestCase("epoch;loss;PESQ\n2;0.1098;2.64\n7;0.1050;2.21\n14;0.1092;2.07")]
    [TestCase("epoch\tloss\tPESQ\n\n2\t0.1098\t2.64\n7\t0.1050\t2.21\n14\t0.1092\t2.07\n")]
    [TestCase(" \"epoch\" , loss ,PESQ,note\n 2 , 0.1098,2.64,\n7,\"0.1050\",2.21\n14,0.1092,2.07,\"a, b\"\n")]
    [TestCase(
        "{\"epoch\": 2, \"loss\": 0.1098, \"pesq\": 2.64}\n{\"epoch\": 7, \"loss\": 0.1050, \"pesq\": \"2.21\"}\n{\"epoch\": 14, "
            + "\"loss\": 0.1092, \"pesq\": 2.07, \"x\": null}\n"
    )]
    [TestCase("epoch,loss,PESQ\n14,0.1092,2.07\n7,0.1050,2.21\n2,0.1098,2.64\n")]
    public void Whatever_separates_its_cells_a_table_is_the_same(string text) =>
        Sources
            .Read("table", text)
            .Epochs.Select(e => (e.Epoch, e.Loss.Total, e.Validation?.Mean["pesq_wb"]))
            .Should()
            .Equal((2, 0.1098, 2.64), (7, 0.1050, 2.21), (14, 0.1092, 2.07));

    [TestCase("epoch;loss;PESQ\r\n2;0,1098;2,64\r\n7;0,1050;2,21\r\n14;0,1092;2,07\r\n")]
    [TestCase("\uFEFFepoch;loss;PESQ;date\n2;0,1098;2,640;01.02.2026\n7;0,1050;2,210;1.5\n14;0,1092;2,070;\n")]
    [TestCase("epoch,loss,PESQ\n2,\"0,1098\",\"2,64\"\n7,\"0,1050\",\"2,21\"\n14,\"0,1092\",\"2,07\"\n")]
    [TestCase("epoch\tloss\tPESQ\n2\t1,098E-01\t2,64\n7\t1,050E-01\t2,21\n14\t1,092e-1\t2,07\n")]
    public void A_decimal_comma_that_can_be_nothing_else_is_read_and_said(string text)
    {
        var run = Sources.Read("t.csv", text);
        run.Epochs.Select(e => (e.Epoch, e.Loss.Total, e.Validation?.Mean["pesq_wb"]))
            .Should()
            .Equal((2, 0.1098, 2.64), (7, 0.1050, 2.21), (14, 0.1092, 2.07));
        run.Info.Import!.Notes.Should()
            .ContainSingle(n =>
                n.StartsWith("Its numbers have a decimal comma: '", StringComparison.Ordinal)
                && n.EndsWith("(t.csv:2 loss) was read as 0.1098, and so were all others.", StringComparison.Ordinal)
            );
    }

    [Test]
    public void Points_that_part_thousands_are_read_beside_a_decimal_comma() =>
        Sources
            .Read("t.csv", "epoch;loss\n1;1.234,5\n2;1.000.002,25\n3;7\n")
            .Epochs.Select(e => e.Loss.Total)
            .Should()
            .Equal(1234.5, 1000002.25, 7);

    [Test]
    public void UTF_16_as_a_redirection_of_PowerShell_writes_it_is_read() =>
        Importer
            .Read(Sources.Of("t.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Mission)]), null, [], null)
            .Epochs.Should()
            .HaveCount(3);

    [Test]
    public void Missing_cells_stay_absent_with_a_reason()
    {
        var epoch = Sources.Read("t.csv", "epoch,loss,pesq,csig\n1,0.2,,NA\n2,,2.5,4\n").Epochs[0];
        (epoch.Loss.Total, epoch.Validation).Should().Be((0.2, null));
        epoch.Unavailable["validation"].Should().Be("not recorded by the table 't.csv'");
        epoch.BatchesSeen.Should().BeNull();
    }

    [Test]
    public void A_wandb_export_with_steps_and_sparse_rows_is_read()
    {
        var run = Sources.Read(
            "wandb.csv",
            "Step,train/loss,train/disc_loss,val/pesq,epoch\n1,0.9,0.1,,0\n2,0.8,0.1,,0\n3,,,1.9,0\n4,0.7,0.1,,1\n5,0.6,0.1,,1\n6,,,2.1,1\n"
        );
        run.Steps.Select(s => (s.Epoch, s.Step, s.Loss.Total)).Should().Equal((1, 1, 0.9), (1, 2, 0.8), (2, 4, 0.7), (2, 5, 0.6));
        run.Epochs.Select(e => (e.Epoch, e.Loss.Total!.Value, e.Validation!.Mean["pesq_wb"]))
            .Should()
            .Equal((1, (0.9 + 0.8) / 2, 1.9), (2, (0.7 + 0.6) / 2, 2.1));
        run.Info.Import!.Fields.Should()
            .Contain(new ImportedField("pesq", "val/pesq", true))
            .And.Contain(new ImportedField("loss", "train/loss", true));
    }

    [Test]
    public void A_wandb_export_of_a_chart_has_the_run_s_name_in_front_of_each_column()
    {
        var run = Sources.Read(
            "wandb.csv",
            "\"epoch\",\"calm-sun-12 - val/pesq\",\"calm-sun-12 - val/pesq__MIN\",\"calm-sun-12 - val/pesq__MAX\"\n"
                + "\"1\",\"1.9\",\"1.9\",\"1.9\"\n\"2\",\"2.1\",\"2.1\",\"2.1\"\n"
        );
        run.Epochs.Select(e => e.Validation!.Mean["pesq_wb"]).Should().Equal(1.9, 2.1);
        Sources
            .Refusal("wandb.csv", "epoch,a - val/pesq,b - val/pesq\n1,1.9,2.9\n")
            .Should()
            .EndWith(
                "The columns 'a - val/pesq' and 'b - val/pesq' may both be pesq (mean wide-band PESQ of validation); none was taken. Say "
                    + "which: --map \"pesq=a - val/pesq\"."
            );
    }

    [Test]
    public void MLflow_s_export_has_a_row_a_number_each_with_its_own_line()
    {
        var run = Sources.Read(
            "metrics.csv",
            "run_id,key,value,step,timestamp\nx,train_loss,0.5,0,1\nx,train_loss,0.25,1,2\nx,val_pesq,2.5,0,3\nx,val_pesq,2.75,1,4\n"
        );
        run.Epochs.Select(e => (e.Loss.Total, e.Validation!.Mean["pesq_wb"])).Should().Equal((0.5, 2.5), (0.25, 2.75));
        run.Epochs[1]
            .Sources!.Should()
            .Contain("loss.total", "mean of the one logged step, metrics.csv:3 train_loss")
            .And.Contain("validation.pesq_wb", "metrics.csv:5 val_pesq");
        Sources
            .Refusal("m.csv", "run_id,key,value,step,timestamp\nx,loss,0.5,0,1\ny,loss,0.25,1,2\n")
            .Should()
            .Be("'m.csv' holds 2 runs: x, y. Keep the rows of one (column run_id), and import each by itself.");
    }

    [Test]
    public void TensorBoard_s_export_of_a_tag_is_known_by_the_file_s_name()
    {
        const string text = "Wall time,Step,Value\n1654943296.2,1,2.25\n1654943313.7,2,2.5\n";
        Sources
            .Read("run-exp_1-tag-Validation_PESQ Score.csv", text)
            .Epochs.Select(e => e.Validation!.Mean["pesq_wb"])
            .Should()
            .Equal(2.25, 2.5);
        Sources.Read("x.csv", text, null, "pesq=Value").Epochs.Should().HaveCount(2);
    }

    [Test]
    public void Lightning_s_metrics_with_sparse_rows_are_read()
    {
        var run = Sources.Read(
            "metrics.csv",
            "epoch,step,train_loss_epoch,train_loss_step,val_pesq\n"
                + "0,49,,0.5,\n0,99,,0.4,\n0,99,,,2.5\n0,99,0.45,,\n1,149,,0.3,\n1,199,,,2.6\n"
        );
        run.Epochs.Select(e => (e.Epoch, e.Loss.Total, e.Validation!.Mean["pesq_wb"])).Should().Equal((1, 0.45, 2.5), (2, 0.3, 2.6));
        run.Steps.Select(s => (s.Step, s.Loss.Total)).Should().Equal((49, 0.5), (99, 0.4), (149, 0.3));
    }

    [Test]
    public void A_mapping_that_is_asked_for_wins_over_a_guess()
    {
        var run = Sources.Read("t.csv", "epoch,loss,mine,score\n1,9,0.2,2.5\n2,9,0.1,2.6\n", null, "loss=mine", "pesq=score");
        run.Epochs.Select(e => (e.Loss.Total, e.Validation!.Mean["pesq_wb"])).Should().Equal((0.2, 2.5), (0.1, 2.6));
        run.Info.Import!.Fields.Should()
            .Contain(new ImportedField("loss", "mine", false))
            .And.Contain(new ImportedField("epoch", "epoch", true));
    }

    [Test]
    public void Places_are_lines_of_the_file_whatever_stands_between_them() =>
        Sources
            .Read("t.csv", "epoch,loss,note\r\n\r\n1,0.5,\"two\nlines\"\r\n2,0.4,\r\n")
            .Epochs.Select(e => e.Sources!["loss.total"])
            .Should()
            .Equal("t.csv:3 loss", "t.csv:5 loss");

    [Test]
    public void A_column_of_the_test_part_is_said_to_be_one() =>
        Sources.Read("t.csv", "epoch,loss,test_pesq\n1,0.2,2.5\n").Epochs[0].Validation!.Split.Should().Be("test");

    [Test]
    public void Python_s_bare_NaN_is_a_finding_and_not_a_broken_line()
    {
        var run = Sources.Read(
            "h.jsonl",
            "{\"epoch\": 1, \"step\": 1, \"loss\": 0.5}\n{\"epoch\": 1, \"step\": 2, \"loss\": NaN, "
                + "\"note\": \"NaN \\\" NaN\"}\n{\"epoch\": 1, \"step\": 3, \"loss\": -Infinity}\n"
        );
        run.Info.NonFinite.Should()
            .Be(
                new NonFiniteValue(1, 2, "The generator's training loss is NaN: it is not finite (h.jsonl:2 loss).")
                {
                    Field = "loss.total",
                }
            );
        run.Steps.Should().ContainSingle();
    }

    [Test]
    public void A_table_without_epochs_says_how_they_were_found()
    {
        Sources
            .Read("t.csv", "loss,pesq\n0.2,2.5\n0.1,2.6\n")
            .Should()
            .Match<RunRecord>(r =>
                r.Epochs.Count == 2
                && r.Info.Import!.Notes.Contains(
                    "The table has neither a column of epochs nor one of steps: each row was taken to be an " + "epoch, from 1."
                )
            );
        Sources
            .Read("t.csv", "step,loss,pesq\n1,0.2,\n2,0.2,2.5\n3,0.1,\n4,0.1,2.6\n")
            .Epochs.Select(e => (e.Epoch, e.LastStep))
            .Should()
            .Equal((1, 2), (2, 4));
    }

    [TestCase("", "'t.csv' is empty; a log, a table or an event file was expected. Give the file that the trainer wrote.")]
    [TestCase(" \n\n", "'t.csv' holds blanks alone; *")]
    [TestCase(
        "ab\0cd,ef\0\n1,2\n",
        "'t.csv' is a binary file; a text log, a table (CSV, JSON lines) or a TensorBoard event file was " + "expected. *"
    )]
    [TestCase(
        "alpha,beta\n1,2\n",
        "None of the 2 columns of 't.csv' is known as a loss or a score: 'alpha', 'beta'. Say which is "
            + "which, for example --map pesq=alpha (fields: epoch, step, loss, *"
    )]
    [TestCase("loss,loss\n1,2\n", "'t.csv' has two columns of the name 'loss'. Give each column a name of its own.")]
    [TestCase("1,2\n3,4\n", "The first line of 't.csv' holds numbers alone; the names of its columns were expected. *")]
    [TestCase(
        "Steps : 100, Gen Loss: 0.500, Disc Loss: 0.010\nSteps : 200, Gen Loss: 0.400, Disc Loss: 0.010\n",
        "'t.csv' is not a known kind of record: * Give the trainer's event files where it writes some, or write what it holds as "
            + "a table, for example epoch,loss,pesq."
    )]
    [TestCase("epoch,loss\n", "'t.csv' is not a known kind of record: *")]
    [TestCase(
        "epoch,loss\n1,x\n2,y\n",
        "No row of 't.csv' has a number in a known column (epoch, loss); first: t.csv:2, column loss: "
            + "'x' is not a number. Correct the table."
    )]
    [TestCase(
        "step;loss\n1;1,250\n2;3,125\n",
        "'t.csv' can be read in two ways: every comma in its numbers may be a decimal one or part thousands (t.csv:2 loss: '1,250'). "
            + "Write numbers with a decimal point and without thousands separators."
    )]
    [TestCase(
        "epoch;loss;pesq\n1;0,25;2.641\n",
        "'t.csv' has numbers with a decimal comma (t.csv:2 loss: '0,25') and numbers with a point (t.csv:2 pesq: '2.641'), where the "
            + "point may be a decimal one or part thousands. Write all numbers in one way."
    )]
    [TestCase("alpha\tb\n1\t2\n", "None of the 2 columns of 't.csv' is known as a loss or a score: 'alpha', 'b'. *")]
    [TestCase("{\"alpha\": 1}\n", "The one column of 't.csv' is not known as a loss or a score: 'alpha'. *")]
    [TestCase("{\"epoch\": 1\n", "The one line of 't.csv' is no JSON object (first: t.csv:1: *")]
    [TestCase(
        "epoch,loss\n1,1,234.5\n",
        "'t.csv' has a line of column names and no row that can be read: Rows with more cells than the "
            + "2 columns, left out: 1 (first: line 2); a separator inside a number, perhaps. *"
    )]
    [TestCase("[{\"epoch\": 1}]", "'t.csv' is one JSON list; an object a line was expected. *")]
    [TestCase("{\"epoch\": 1\n{\"ep\n", "2 of 2 lines of 't.csv' are no JSON objects (first: t.csv:1: *")]
    public void What_is_no_table_is_refused_in_a_sentence(string text, string sentence) =>
        Sources.Refusal("t.csv", text).Should().Match(sentence);

    [TestCase("pesq", "--map 'pesq' is not FIELD=COLUMN; write for example --map pesq=valid/pesq.")]
    [TestCase("quality=pesq", "--map names the field 'quality', which does not exist. Fields: epoch, step, *")]
    [TestCase("pesq=PESQ2", "--map pesq=PESQ2 names a column that 't.csv' does not have. It has 'epoch', 'loss', 'PESQ'.")]
    public void A_mapping_that_cannot_be_is_refused_in_a_sentence(string map, string sentence) =>
        Sources.Refusal("t.csv", Mission, null, map).Should().Match(sentence);

    [Test]
    public void A_mapping_of_a_log_is_refused() =>
        Sources
            .Refusal("log", "Epoch 1, Step 1, loss: 1, disc_loss: 1", null, "pesq=x")
            .Should()
            .Be("--map pesq=x names a column, and the fields of the CMGAN trainer's log are known by its form. Leave --map out.");

    /// <summary>A table without a discriminator: nothing is waited for that it never had.</summary>
    [TestCase("0.4", FindingOutcome.Inconclusive)]
    [TestCase("nan", FindingOutcome.Confirmed)]
    public void A_loss_that_is_finite_again_is_no_confirmed_finding(string last, FindingOutcome outcome) =>
        Sources.Read("t.csv", $"epoch,step,loss\n1,1,0.5\n1,2,nan\n1,3,{last}\n").Finding("non-finite-values").Outcome.Should().Be(outcome);

    [Test]
    public void A_run_folder_of_this_program_needs_no_import()
    {
        var run = Directory.CreateTempSubdirectory("speechgan-import-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(run, "run.json"), "{}");
            FluentActions
                .Invoking(() => Importer.Read(run))
                .Should()
                .Throw<ImportException>()
                .WithMessage($"The folder '{run}' is a run of this program already and needs no import. Run speechgan diagnose {run}.");
        }
        finally
        {
            Directory.Delete(run, recursive: true);
        }
    }

    [Test]
    public void A_file_that_is_not_there_is_refused() =>
        FluentActions
            .Invoking(() => Importer.Read("/nowhere/x.csv"))
            .Should()
            .Throw<ImportException>()
            .WithMessage("There is no file or folder '/nowhere/x.csv'. *");

    [Test]
    public void Steps_that_go_backwards_begin_again()
    {
        var run = Sources.Read("t.csv", "epoch,step,loss\n1,1,0.9\n1,2,0.8\n1,3,0.7\n1,2,0.5\n1,3,0.4\n");
        run.Steps.Select(s => s.Loss.Total).Should().Equal(0.9, 0.5, 0.4);
        run.Info.Import!.Notes.Should().Contain(n => n.StartsWith("At t.csv:5 the steps go back to epoch 1, step 2"));
    }
}
