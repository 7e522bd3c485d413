using System.Buffers.Binary;
using SpeechGan.Import;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Import;

public sealed class EventFolderTests
{
    private const string Name = "events.out.tfevents.1.host.1.0";

    [Test]
    public void Scalars_of_epochs_are_read_with_their_tags()
    {
        var run = Importer.Read(
            Sources.Of(Name, File((2, "train/loss", 0.1098), (2, "valid/pesq", 2.64), (7, "train/loss", 0.105), (7, "valid/pesq", 2.21))),
            null,
            [],
            null
        );
        run.Info.Import!.Kind.Should().Be(SourceKind.TensorBoard);
        run.Info.Started.Should().Be(DateTimeOffset.UnixEpoch.AddSeconds(1000));
        run.Epochs.Select(e => (e.Epoch, (float)e.Loss.Total!.Value, (float)e.Validation!.Mean["pesq_wb"]))
            .Should()
            .Equal((2, 0.1098f, 2.64f), (7, 0.105f, 2.21f));
        run.Epochs[0].Sources!.Should().Contain("validation.pesq_wb", Name + " tag valid/pesq, step 2");
        run.Info.Import.Fields.Should().Contain(new ImportedField("pesq", "valid/pesq", true));
        run.Info.Import.Notes.Should().Contain("All tags have the same steps: they were taken to be epochs.");
    }

    [Test]
    public void Mapped_tags_are_taken_and_others_are_named_as_left_out()
    {
        var run = Importer.Read(
            Sources.Of(Name, File((1, "a", 0.5), (1, "quality", 2.5), (1, "gpu", 7))),
            null,
            ["loss=a", "pesq=quality"],
            null
        );
        run.Epochs.Single().Validation!.Mean["pesq_wb"].Should().Be(2.5);
        run.Info.Import!.Notes.Should().Contain("Tags that match no known field were left out: gpu.");
    }

    [Test]
    public void Validation_on_epochs_beside_training_on_steps_is_placed_and_said()
    {
        var run = Importer.Read(
            Sources.Of(
                Name,
                File([
                    .. Enumerable.Range(1, 100).Select(i => ((long)i, "loss", 1.0 / i)),
                    (1, "pesq", 2.0),
                    (2, "pesq", 2.1),
                    (3, "pesq", 2.2),
                    (4, "pesq", 2.3),
                ])
            ),
            null,
            [],
            null
        );
        run.Epochs.Select(e => (e.Epoch, e.LastStep, Math.Round(e.Validation!.Mean["pesq_wb"], 3)))
            .Should()
            .Equal((1, 25, 2.0), (2, 50, 2.1), (3, 75, 2.2), (4, 100, 2.3));
        run.Info.Import!.Notes.Should()
            .Contain(
                "Validation's steps (1 to 4) were taken to be epochs, and the 100 training steps to be " + "shared evenly among them."
            );
    }

    [Test]
    public void A_validation_closes_an_epoch_where_no_tag_tells_it()
    {
        var run = Importer.Read(
            Sources.Of(Name, File([.. Enumerable.Range(1, 20).Select(i => ((long)i, "loss", 1.0)), (10, "pesq", 2.0), (20, "pesq", 2.1)])),
            null,
            [],
            null
        );
        run.Epochs.Select(e => (e.Epoch, e.LastStep)).Should().Equal((1, 10), (2, 20));
    }

    [Test]
    public void A_tag_of_epochs_places_every_step()
    {
        var run = Importer.Read(
            Sources.Of(
                Name,
                File([
                    .. Enumerable.Range(0, 6).SelectMany(i => new (long, string, double)[] { (i, "epoch", i / 3), (i, "train_loss", 1.0) }),
                    (2, "val_pesq", 2.0),
                    (5, "val_pesq", 2.1),
                ])
            ),
            null,
            [],
            null
        );
        run.Steps.Select(s => s.Epoch).Should().Equal(1, 1, 1, 2, 2, 2);
        run.Epochs.Select(e => e.Validation!.Mean["pesq_wb"]).Should().Equal(2.0, (double)2.1f);
    }

