using System.Globalization;
using SpeechGan.Diagnostics;
using SpeechGan.Import;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Import;

public sealed class CmganLogTests
{
    private const string Pasted = """
        INFO:root:Epoch 0, Step 2000, loss: 0.0698222815990448, disc_loss: 0.003855810035020113
        INFO:root:Epoch time: 5668.203575849533
        GPU: 0, Generator loss: 0.1086, Discriminator loss: 0.0042
        pesq: 2.94 csig: 4.1 cbak: 3.5 covl: 3.6 ssnr: 9.5 stoi: 0.96
        """;

    [Test]
    public void A_PESQ_on_the_line_of_a_step_is_of_training_batches_and_no_validation()
    {
        var run = Sources.Read(
            "train.err",
            """
            INFO:root:epochs=120, batch_size=6, init_lr=0.001
            INFO:root:Epoch 0, Step 100, loss: 0.1315, disc_loss: 0.0754, PESQ: 1.7295
            INFO:root:Epoch 0, Step 200, loss: 0.1141, disc_loss: 0.0455, PESQ: 1.8210
            INFO:root:TEST - Generator loss: 0.0503, Discriminator loss: 0.0085, PESQ: 2.6547
            INFO:root:? New best model saved! Loss: 0.050324
            INFO:root:Epoch 1, Step 100, loss: 0.0725, disc_loss: 0.0090, PESQ: 2.1496
            INFO:root:Epoch 1, Step 200, loss: nan, disc_loss: 0.0089, PESQ: 2.1096
            INFO:root:TEST - Generator loss: 0.0457, Discriminator loss: 0.0130, PESQ: 2.6129
            """
        );
        run.Steps.Select(s => (s.Epoch, s.Loss.Total)).Should().Equal((1, 0.1315), (1, 0.1141), (2, 0.0725), (2, null));
        run.Epochs.Select(e => (e.Validation!.Mean["pesq_wb"], e.Validation.Loss)).Should().Equal((2.6547, 0.0503), (2.6129, 0.0457));
        run.Info.NonFinite!.Sentence.Should().Contain("(train.err:7)");
        run.Info.Import!.Notes.Should()
            .Contain("A PESQ on the line of a step belongs to training batches and not to validation: 4 were left out.");
    }

    [Test]
    public void An_epoch_s_means_without_a_step_are_an_epoch()
    {
        var run = Sources.Read(
            "train.log",
            """
            INFO:root:Epoch 1, loss: 0.021603140980005264, disc_loss: 0.015014544129371643
            INFO:root:Epoch 2, loss: 0.027529466897249222, disc_loss: 0.01023217011243105
            INFO:root:
             pesq: 2.9439869927276034, csig: 4.347757358511038, stoi: 0.94614695583022

            """
        );
        run.Steps.Should().BeEmpty();
        run.Epochs.Select(e => (e.Epoch, e.Loss.Total, e.DiscriminatorLoss))
            .Should()
            .Equal((1, 0.021603140980005264, 0.015014544129371643), (2, 0.027529466897249222, 0.01023217011243105));
        run.Epochs[1].Validation!.Mean.Should().Contain("csig", 4.347757358511038).And.Contain("pesq_wb", 2.9439869927276034);
    }

    [Test]
    public void The_lines_that_users_paste_are_read_with_their_places()
    {
        var run = Sources.Read("train.log", Pasted);
        run.Info.Import!.Kind.Should().Be(SourceKind.Cmgan);
        (run.Info.Status, run.Info.Import.EpochsFromZero, run.Info.Import.StepsAreSampled).Should().Be((RunStatus.Imported, true, true));
        var step = run.Steps.Should().ContainSingle().Subject;
        (step.Epoch, step.Step, step.Loss.Total, step.DiscriminatorLoss, step.DiscriminatorStepped)
            .Should()
            .Be((1, 2000, 0.0698222815990448, 0.003855810035020113, true));
        step.Sources!.Should().Contain("loss.total", "train.log:1").And.Contain("discriminatorLoss", "train.log:1");
        step.Unavailable["scores"].Should().Be("not recorded by the CMGAN trainer's log 'train.log'");
        var epoch = run.Epochs.Should().ContainSingle().Subject;
        (epoch.Validation!.Loss, epoch.Validation.Mean["pesq_wb"], epoch.Validation.Mean["stoi"]).Should().Be((0.1086, 2.94, 0.96));
        epoch.Sources!.Should().Contain("validation.loss", "train.log:3").And.Contain("validation.pesq_wb", "train.log:4");
        epoch.Sources!["loss.total"].Should().Be("mean of the one logged step, train.log:1");
    }

