using SpeechGan.Diagnostics;
using SpeechGan.Diagnostics.Theories;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Unit.Diagnostics;

public sealed class StateLostAtResumeTests
{
    private static Resumption Sound { get; } =
        new()
        {
            Epoch = 3,
            StepInEpoch = 0,
            Step = 90,
            ParameterDigest = "digest-3",
            BestEpoch = 3,
            BestPesq = 2.1,
        };

    [Test]
    public void A_sound_resumption_is_told_as_such()
    {
        var finding = new StateLostAtResume().Examine(With(Sound));
        finding.Outcome.Should().Be(FindingOutcome.Rejected);
        finding.Sentence.Should().StartWith("Resumed 1 times, each time with the same bytes");
    }

    [Test]
    public void Best_weights_and_parts_that_are_not_what_they_were_confirm()
    {
        Sentence(Sound with { BestPesq = null })
            .Should()
            .Be("The run is not the one that was interrupted: the best PESQ so far was 2.100 and is none after resuming.");
        Sentence(Sound with { BestPesq = 0 }).Should().Contain("was 2.100 and is 0.000 after resuming");
        Sentence(Sound with { ParameterDigest = "other" }).Should().Contain("the weights after resuming are not those of epoch 3");
        Sentence(Sound with { PartsThatDiffer = ["generator-optimizer.bin"] })
            .Should()
            .Contain("generator-optimizer.bin was not restored as it was saved (resumed after step 90)");
    }

    [Test]
    public void Epochs_tell_by_themselves()
    {
        var run = Records.Healthy();
        Sentence(run.WithEpochs(e => e.Epoch == 5 ? e with { BestPesq = 1 } : e))
            .Should()
            .Contain("the best PESQ so far is 1.000 in epoch 5 although");
        Sentence(run.WithEpochs(e => e.Epoch == 4 ? e with { GeneratorLearningRate = 1e-3 } : e))
            .Should()
            .Contain("the learning rate rose from 0.0005 to 0.001 in epoch 4");
        Sentence(run with { Epochs = [.. run.Epochs, run.Epochs[2]] }).Should().Contain("epoch 3 was trained 2 times");
        Sentence(run with { Steps = [.. run.Steps, run.Steps[9]] }).Should().Contain("step 10 was taken 2 times");
    }

    private static string Sentence(Resumption resumption) => Sentence(With(resumption));

    private static string Sentence(RunRecord run)
    {
        var finding = new StateLostAtResume().Examine(run);
        finding.Outcome.Should().Be(FindingOutcome.Confirmed);
        return finding.Sentence;
    }

    private static RunRecord With(Resumption resumption)
    {
        var run = Records.Healthy().WithEpochs(e => e with { BestPesq = null, Validation = null });
        run = run.WithEpochs(e => e.Epoch == 3 ? e with { BestPesq = 2.1 } : e);
        return run with { Info = run.Info with { Resumptions = [resumption] } };
    }
}