    [Test]
    public void TensorFlow_s_tensors_of_one_number_are_scalars()
    {
        // Summary.value.tensor = 8 { dtype = 1, tensor_content = 4 } and { float_val = 5, packed }.
        byte[] content = [8, 1, 34, 4, .. BitConverter.GetBytes(0.25f)],
            packed = [8, 1, 42, 4, .. BitConverter.GetBytes(2.5f)];
        byte[] Value(string tag, byte[] tensor) =>
            [
                10,
                (byte)(tag.Length + tensor.Length + 4),
                10,
                (byte)tag.Length,
                .. System.Text.Encoding.ASCII.GetBytes(tag),
                66,
                (byte)tensor.Length,
                .. tensor,
            ];
        byte[] summary = [.. Value("loss", content), .. Value("pesq", packed)];
        byte[] @event = [9, .. BitConverter.GetBytes(1000.0), 16, 3, 42, (byte)summary.Length, .. summary];
        Importer
            .Read(Sources.Of("x", [.. EventEncoding.Version(1000), .. Record(@event)]), null, [], null)
            .Epochs.Single()
            .Should()
            .Match<EpochTelemetry>(e => e.Epoch == 3 && e.Loss.Total == 0.25 && e.Validation!.Mean["pesq_wb"] == 2.5);
    }

    [Test]
    public void A_later_start_makes_void_what_stood_behind_it()
    {
        byte[] first = File((1, "loss", 1.0), (2, "loss", 0.9), (3, "loss", 0.8)),
            second =
            [.. EventEncoding.Version(2000), .. EventEncoding.Start(2000, 2), .. EventEncoding.Scalars(2000, 2, [new("loss", 0.5)])];
        var run = Importer.Read(Sources.Folder(("events.out.tfevents.1", first), ("events.out.tfevents.2", second)), null, [], null);
        run.Steps.Select(s => s.Loss.Total).Should().Equal(1.0, 0.5);
        run.Info.Import!.Notes.Should()
            .Contain("'events.out.tfevents.2' begins again at a step that was there already: 2 older values " + "were replaced.");
    }

    [Test]
    public void Folders_above_all_files_tell_nothing_and_a_writer_s_subfolder_is_a_part_of_the_tag()
    {
        var file = File((1, "loss", 0.5), (1, "pesq", 2.0));
        Importer
            .Read(Sources.Folder(("run/tensorboard/events.out.tfevents.1", file)), null, [], null)
            .Epochs.Single()
            .Loss.Total.Should()
            .Be(0.5);
        var run = Importer.Read(
            Sources.Folder(
                ("run/train/events.out.tfevents.1", File((1, "loss", 0.5))),
                ("run/valid/events.out.tfevents.1", File((1, "pesq", 2.0), (1, "loss", 0.7)))
            ),
            null,
            [],
            null
        );
        run.Info.Import!.Fields.Select(f => (f.Field, f.Source))
            .Should()
            .BeEquivalentTo([("loss", "train/loss"), ("pesq", "valid/pesq"), ("valid_loss", "valid/loss")]);
    }

    [Test]
    public void Subfolders_with_the_same_tags_are_trainings_of_which_one_is_chosen()
    {
        var folder = Sources.Folder(
            ("runs/a/events.out.tfevents.5", At(5000, (1, "loss", 0.5), (1, "pesq", 2.5))),
            ("runs/b/events.out.tfevents.3", At(3000, (1, "loss", 0.4), (1, "pesq", 2.4), (2, "loss", 0.3), (2, "pesq", 2.6))),
            ("runs/b/1700.5/events.out.tfevents.4", At(4000, (0, "hparam/lr", 1)))
        );
        var run = Importer.Read(folder, null, [], null);
        run.Epochs.Select(e => e.Loss.Total).Should().Equal(0.5);
        run.Info.Import!.Notes.Should()
            .Contain(
                "It holds 2 trainings, which begin at runs/b/events.out.tfevents.3 step 1, runs/a/events.out.tfevents.5 step 1; number 2 "
                    + "was imported (--run N chooses)."
            );
        Importer.Read(folder, null, [], 1).Epochs.Select(e => (float)e.Validation!.Mean["pesq_wb"]).Should().Equal(2.4f, 2.6f);
        FluentActions
            .Invoking(() => Importer.Read(folder, null, [], 3))
            .Should()
            .Throw<ImportException>()
            .WithMessage("--run is 3, and the event files of 'folder' holds 2 trainings, which begin at *. Give a number from 1 to 2, *");
    }