    [Test]
    public void What_the_trainer_prints_with_two_blanks_and_without_a_prefix_is_read_too()
    {
        var run = Sources.Read(
            "log",
            "GPU: 0, Epoch 3, Step 500, loss: 0.05, disc_loss: 0.004\r\npesq:  2.5 csig:  3.9 cbak:  3.3 "
                + "covl:  3.2 ssnr:  8.1 stoi:  0.95\r\n"
        );
        run.Epochs.Single()
            .Should()
            .Match<EpochTelemetry>(e => e.Epoch == 3 && e.Validation!.Mean["pesq_wb"] == 2.5 && e.Validation.Mean["ssnr"] == 8.1);
    }

    [Test]
    public void Lines_of_several_processes_are_one_step_each()
    {
        var run = Sources.Read(
            "log",
            string.Join(
                '\n',
                Enumerable
                    .Range(1, 3)
                    .SelectMany(i =>
                        new[]
                        {
                            $"GPU: 1, Epoch 1, Step {500 * i}, loss: 0.3, disc_loss: 0.02",
                            $"GPU: 0, Epoch 1, Step {500 * i}, loss: 0.1, disc_loss: 0",
                        }
                    )
                    .Concat([
                        "GPU: 1, Generator loss: 0.2, Discriminator loss: 0.1",
                        "GPU: 0, Generator loss: 0.4, Discriminator loss: 0.1",
                    ])
            )
        );
        run.Steps.Should()
            .HaveCount(3)
            .And.OnlyContain(s => s.Loss.Total == 0.2 && s.DiscriminatorLoss == 0.02 && s.DiscriminatorStepped == true);
        run.Steps[0].Sources!["loss.total"].Should().Be("log:1 and 1 more (mean)");
        run.Epochs.Single().Validation!.Loss.Should().BeApproximately(0.3, 1e-12);
        run.Info.Import!.Notes.Should().Contain("Up to 2 processes logged the same step: their mean was taken.");
    }

    [Test]
    public void Lines_without_a_GPU_that_interleave_are_one_step_and_one_validation_too()
    {
        var run = Sources.Read(
            "log",
            """
            Epoch 1, Step 500, loss: 0.1, disc_loss: 0.01
            Epoch 1, Step 500, loss: 0.3, disc_loss: 0.03
            Epoch 1, Step 1000, loss: 0.1, disc_loss: 0.01
            Epoch 1, Step 1000, loss: 0.3, disc_loss: 0.03
            Generator loss: 0.2, Discriminator loss: 0.1
            Generator loss: 0.4, Discriminator loss: 0.1
            """
        );
        run.Steps.Select(s => s.Loss.Total).Should().Equal(0.2, 0.2);
        run.Epochs.Should().ContainSingle();
    }

    [Test]
    public void A_restart_in_the_middle_makes_void_what_stood_behind_it()
    {
        var run = Sources.Read(
            "log",
            """
            Epoch 1, Step 500, loss: 0.9, disc_loss: 0.01
            Epoch 2, Step 500, loss: 0.8, disc_loss: 0.01
            Epoch 3, Step 500, loss: 0.7, disc_loss: 0.01
            Epoch 4, Step 500, loss: 0.6, disc_loss: 0.01
            Namespace(epochs=120, batch_size=4)
            Epoch 3, Step 500, loss: 0.5, disc_loss: 0.01
            """
        );
        run.Steps.Select(s => (s.Epoch, s.Loss.Total)).Should().Equal((1, 0.9), (2, 0.8), (3, 0.5));
        run.Info.Import!.Notes.Should()
            .Contain(n =>
                n.StartsWith(
                    "At log:6 the steps go back to epoch 3, step 500: the training was "
                        + "begun again there, and the 2 rows from log:3 on are void."
                )
            );
    }

