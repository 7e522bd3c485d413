using SpeechGan.Distributed.Mpi;
using SpeechGan.Workflows;

namespace SpeechGan.Tests.Unit.Workflows;

/// <summary>How mpirun is asked, and what its end means.</summary>
internal sealed class MpiRunTests
{
    private static readonly MpiRun Open = new("mpirun", MpiFamily.OpenMpi, "Open MPI 4.1.4"),
        Hydra = new("mpirun", MpiFamily.Mpich, "Hydra 4.0.2");

    [Test]
    public void Open_MPI_is_told_that_root_asks_for_more_than_there_are_cores()
    {
        Open.Command(3, ["a", "b"], isRoot: true)
            .Should()
            .Equal("mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "--quiet", "-n", "3", "a", "b");
        Open.Command(3, ["a"], isRoot: false).Should().NotContain("--allow-run-as-root");
        Hydra.Command(3, ["a", "b"], isRoot: true).Should().Equal("mpirun", "-n", "3", "a", "b");
    }

    [Test]
    public void A_requested_stop_whose_code_Hydra_lost_is_told_as_a_stop()
    {
        Hydra.CodeOf(0, stopRequested: true).Should().Be(130);
        Hydra.CodeOf(0, stopRequested: false).Should().Be(0);
        Open.CodeOf(0, stopRequested: true).Should().Be(0, "Open MPI keeps the code: the training was complete");
    }

    [Test]
    public void A_signal_is_told_as_a_shell_tells_it()
    {
        Hydra.CodeOf(9, stopRequested: false).Should().Be(137);
        Hydra.CodeOf(3, stopRequested: true).Should().Be(3, "that is our own code");
        Open.CodeOf(137, stopRequested: false).Should().Be(137);
        MpiRun.InWords(137).Should().StartWith("a rank was ended by signal 9 (SIGKILL; ");
        MpiRun.InWords(143).Should().StartWith("a rank was ended by signal 15, ");
        foreach (var code in new[] { 0, 1, 2, 3, 130, 134 })
            MpiRun.InWords(code).Should().BeNull("the ranks have said it");
    }
}
