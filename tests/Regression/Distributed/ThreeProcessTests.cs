using SpeechGan.Tests.Regression.Harness;

namespace SpeechGan.Tests.Regression.Distributed;

/// <summary>Three processes, by one MPI twice and by the other one.</summary>
internal sealed class ThreeProcessTests
{
    // replicaCheckSteps=1: after every step all ranks have compared their weights.
    private static readonly string[] Knobs =
    [
        "train.epochs=2",
        "train.stepsPerEpoch=2",
        "data.batchSize=1",
        "checkpoint.everySteps=1",
        "evaluation.cutSeconds=0.5",
        "train.replicaCheckSteps=1",
        "metric.workers=1",
        "evaluation.workers=1",
    ];

    [Test]
    public async Task Three_processes_give_the_same_bits_each_time_and_by_every_MPI()
    {
        using Mpi open = Mpi.Require(Mpi.Open),
            other = Mpi.Require(Mpi.Mpich);
        using var place = new Workplace(train: 8, valid: 2, test: 2);
        var states = new List<SortedDictionary<string, string>>();
        foreach (var mpi in new[] { open, open, other })
        {
            var run = place.NewRun();
            using var child = Child.Start(null, 0, null, ["launch", "--processes", "3", "--", .. Train(place, run)], mpi.Environment);
            var (code, output, error) = await child.EndAsync();
            code.Should().Be(0, output + error);
            states.Add(EndState.Of(run));
        }
        EndState.Differences(states[0], states[1]).Should().BeEmpty("a sum's order depends on the number of ranks alone");
        EndState.Differences(states[0], states[2]).Should().BeEmpty("and not on the MPI");
    }

    private static string[] Train(Workplace place, string run) => SmallRun.Command(place.Corpus, run, Knobs);
}