    [Test]
    public void Files_of_one_folder_whose_steps_begin_again_are_trainings()
    {
        var folder = Sources.Folder(
            ("events.out.tfevents.10.h.1.0", At(10, [.. Steps(1, 30, 1.0), (10, "pesq", 2.0), (20, "pesq", 2.1), (30, "pesq", 2.2)])),
            ("events.out.tfevents.20.h.2.0", At(20, [.. Steps(1, 20, 0.5), (10, "pesq", 3.0), (20, "pesq", 3.1)])),
            // Begun again from a checkpoint: the same training as the second.
            ("events.out.tfevents.30.h.3.0", At(30, [.. Steps(11, 20, 0.25), (20, "pesq", 3.2)]))
        );
        var run = Importer.Read(folder, null, [], null);
        run.Steps.Select(s => s.Loss.Total).Should().Equal([.. Enumerable.Repeat(0.5, 10), .. Enumerable.Repeat(0.25, 10)]);
        run.Epochs.Select(e => (float)e.Validation!.Mean["pesq_wb"]).Should().Equal(3.0f, 3.2f);
        run.Info.Import!.Notes.Should()
            .Contain(n => n.StartsWith("It holds 2 trainings, which begin at events.out.tfevents.10.h.1.0 step 1, events.out.tfevents.20"))
            .And.Contain(n =>
                n.StartsWith("'events.out.tfevents.30.h.3.0' begins again at a step that was there already: 11 older values")
            );
        Importer.Read(folder, null, [], 1).Steps.Should().HaveCount(30).And.OnlyContain(s => s.Loss.Total == 1);
    }

    [Test]
    public void One_file_whose_steps_begin_again_holds_two_trainings_and_a_tag_that_counts_anew_in_each_epoch_none()
    {
        Importer
            .Read(Sources.Of(Name, File([.. Steps(1, 4, 1.0), (4, "pesq", 2), .. Steps(1, 4, 0.5), (4, "pesq", 3)])), null, [], null)
            .Info.Import!.Notes.Should()
            .Contain(n => n.StartsWith("It holds 2 trainings"));
        var run = Importer.Read(
            Sources.Of(
                Name,
                File([
                    .. Enumerable
                        .Range(1, 3)
                        .SelectMany(e => new[] { (1L, "loss", 0.5 * e), (2L, "loss", 0.25 * e), (e, "pesq", 2.0 + e) }),
                    (1, "loss", 9),
                ])
            ),
            null,
            [],
            null
        );
        run.Epochs.Select(e => e.Validation?.Mean["pesq_wb"]).Should().Contain([3.0, 4.0, 5.0]);
        run.Info.Import!.Notes.Should().NotContain(n => n.StartsWith("It holds"));
    }

    [Test]
    public void Tags_that_add_scalars_writes_into_folders_of_their_own_are_one_training()
    {
        var run = Importer.Read(
            Sources.Folder(
                ("log/events.out.tfevents.1", File((1, "pesq", 2.0), (2, "pesq", 2.5))),
                ("log/loss_train/events.out.tfevents.1", File((1, "loss", 0.5), (2, "loss", 0.25))),
                ("log/loss_valid/events.out.tfevents.1", File((1, "loss", 0.75), (2, "loss", 0.5)))
            ),
            null,
            ["loss=loss_train/loss", "valid_loss=loss_valid/loss"],
            null
        );
        run.Epochs.Select(e => (e.Loss.Total, e.Validation!.Loss)).Should().Equal((0.5, 0.75), (0.25, 0.5));
        run.Info.Import!.Notes.Should().NotContain(n => n.StartsWith("It holds"));
    }

