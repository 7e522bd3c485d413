using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Workflows;

/// <summary>What ranks compare before they begin.</summary>
internal sealed class RankAgreementTests
{
    private static readonly RankAgreement.Card Zero = new("node-a", "1.2.0", "0123456789ab", "2.10.0", "{}");

    [Test]
    public void Equal_programs_on_other_machines_are_equal() =>
        RankAgreement.Difference([Zero, Zero with { Host = "node-b" }]).Should().BeNull();

    [Test]
    public void Another_version_is_told_with_who_has_it() =>
        RankAgreement
            .Difference([Zero, Zero, Zero with { Host = "node-b", Program = "1.1.0" }])
            .Should()
            .Be(
                "Rank 2 on node-b runs SpeechGan 1.1.0 (build 0123456789ab) and rank 0 on node-a 1.2.0 (build 0123456789ab): all ranks "
                    + "must run the same program. "
                    + "Copy one build to all machines, or start it from a folder that all see."
            );

    [Test]
    public void Another_build_of_the_same_version_is_another_program() =>
        RankAgreement
            .Difference([Zero, Zero with { Build = "ffff" }])
            .Should()
            .StartWith("Rank 1 on node-a runs SpeechGan 1.2.0 (build ffff) and rank 0 on node-a 1.2.0 (build 0123456789ab): ");

    [Test]
    public void Another_libtorch_is_told() =>
        RankAgreement
            .Difference([Zero, Zero with { Libtorch = "2.9.1" }])
            .Should()
            .Be(
                "Rank 1 on node-a computes with libtorch 2.9.1 and rank 0 on node-a with 2.10.0: all ranks need the same one "
                    + "(speechgan doctor says where it comes from)."
            );

    [Test]
    public void A_rank_without_resume_is_told_so()
    {
        var continues = Zero with { Settings = "train.epochs=9" };
        const string sentence =
            "Rank 1 and rank 0 were started with different verbs, or one of them without --resume: all processes of a group take the "
            + "same command line.";
        RankAgreement.OtherSettings([continues, Zero], whole: false).Should().Be(sentence);
        RankAgreement.OtherSettings([continues, Zero], whole: true).Should().Be(sentence);
        RankAgreement
            .OtherSettings([continues, continues with { Settings = "" }], whole: false)
            .Should()
            .Be("Rank 1 was started with '' and rank 0 with 'train.epochs=9': all processes of a group take the same command line.");
        RankAgreement.OtherSettings([continues, continues], whole: false).Should().BeNull();
    }

    [TestCase("cuda", 4, 3, "cuda:3")]
    [TestCase("cuda", 1, 0, "cuda")]
    [TestCase("cuda:1", 4, 3, "cuda:1")]
    [TestCase("cpu", 4, 3, "cpu")]
    public void Cuda_without_a_number_is_the_GPU_of_a_rank_s_place_on_its_machine(string device, int ranks, int local, string expected) =>
        RankDevice.Of(device, ranks, local).Should().Be(expected);
}
