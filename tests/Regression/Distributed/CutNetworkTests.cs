using SpeechGan.Runs;
using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Distributed;

/// <summary>Two ranks on two hosts, which are network namespaces of this machine with a cable between them, and the cable cut. Needs root;
/// no container.</summary>
internal sealed class CutNetworkTests
{
    private const int Deadline = 5;

    private static readonly string[] Knobs =
    [
        "train.epochs=2",
        "train.stepsPerEpoch=2",
        "checkpoint.everySteps=1",
        "evaluation.cutSeconds=0.5",
        "metric.workers=1",
        "evaluation.workers=1",
        $"train.collectiveTimeoutSeconds={Deadline}",
    ];

    [Test]
    public async Task Hosts_that_cannot_reach_each_other_end_at_the_deadline_and_continue_to_the_same_bits()
    {
        using var mpi = Mpi.Require(Mpi.Open);
        using var hosts = TwoHosts.Make();
        using var place = new Workplace(train: 8, valid: 2, test: 2);
        string whole = place.NewRun(),
            run = place.NewRun();
        (await Ends(hosts.Command(mpi, Train(place, whole)))).Code.Should().Be(0);

        using (var child = Child.StartCommand(run, 2, RunFolder.StepsName, hosts.Command(mpi, Train(place, run))))
        {
            (await child.ReachedAsync()).Should().BeTrue();
            hosts.Cut();
            var (code, output, error) = await child.EndAsync();
            // The deadline is shorter than the time after which mpirun notices a lost host, and ends without a word.
            (output + error)
                .Should()
                .Contain("speechgan: Rank 0 of 2 lost its group in ")
                .And.Contain($"the others did not answer within {Deadline} s (train.collectiveTimeoutSeconds).");
            // Not always the ranks' own 3: mpirun, too, has lost a host, and says that with a code of its own.
            code.Should().NotBe(0);
        }
        RunRecord.Load(run).Info.Status.Should().Be(RunStatus.Interrupted);
        await TwoHosts.RanksAreGoneAsync(run);

        hosts.Mend();
        (await Ends(hosts.Command(mpi, ["train", "--data", place.Corpus, "--out", run, "--resume"]))).Code.Should().Be(0);
        EndState.Differences(EndState.Of(whole), EndState.Of(run)).Should().BeEmpty();
    }

    private static string[] Train(Workplace place, string run) => SmallRun.Command(place.Corpus, run, Knobs);

    private static async Task<(int Code, string Text)> Ends(IEnumerable<string> command)
    {
        using var child = Child.StartCommand(null, 0, null, command);
        var (code, output, error) = await child.EndAsync();
        TestContext.Out.WriteLine(output + error);
        return (code, output + error);
    }
}
