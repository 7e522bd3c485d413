using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Cli;

/// <summary>`train --resume` typed as the command that began the run.</summary>
public sealed class ResumeVerbTests
{
    private Workplace place = null!;

    [SetUp]
    public void Make() => place = new Workplace(train: 4, valid: 1, test: 0);

    [TearDown]
    public void Remove() => place.Dispose();

    [Test]
    public async Task The_first_command_with_resume_continues_and_what_differs_is_named()
    {
        var run = place.NewRun();
        string[] first =
        [
            "train",
            "--data",
            place.Corpus,
            "--out",
            run,
            "--preset",
            "tiny",
            .. SmallRun
                .Overrides.Where(k => !k.StartsWith("train.epochs", StringComparison.Ordinal))
                .Append("train.stepsPerEpoch=1")
                .SelectMany(k => new[] { "--set", k }),
        ];
        (await Ends([.. first, "--epochs", "1"])).Code.Should().Be(0);

        var (code, _, error) = await Ends([.. first, "--epochs", "2", "--resume"]);
        code.Should().Be(0, error);
        RunRecord.Load(run).Epochs.Should().HaveCount(2);

        (code, _, error) = await Ends([.. first, "--set", "data.shuffle=once", "--epochs", "3", "--resume"]);
        code.Should().Be(2);
        error
            .Should()
            .Be(
                $"speechgan: The run in '{run}' trains with data.shuffle=each-epoch; a resumed run cannot change it to once. Leave "
                    + $"that option "
                    + "out, or start a new run in another folder."
            );

        // A preset does not undo what --epochs changed since.
        (code, _, error) = await Ends([.. first, "--resume"]);
        code.Should().Be(2);
        error.Should().Contain("is complete: all 2 epochs are done.");
    }

    private static async Task<(int Code, string Output, string Error)> Ends(IEnumerable<string> command)
    {
        using var child = Child.Start(null, 0, null, command);
        return await child.EndAsync();
    }
}
