using SpeechGan.Distributed;

namespace SpeechGan.Tests.Unit.Distributed;

/// <summary>A process's place among others, read from torchrun's variables, and what is said where they cannot be.</summary>
public sealed class RankEnvironmentTests
{
    private const string Advice = " torchrun and `speechgan launch` set both; unset both to train in one process.";

    [TestCase("")]
    [TestCase("WORLD_SIZE=1")]
    [TestCase("WORLD_SIZE=1 RANK=0 MASTER_ADDR=here MASTER_PORT=1")]
    [TestCase("LOCAL_RANK=3 MASTER_ADDR=here MASTER_PORT=1")]
    [TestCase("WORLD_SIZE= RANK=")]
    public void A_process_without_others_is_alone(string variables) => Read(variables).Should().BeNull();

    [Test]
    public void Torchruns_variables_place_a_process() =>
        Read("RANK=5 LOCAL_RANK=1 WORLD_SIZE=8 MASTER_ADDR=node-0 MASTER_PORT=29500 TORCHELASTIC_USE_AGENT_STORE=True TORCHELASTIC_RESTART_COUNT=2").Should().Be(
            new RankEnvironment { Rank = 5, LocalRank = 1, Size = 8, Address = "node-0", Port = 29500, AgentServes = true, Restart = 2, IsRestarted = true });

    [Test]
    public void What_Kubernetes_leaves_out_has_a_default() =>
        Read("RANK=1 WORLD_SIZE=2 MASTER_ADDR=pod-0 MASTER_PORT=23456").Should().Be(
            new RankEnvironment { Rank = 1, LocalRank = 0, Size = 2, Address = "pod-0", Port = 23456 });

    [TestCase("SLURM_RESTART_COUNT=1", true)]
    [TestCase("SLURM_RESTART_COUNT=0", false)]
    [TestCase("TORCHELASTIC_RESTART_COUNT=0", false)]
    public void A_group_that_was_started_again_is_known(string variables, bool restarted) =>
        Read("RANK=1 WORLD_SIZE=2 MASTER_ADDR=a MASTER_PORT=1 " + variables)!.IsRestarted.Should().Be(restarted);

    [TestCase("RANK=3", "RANK is 3 and WORLD_SIZE is not set: a process of a group needs both." + Advice)]
    [TestCase("WORLD_SIZE=4", "WORLD_SIZE is 4 and RANK is not set: each process needs its own number." + Advice)]
    [TestCase("RANK=0 WORLD_SIZE=two", "WORLD_SIZE is 'two'; allowed is a whole number from 1 to 65536 (the number of processes)." + Advice)]
    [TestCase("RANK=0 WORLD_SIZE=0", "WORLD_SIZE is '0'; allowed is a whole number from 1 to 65536 (the number of processes)." + Advice)]
    [TestCase("RANK=0 WORLD_SIZE=-2", "WORLD_SIZE is '-2'; allowed is a whole number from 1 to 65536 (the number of processes)." + Advice)]
    [TestCase("RANK=0 WORLD_SIZE=99999999999", "WORLD_SIZE is '99999999999'; allowed is a whole number from 1 to 65536 (the number of processes)." + Advice)]
    [TestCase("RANK=4 WORLD_SIZE=4", "RANK is '4'; allowed is a whole number from 0 to 3 (below WORLD_SIZE 4)." + Advice)]
    [TestCase("RANK=1.5 WORLD_SIZE=4", "RANK is '1.5'; allowed is a whole number from 0 to 3 (below WORLD_SIZE 4)." + Advice)]
    [TestCase("RANK=1 WORLD_SIZE=4", "MASTER_ADDR is not set with WORLD_SIZE 4: the processes meet at rank 0's machine. Set its name or address there, and a free port in MASTER_PORT.")]
    [TestCase("RANK=1 WORLD_SIZE=4 MASTER_ADDR=n0", "MASTER_PORT is not set with WORLD_SIZE 4: the processes meet at a free port of n0. Set it to 29500 for example.")]
    [TestCase("RANK=1 WORLD_SIZE=4 MASTER_ADDR=n0 MASTER_PORT=70000", "MASTER_PORT is '70000'; allowed is a whole number from 1 to 65535 (a TCP port)." + Advice)]
    [TestCase("RANK=1 WORLD_SIZE=4 MASTER_ADDR=n0 MASTER_PORT=1 LOCAL_RANK=4", "LOCAL_RANK is '4'; allowed is a whole number from 0 to 3 (below WORLD_SIZE 4)." + Advice)]
    [TestCase("RANK=1 WORLD_SIZE=4 MASTER_ADDR=n0 MASTER_PORT=1 TORCHELASTIC_RESTART_COUNT=x", "TORCHELASTIC_RESTART_COUNT is 'x'; allowed is a whole number from 0 to 2147483647 (a count)." + Advice)]
    public void Variables_that_cannot_be_get_a_sentence(string variables, string sentence) =>
        FluentActions.Invoking(() => Read(variables)).Should().Throw<RankEnvironmentException>().WithMessage(sentence)
            .Which.Variable.Should().Be(sentence.Split(' ')[0] is "RANK" && !variables.Contains("WORLD_SIZE", StringComparison.Ordinal) ? "WORLD_SIZE"
                : sentence.Contains("RANK is not set", StringComparison.Ordinal) ? "RANK" : sentence.Split(' ')[0]);

    [TestCase("RANK=2 WORLD_SIZE=4", "rank 2: ")]
    [TestCase("RANK=0 WORLD_SIZE=4", "")]
    [TestCase("RANK=2 WORLD_SIZE=1", "")]
    [TestCase("", "")]
    public void Messages_of_other_ranks_than_0_begin_with_their_number(string variables, string label) =>
        RankEnvironment.Label(Variables(variables)).Should().Be(label);

    private static RankEnvironment? Read(string variables) => RankEnvironment.Read(Variables(variables));

    private static Func<string, string?> Variables(string text)
    {
        var values = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        return values.GetValueOrDefault;
    }
}
