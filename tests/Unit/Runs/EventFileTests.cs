using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

public sealed class EventFileTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);
    private string run = "";

    [SetUp]
    public void Make_a_folder() => run = Scratch.Create("speechgan-events-");

    [TearDown]
    public void Remove_it() => Directory.Delete(run, recursive: true);

    [Test]
    public void The_checksum_is_the_standards() => MaskedCrc32C.Crc("123456789"u8).Should().Be(0xE3069283);

    // Made by a script of twenty lines from the field numbers alone.
    [Test]
    public void The_bytes_are_the_formats()
    {
        Convert
            .ToHexStringLower(EventEncoding.Version(1.5))
            .Should()
            .Be("1a00000000000000129bd82d09000000000000f83f10001a0d627261696e2e4576656e743a32d3dc531e");
        Convert.ToHexStringLower(EventEncoding.Start(2.5, 7)).Should().Be("0f000000000000006d532b0909000000000000044010073a0208019aaf83ce");
        Convert
            .ToHexStringLower(EventEncoding.Scalars(3.25, 300, [new("loss/total", 0.5), new("ü", -1)]))
            .Should()
            .Be("2c00000000000000f4aecc45090000000000000a4010ac022a1e0a110a0a6c6f73732f746f74616c150000003f0a090a02c3bc15000080bf5bb07b08");
    }

    [Test]
    public void An_independent_reader_finds_version_start_and_every_scalar_as_it_was_measured()
    {
        var step = RunSamples.Stepped(1, 300) with
        {
            GradientNorm = new GradientNorms
            {
                Ri = 1,
                Magnitude = 2,
                Time = 0.5,
                Gan = 0.5,
                Generator = 3,
                Discriminator = 4,
            },
        };
        using (var file = Create(300))
        {
            file.Append(300, EventScalars.Of(step));
            file.Append(301, EventScalars.Of(RunSamples.Skipped(1, 301)));
            file.Flush();
        }

        var events = EventReader.Read(File.ReadAllBytes(Files().Single()));
        events.Should().HaveCount(4).And.OnlyContain(e => e.WallTime == 1772366400.25);
        events[0].Version.Should().Be("brain.Event:2");
        (events[1].SessionStatus, events[1].Step).Should().Be((1, 300L));
        events[2].Step.Should().Be(300);
        events[2]
            .Scalars.Should()
            .BeEquivalentTo(
                new Dictionary<string, float>
                {
                    ["loss/total"] = 0.5f,
                    ["loss/ri"] = 0.25f,
                    ["loss/magnitude"] = 0.125f,
                    ["loss/time"] = 0.0625f,
                    ["loss/gan"] = 0.03125f,
                    ["loss/discriminator"] = 0.05f,
                    ["gradient_share/ri"] = 0.25f,
                    ["gradient_share/magnitude"] = 0.5f,
                    ["gradient_share/time"] = 0.125f,
                    ["gradient_share/gan"] = 0.125f,
                    ["gradient_norm/generator"] = 3,
                    ["gradient_norm/discriminator"] = 4,
                    ["train/discriminator_stepped"] = 1,
                    ["train/samples_scored"] = 1,
                    ["train/pesq_wb"] = 1.75f,
                    ["seconds/step"] = 0.25f,
                }
            );
        events[3]
            .Scalars.Should()
            .NotContainKeys("loss/discriminator", "train/pesq_wb", "gradient_share/gan")
            .And.Contain("train/discriminator_stepped", 0f);
    }

    [Test]
    public void An_epoch_has_its_rate_and_validation_and_no_scalar_for_what_was_not_measured()
    {
        var epoch = RunSamples.Epoch(1, RunSamples.Stepped(1, 1), RunSamples.Skipped(1, 2)) with
        {
            Validation = new ValidationSummary
            {
                Split = "valid",
                Utterances = 2,
                Mean = new Dictionary<string, double> { ["pesq_wb"] = 2.5, ["si_sdr"] = 8 },
            },
        };
        var scalars = EventScalars.Of(epoch).ToDictionary(s => s.Tag, s => s.Value);
        scalars["train/discriminator_rate"].Should().Be(0.5);
        scalars["valid/pesq_wb"].Should().Be(2.5);
        scalars["valid/si_sdr"].Should().Be(8);
        scalars.Should().NotContainKeys("valid/loss", "seconds/training");
    }

    [Test]
    public void A_file_cut_anywhere_has_a_readable_beginning()
    {
        using (var file = Create(1))
        {
            for (var step = 1; step <= 3; step++)
                file.Append(step, EventScalars.Of(RunSamples.Stepped(1, step)));
        }

        var bytes = File.ReadAllBytes(Files().Single());
        var whole = EventReader.Read(bytes);
        for (var length = 0; length < bytes.Length; length++)
        {
            var read = EventReader.Read(bytes[..length]);
            read.Select(e => e.Step).Should().Equal(whole.Take(read.Count).Select(e => e.Step), "the file has {0} bytes", length);
            read.Count.Should().BeLessThan(whole.Count);
        }
    }

    [Test]
    public void What_was_written_is_the_systems_before_the_file_is_closed()
    {
        using var file = Create(1);
        file.Append(1, EventScalars.Of(RunSamples.Stepped(1, 1)));
        using var other = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[other.Length];
        other.ReadExactly(bytes);
        EventReader.Read(bytes).Select(e => e.Step).Should().Equal(0, 1, 1);
    }

    [Test]
    public void Steps_taken_again_after_a_resume_are_shown_once()
    {
        using (var first = Create(1))
            for (var step = 1; step <= 5; step++)
                first.Append(step, [new EventScalar("loss/total", step)]);
        // Killed after step 5, resumed from the checkpoint of step 3, within the same second.
        using (var second = Create(4))
            for (var step = 4; step <= 6; step++)
                second.Append(step, [new EventScalar("loss/total", 10 + step)]);

        Files().Should().HaveCount(2);
        EventReader
            .Shown(Files(), "loss/total")
            .Should()
            .Equal(
                new SortedDictionary<long, float>
                {
                    [1] = 1,
                    [2] = 2,
                    [3] = 3,
                    [4] = 14,
                    [5] = 15,
                    [6] = 16,
                }
            );
    }

    private EventFile Create(long firstStep) => EventFile.Create(run, firstStep, new FixedClock(Noon));

    private string[] Files() => Directory.GetFiles(Path.Combine(run, EventFile.FolderName), "events.out.tfevents.*");

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