    [Test]
    public void Of_two_trainings_in_one_file_the_last_is_taken_and_the_other_can_be_asked_for()
    {
        const string log = """
            Epoch 0, Step 500, loss: 0.9, disc_loss: 0.01
            Epoch 1, Step 500, loss: 0.8, disc_loss: 0.01
            Namespace(epochs=120)
            Epoch 0, Step 500, loss: 0.7, disc_loss: 0.01
            """;
        var last = Sources.Read("log", log);
        last.Steps.Select(s => s.Loss.Total).Should().Equal(0.7);
        last.Info.Import!.Notes.Should()
            .Contain("It holds 2 trainings, which begin at log:1, log:4; number 2 was imported (--run N " + "chooses).");
        Importer.Read(Sources.Of("log", log), null, [], 1).Steps.Select(s => s.Loss.Total).Should().Equal(0.9, 0.8);
        FluentActions
            .Invoking(() => Importer.Read(Sources.Of("log", log), null, [], 3))
            .Should()
            .Throw<ImportException>()
            .WithMessage(
                "--run is 3, and the CMGAN trainer's log 'log' holds 2 trainings, which begin at log:1, log:4. Give a number "
                    + "from 1 to 2, or leave --run out."
            );
    }

    [Test]
    public void Validations_that_are_pasted_alone_are_an_epoch_each()
    {
        var run = Sources.Read(
            "log",
            "GPU: 0, Generator loss: 0.11, Discriminator loss: 0.1\nGPU: 1, Generator loss: 0.13, "
                + "Discriminator loss: 0.1\nGPU: 0, Generator loss: 0.09, Discriminator loss: 0.1\nGPU: 1, Generator loss: 0.09, "
                + "Discriminator loss: 0.1\n"
        );
        run.Epochs.Select(e => (e.Epoch, Math.Round(e.Validation!.Loss!.Value, 6))).Should().Equal((1, 0.12), (2, 0.09));
    }

    [Test]
    public void Scores_belong_to_the_checkpoint_that_is_named_before_them()
    {
        var run = Sources.Read("log", "loading CMGAN_epoch_2_0.109\npesq: 2.64\nloading CMGAN_epoch_14_0.109\npesq: 2.07\n");
        run.Epochs.Select(e => (e.Epoch, e.Validation!.Mean["pesq_wb"])).Should().Equal((2, 2.64), (14, 2.07));
    }

    [Test]
    public void A_loss_that_is_not_finite_is_a_finding_with_its_line()
    {
        var run = Sources.Read(
            "log",
            "Epoch 1, Step 500, loss: 0.5, disc_loss: 0.01\nEpoch 1, Step 1000, loss: nan, disc_loss: "
                + "0.01\nEpoch 1, Step 1500, loss: nan, disc_loss: inf\n"
        );
        run.Steps.Select(s => s.Loss.Total).Should().Equal(0.5, null, null);
        run.Steps[1].Unavailable["loss.total"].Should().Be("loss is NaN (log:2)");
        var finding = run.Finding("non-finite-values");
        (finding.Outcome, finding.Observed, finding.SinceEpoch).Should().Be((FindingOutcome.Confirmed, 1000, 1));
        finding.Sentence.Should().Be("The generator's training loss is NaN: it is not finite (log:2).");
    }

