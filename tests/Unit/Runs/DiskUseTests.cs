using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Runs;

/// <summary>What a run takes on the disk is said before it begins, and before the disk is full.</summary>
public sealed class DiskUseTests
{
    private const long Mebi = 1 << 20;

    [Test]
    public void The_use_counts_kept_checkpoints_one_that_is_being_made_and_the_record()
    {
        var config = new RunConfig().With(
            "train.epochs=120",
            "checkpoint.keep=2",
            "checkpoint.keepEveryEpochs=10",
            "data.batchSize=4",
            "evaluation.everyEpochs=1"
        );
        var use = DiskUse.Of(config, 20 * Mebi, 2893, 824);
        use.Kept.Should().Be(2 + 1 + 12, "the newest two, the best, every tenth");
        use.Record.Should().Be((120L * 2893 * 1900) + (120L * 824 * 600));
        use.Total.Should().Be((16 * 20 * Mebi) + use.Record);
        DiskUse.Of(config, 20 * Mebi, 2893, 824, done: 119).Record.Should().BeLessThan(use.Record / 100, "119 epochs are written already");
        DiskUse.Of(config.With("train.epochs=1", "checkpoint.keepEveryEpochs=0"), Mebi, 10, 1).Kept.Should().Be(2);
    }

    [Test]
    public void A_run_that_cannot_fit_is_refused_with_what_to_do()
    {
        var use = new DiskUse(20 * Mebi, 3, 20 * Mebi);
        use.Sentence(5L << 30)
            .Should()
            .Be("Disk: the run will take about 100.0 MiB (a checkpoint 20.0 MiB, 3 kept at most; the record 20.0 MiB); 5.0 GiB are free.");
        use.Sentence(null).Should().EndWith("; how much is free is not known.");
        use.Refusal(100 * Mebi, "/r").Should().BeNull();
        use.Refusal(null, "/r").Should().BeNull("nobody knows");
        use.Refusal((100 * Mebi) - 1, "/r")
            .Should()
            .Be(
                "The disk of '/r' has 100.0 MiB free, and the run will take about 100.0 MiB (a checkpoint 20.0 MiB, 3 kept at most; the "
                    + "record 20.0 MiB). Free some space, keep fewer checkpoints (checkpoint.keep, checkpoint.keepEveryEpochs), choose "
                    + "another disk with --out, or start anyway with --no-disk-check."
            );
    }

    [Test]
    public void Room_for_fewer_than_three_checkpoints_is_told_once_each_time()
    {
        long? free = 61;
        var watch = new DiskWatch("/r", () => free);
        watch.BeforeCheckpoint(20).Should().BeNull();
        free = 59;
        watch
            .BeforeCheckpoint(20)
            .Should()
            .Be(
                "The disk of '/r' is nearly full: 0.0 MiB are left, and a checkpoint takes 0.0 MiB. Free some "
                    + "space now: at a full disk the run ends, and --resume continues it from its last checkpoint."
            );
        watch.BeforeCheckpoint(20).Should().BeNull("it was told");
        free = 100;
        watch.BeforeCheckpoint(20).Should().BeNull();
        free = 1;
        watch.BeforeCheckpoint(20).Should().NotBeNull("space came back and went");
        free = null;
        watch.BeforeCheckpoint(20).Should().BeNull("the file system does not tell");
    }

    [Test]
    public void Free_space_of_a_folder_to_be_is_that_of_its_parent() =>
        DiskUse.Free(Path.Combine(Path.GetTempPath(), "none", "run")).Should().BePositive();
}