    [Test]
    public void The_tags_of_MP_SENet_s_trainer_are_known() =>
        Importer
            .Read(
                Sources.Of(
                    Name,
                    File(
                        (100, "Training/Generator Loss", 0.5),
                        (100, "Training/Discriminator Loss", 0.01),
                        (100, "Training/Metric Loss", 0.1),
                        (100, "Training/Magnitude Loss", 0.2),
                        (100, "Training/Time Loss", 0.3),
                        (100, "Training/Complex Loss", 0.4),
                        (100, "Training/Learning Rate", 0.0005),
                        (200, "Training/Generator Loss", 0.25),
                        (200, "Validation/PESQ Score", 3.25)
                    )
                ),
                null,
                [],
                null
            )
            .Info.Import!.Fields.Select(f => f.Field)
            .Should()
            .BeEquivalentTo("loss", "disc_loss", "loss_gan", "loss_magnitude", "loss_time", "loss_ri", "lr", "pesq");

    [Test]
    public void A_restart_that_makes_void_all_leaves_nothing_to_import() =>
        FluentActions
            .Invoking(() => Importer.Read(Sources.Of(Name, [.. File((3, "loss", 1.0)), .. EventEncoding.Start(2000, 2)]), null, [], null))
            .Should()
            .Throw<ImportException>()
            .WithMessage($"'{Name}' holds no scalar*");

    [Test]
    public void What_stands_before_a_record_that_is_cut_off_is_used_and_said()
    {
        var whole = File((1, "loss", 1.0), (2, "loss", 0.9));
        var run = Importer.Read(Sources.Of(Name, whole[..^3]), null, [], null);
        run.Epochs.Should().ContainSingle();
        run.Info.Import!.Notes.Should()
            .Contain(n => n.StartsWith($"'{Name}': record 3, at byte ") && n.EndsWith("is cut off; the 2 records before it were used."));
    }

    [Test]
    public void What_stands_before_a_wrong_checksum_is_used_and_said()
    {
        var broken = File((1, "loss", 1.0), (2, "loss", 0.9));
        broken[^6] ^= 1;
        var run = Importer.Read(Sources.Of(Name, broken), null, [], null);
        run.Epochs.Should().ContainSingle();
        run.Info.Import!.Notes.Should()
            .Contain(n =>
                n.Contains("record 3") && n.EndsWith("has data whose checksum (CRC) is wrong; the 2 records before it were used.")
            );
    }

    [Test]
    public void A_file_without_a_scalar_is_refused() =>
        FluentActions
            .Invoking(() => Importer.Read(Sources.Of(Name, EventEncoding.Version(1)), null, [], null))
            .Should()
            .Throw<ImportException>()
            .WithMessage($"'{Name}' holds no scalar (add_scalar writes them). *");

    [Test]
    public void A_tag_that_is_not_there_is_refused_with_those_that_are() =>
        FluentActions
            .Invoking(() => Importer.Read(Sources.Of(Name, File((1, "loss", 1))), null, ["pesq=valid/pesq"], null))
            .Should()
            .Throw<ImportException>()
            .WithMessage($"--map pesq=valid/pesq names a tag that '{Name}' does not have. It has 'loss'.");

    [Test]
    public void A_NaN_of_a_loss_is_a_finding_with_its_tag() =>
        Importer
            .Read(Sources.Of(Name, File((1, "loss", 1), (2, "loss", double.NaN), (2, "pesq", 2), (1, "pesq", 2))), null, [], null)
            .Info.NonFinite!.Sentence.Should()
            .Be($"The generator's training loss is NaN: it is not finite ({Name} tag loss, step 2).");

    internal static byte[] File(params (long Step, string Tag, double Value)[] scalars) =>
        [
            .. EventEncoding.Version(1000),
            .. scalars.SelectMany(s => EventEncoding.Scalars(1000 + s.Step, s.Step, [new EventScalar(s.Tag, s.Value)])),
        ];

    private static byte[] At(double time, params (long Step, string Tag, double Value)[] scalars) =>
        [
            .. EventEncoding.Version(time),
            .. scalars.SelectMany(s => EventEncoding.Scalars(time, s.Step, [new EventScalar(s.Tag, s.Value)])),
        ];

    private static IEnumerable<(long, string, double)> Steps(int first, int last, double loss) =>
        Enumerable.Range(first, last - first + 1).Select(i => ((long)i, "loss", loss));

    private static byte[] Record(byte[] data)
    {
        var record = new byte[data.Length + 16];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedCrc32C.Of(record.AsSpan(0, 8)));
        data.CopyTo(record.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedCrc32C.Of(data));
        return record;
    }
}
