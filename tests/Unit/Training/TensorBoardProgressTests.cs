using SpeechGan.Runs;
using SpeechGan.Tests.Unit.Runs;
using SpeechGan.Training;

namespace SpeechGan.Tests.Unit.Training;

public sealed class TensorBoardProgressTests
{
    private string run = "";

    [SetUp]
    public void Make_a_folder() => run = Scratch.Create("speechgan-events-");

    [TearDown]
    public void Remove_it() => Directory.Delete(run, recursive: true);

    [Test]
    public void Steps_and_epochs_are_written_and_passed_on()
    {
        var next = new Listener();
        using (var progress = new TensorBoardProgress(run, next))
        {
            progress.StepTaken(RunSamples.Stepped(1, 1));
            progress.StepTaken(RunSamples.Stepped(1, 2));
            progress.EpochCompleted(RunSamples.Epoch(1, RunSamples.Stepped(1, 1), RunSamples.Stepped(1, 2)), null, true);
        }

        next.Told.Should().Equal("step 1", "step 2", "epoch 1");
        string[] files = Directory.GetFiles(Path.Combine(run, "tensorboard"));
        EventReader.Shown(files, "loss/total").Keys.Should().Equal(1, 2);
        EventReader.Shown(files, "train/discriminator_rate").Should().Equal(new SortedDictionary<long, float> { [2] = 1 });
    }

    [Test]
    public void Where_no_step_was_taken_nothing_is_made()
    {
        new TensorBoardProgress(run, new Listener()).Dispose();
        Directory.GetFileSystemEntries(run).Should().BeEmpty();
    }

    [Test]
    public void A_place_that_cannot_be_written_is_noted_once_and_ends_nothing()
    {
        File.WriteAllText(Path.Combine(run, "tensorboard"), "a file where the folder would be");
        var next = new Listener();
        using var progress = new TensorBoardProgress(run, next);
        progress.StepTaken(RunSamples.Stepped(1, 1));
        progress.StepTaken(RunSamples.Stepped(1, 2));
        progress.EpochCompleted(RunSamples.Epoch(1, RunSamples.Stepped(1, 1)), null, false);
        next.Told.Should().HaveCount(4).And.ContainInOrder("step 1", "step 2", "epoch 1");
        next.Told[0]
            .Should()
            .StartWith($"TensorBoard's event file in '{Path.Combine(run, "tensorboard")}' cannot be written (")
            .And.EndWith("; the training continues without it, and its record is complete.");
    }

    private sealed class Listener : ITrainingProgress
    {
        public List<string> Told { get; } = [];

        public void Note(string sentence) => Told.Add(sentence);

        public void EpochStarted(int epoch, int epochs, int steps, int firstStep) => Told.Add($"start {epoch}");

        public void StepTaken(StepTelemetry step) => Told.Add($"step {step.Step}");

        public void UtteranceEvaluated(UtteranceEvaluation evaluation, int count) => Told.Add(evaluation.Name);

        public void EpochCompleted(EpochTelemetry epoch, string? verdict, bool isBest) => Told.Add($"epoch {epoch.Epoch}");
    }
}
