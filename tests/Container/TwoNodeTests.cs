using SpeechGan.Runs;

namespace SpeechGan.Tests.Container;

/// <summary>A training of two ranks in two containers on a network of their own: one of them killed, paused or taken off the network, and both started again.</summary>
[Category("Container")]
public sealed class TwoNodeTests
{
    private const int Deadline = 20;

    private static readonly string[] Knobs =
    [
        "train.epochs=2", "train.stepsPerEpoch=2", "checkpoint.everySteps=1", "evaluation.cutSeconds=0.5", "metric.workers=1", "evaluation.workers=1",
        $"train.collectiveTimeoutSeconds={Deadline}",
    ];

    private Workplace place = null!;
    private SortedDictionary<string, string> expected = null!;

    [OneTimeSetUp]
    public async Task Train_once_without_a_stop()
    {
        place = new Workplace(train: 8, valid: 2, test: 2);
        var whole = place.NewRun();
        await Completes(whole);
        expected = EndState.Of(whole);
        RunRecord.Load(whole).Info.Processes.Should().Be(2);
    }

    [OneTimeTearDown]
    public void Remove() => place?.Dispose();

    [Test]
    public async Task A_killed_node_ends_the_other_at_once_and_both_continue_to_the_same_bits()
    {
        var run = place.NewRun();
        await using (var pair = await Pair.StartAsync(Train(run), place.Corpus, run, 2))
        {
            (await pair[0].ReachedAsync()).Should().BeTrue();
            await pair[1].KillAsync();
            var (code, output, error) = await pair[0].EndAsync();
            code.Should().Be(3, output + error);
            error.Should().Contain("Rank 0 of 2 lost its group in ").And.Contain("start all ranks again with --resume");
            (await pair[1].EndAsync()).Code.Should().Be(137);
        }
        await Continues(run);
    }

    [Test]
    public async Task A_paused_node_ends_the_other_at_the_deadline_and_both_continue_to_the_same_bits()
    {
        var run = place.NewRun();
        await using (var pair = await Pair.StartAsync(Train(run), place.Corpus, run, 2))
        {
            (await pair[0].ReachedAsync()).Should().BeTrue();
            await pair[1].PauseAsync();
            var (code, output, error) = await pair[0].EndAsync();
            code.Should().Be(3, output + error);
            error.Should().Contain($"the others did not answer within {Deadline} s (train.collectiveTimeoutSeconds). Another process was killed, is paused or cannot be reached.");
            RunRecord.Load(run).Info.Status.Should().Be(RunStatus.Interrupted);
        }
        await Continues(run);
    }

    [Test]
    public async Task A_node_off_the_network_ends_both_at_the_deadline_and_both_continue_to_the_same_bits()
    {
        var run = place.NewRun();
        await using (var pair = await Pair.StartAsync(Train(run), place.Corpus, run, 2))
        {
            (await pair[0].ReachedAsync()).Should().BeTrue();
            await pair.Network.DisconnectAsync(pair[1]);
            foreach (var node in new[] { pair[0], pair[1] })
            {
                var (code, output, error) = await node.EndAsync();
                code.Should().Be(3, output + error);
                error.Should().Contain("of 2 lost its group in ").And.Contain("start all ranks again with --resume");
            }
            RunRecord.Load(run).Info.Status.Should().Be(RunStatus.Interrupted);
        }
        await Continues(run);
    }

    private async Task Continues(string run)
    {
        await Completes(run, "--resume");
        EndState.Differences(expected, EndState.Of(run)).Should().BeEmpty();
    }

    private async Task Completes(string run, params string[] further)
    {
        await using var pair = await Pair.StartAsync(further.Length > 0 ? ["train", "--data", place.Corpus, "--out", run, .. further] : Train(run), place.Corpus, run, 0);
        foreach (var node in new[] { pair[0], pair[1] })
        {
            var (code, output, error) = await node.EndAsync();
            code.Should().Be(0, output + error);
        }
    }

    private string[] Train(string run) =>
        ["train", "--data", place.Corpus, "--out", run, "--preset", "tiny", .. SmallRun.Overrides.Concat(Knobs).SelectMany(k => new[] { "--set", k })];

    /// <summary>Two ranks and their network; rank 0 has the run folder.</summary>
    private sealed class Pair : IAsyncDisposable
    {
        private readonly Node[] nodes;

        private Pair(Network network, Node[] nodes) => (Network, this.nodes) = (network, nodes);

        public Network Network { get; }

        public Node this[int rank] => nodes[rank];

        public static async Task<Pair> StartAsync(string[] command, string corpus, string run, int steps)
        {
            var network = await Network.MakeAsync();
            // Names of the network's own: every container of a pair finds the other by them.
            return new Pair(network, [.. Enumerable.Range(0, 2).Select(rank => Node.Start(
                command, [corpus], rank == 0 ? run : null, rank == 0 ? steps : 0,
                ["--network", network.Name, "--network-alias", $"rank-{rank}", "--hostname", $"rank-{rank}", .. Variables(rank)]))]);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var node in nodes)
                await node.DisposeAsync();
            await Network.DisposeAsync();
        }

        private static IEnumerable<string> Variables(int rank) =>
            new[] { $"RANK={rank}", "WORLD_SIZE=2", "LOCAL_RANK=0", "MASTER_ADDR=rank-0", "MASTER_PORT=29500" }.SelectMany(v => new[] { "--env", v });
    }
}
