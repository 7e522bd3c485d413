using SpeechGan.Distributed;

namespace SpeechGan.Tests.Unit.Distributed;

/// <summary>A process's place among others, read from the environment, and what is said where they cannot be.</summary>
public sealed class RankEnvironmentTests
{
    private const string Advice = " Unset both to train in one process.";

    [TestCase("")]
    [TestCase("WORLD_SIZE=1")]
    [TestCase("WORLD_SIZE=1 RANK=0")]
    [TestCase("LOCAL_RANK=3")]
    [TestCase("WORLD_SIZE= RANK=")]
    public void A_process_without_others_is_alone(string variables) => Read(variables).Should().BeNull();

    [Test]
    public void Rank_and_size_place_a_process() => Read("RANK=5 WORLD_SIZE=8").Should().Be(new RankEnvironment(5, 8));

    [TestCase("RANK=3", "RANK is 3 and WORLD_SIZE is not set: a process of a group needs both." + Advice, "WORLD_SIZE")]
    [TestCase("WORLD_SIZE=4", "WORLD_SIZE is 4 and RANK is not set: each process needs its own number." + Advice, "RANK")]
    [TestCase("RANK=0 WORLD_SIZE=two", "WORLD_SIZE is 'two'; allowed is a whole number from 1 to 65536 (the number of processes)." + Advice, "WORLD_SIZE")]
    [TestCase("RANK=0 WORLD_SIZE=0", "WORLD_SIZE is '0'; allowed is a whole number from 1 to 65536 (the number of processes)." + Advice, "WORLD_SIZE")]
    [TestCase("RANK=0 WORLD_SIZE=-2", "WORLD_SIZE is '-2'; allowed is a whole number from 1 to 65536 (the number of processes)." + Advice, "WORLD_SIZE")]
    [TestCase("RANK=0 WORLD_SIZE=99999999999", "WORLD_SIZE is '99999999999'; allowed is a whole number from 1 to 65536 (the number of processes)." + Advice, "WORLD_SIZE")]
    [TestCase("RANK=4 WORLD_SIZE=4", "RANK is '4'; allowed is a whole number from 0 to 3 (below WORLD_SIZE 4)." + Advice, "RANK")]
    [TestCase("RANK=1 WORLD_SIZE=1", "RANK is '1'; allowed is a whole number from 0 to 0 (below WORLD_SIZE 1)." + Advice, "RANK")]
    [TestCase("RANK=1.5 WORLD_SIZE=4", "RANK is '1.5'; allowed is a whole number from 0 to 3 (below WORLD_SIZE 4)." + Advice, "RANK")]
    public void Variables_that_cannot_be_get_a_sentence(string variables, string sentence, string variable) =>
        FluentActions.Invoking(() => Read(variables)).Should().Throw<RankEnvironmentException>().WithMessage(sentence).Which.Variable.Should().Be(variable);

    private static RankEnvironment? Read(string variables)
    {
        var values = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        return RankEnvironment.Read(values.GetValueOrDefault);
    }
}
