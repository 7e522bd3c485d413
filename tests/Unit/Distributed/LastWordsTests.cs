using SpeechGan.Distributed;

namespace SpeechGan.Tests.Unit.Distributed;

/// <summary>How ranks end together: one exit code, and each sentence once.</summary>
internal sealed class LastWordsTests
{
    private static readonly LastWords Well = new(0, null, IsOwn: true);

    [Test]
    public void The_code_is_that_of_the_first_failure_and_not_of_those_who_heard_of_it()
    {
        LastWords heard = new(3, "Rank 1 stopped, and the group with it. It reported: x", IsOwn: false),
            own = new(2, "x", IsOwn: true);
        LastWords.CodeOf([heard, own, heard]).Should().Be(2);
        LastWords.CodeOf([heard, heard]).Should().Be(3);
        LastWords.CodeOf([Well, Well]).Should().Be(0);
        LastWords.CodeOf([new(130, null, IsOwn: true), Well]).Should().Be(130, "a request to stop has no sentence");
        LastWords.ToTell([heard, own, heard]).Should().Equal("rank 1: speechgan: x");
    }

    [Test]
    public void What_all_say_is_told_once_by_rank_0()
    {
        LastWords same = new(2, "seeds differ", IsOwn: true);
        LastWords.ToTell([same, same, same]).Should().Equal("speechgan: seeds differ");
        LastWords
            .ToTell([same, new(1, "disk full", IsOwn: true), Well])
            .Should()
            .Equal("speechgan: seeds differ", "rank 1: speechgan: disk full");
        LastWords.ToTell([Well, Well]).Should().BeEmpty();
    }
}