    /// <summary>The generator's loss of the same line is finite, and no later line tells that the discriminator's is again.</summary>
    [Test]
    public void A_discriminators_loss_that_is_not_finite_in_the_last_line_is_confirmed()
    {
        var run = Sources.Read("log", "Epoch 1, Step 500, loss: 0.5, disc_loss: 0.01\nEpoch 1, Step 1000, loss: 0.4, disc_loss: nan\n");
        var finding = run.Finding("non-finite-values");
        (finding.Outcome, finding.Observed).Should().Be((FindingOutcome.Confirmed, 1000));
        finding.Sentence.Should().Be("The discriminator's loss is NaN: it is not finite (log:2).");
    }

    [TestCase("nan", FindingOutcome.Confirmed)]
    [TestCase("0.01", FindingOutcome.Inconclusive)]
    public void A_discriminators_loss_is_over_where_a_later_one_is_finite_whatever_the_generators_is(string later, FindingOutcome outcome)
    {
        var run = Sources.Read(
            "log",
            "Epoch 1, Step 500, loss: 0.5, disc_loss: nan\nEpoch 1, Step 1000, loss: 0.4, disc_loss: nan\n"
                + $"Epoch 1, Step 1500, loss: 0.3, disc_loss: {later}\n"
        );
        run.Finding("non-finite-values").Outcome.Should().Be(outcome);
    }

    [Test]
    public void A_number_with_a_separator_is_left_out_and_told()
    {
        var run = Sources.Read(
            "log",
            "Epoch 1, Step 500, loss: 1,234.5, disc_loss: 0.01\nEpoch 1, Step 1000, loss: 0.5, disc_loss: 0.01\n"
        );
        run.Steps[0].Loss.Total.Should().BeNull();
        run.Info.Import!.Notes.Should()
            .Contain(
                "Numbers that could not be read and were left out: 1 (first: log:1, '1,234.5' has a "
                    + "thousands separator; write 1234.5)."
            );
    }

    [TestCase(20, 200, FindingOutcome.Confirmed)]
    [TestCase(199, 200, FindingOutcome.Rejected)]
    [TestCase(150, 200, FindingOutcome.Suspected)]
    [TestCase(7, 12, FindingOutcome.Inconclusive)]
    public void Zeros_of_the_discriminator_s_loss_tell_its_training_rate_as_far_as_a_sample_can(
        int stepped,
        int logged,
        FindingOutcome outcome
    )
    {
        var run = Sources.Read(
            "log",
            string.Join(
                '\n',
                Enumerable
                    .Range(1, logged)
                    .Select(i =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"Epoch 1, Step {500 * i}, loss: 0.5, disc_loss: {(i <= stepped ? 0.01 : 0.0)}"
                        )
                    )
            )
        );
        var finding = run.Finding("discriminator-starved");
        finding.Outcome.Should().Be(outcome, finding.Sentence);
        finding.Sentence.Should().Contain($"stepped on {stepped} of {logged} logged batches");
    }

    [Test]
    public void Another_trainer_s_log_is_refused_in_a_sentence() =>
        Sources
            .Refusal("train.log", "Epoch 1/100\n1/5 [====] - loss: 0.3\n")
            .Should()
            .StartWith(
                "'train.log' is not a known kind of record: "
                    + "neither the CMGAN trainer's log ('Epoch 0, Step 500, loss: ..., disc_loss: ...') nor a table"
            );

    [Test]
    public void A_text_that_speaks_of_PESQ_is_no_log() =>
        Sources
            .Refusal("notes.md", "# Notes\nThe command is pesq: wide band.\nNamespace(a)\n")
            .Should()
            .StartWith("'notes.md' is not a known kind of record");

    [Test]
    public void Asked_for_by_name_it_says_what_it_looked_for() =>
        Sources
            .Refusal("train.log", "loss,pesq\n1,2\n", SourceKind.Cmgan)
            .Should()
            .StartWith("'train.log' holds no line of the CMGAN trainer's log that can be placed");

    [Test]
    public void Scores_without_an_epoch_are_not_placed_by_guess() =>
        Sources
            .Refusal("eval.txt", "pesq: 2.94 csig: 4.1\n")
            .Should()
            .Contain("; its scores name no epoch. Give its log, or a table with --from csv.");
}
