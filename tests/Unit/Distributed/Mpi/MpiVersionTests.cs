using SpeechGan.Distributed.Mpi;

namespace SpeechGan.Tests.Unit.Distributed.Mpi;

/// <summary>What MPI libraries say of themselves, in a line.</summary>
internal sealed class MpiVersionTests
{
    [TestCase("Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4, May 26, 2022\0", "Open MPI v4.1.4")]
    [TestCase("MPICH Version:\t4.0.2\nMPICH Release date:\tThu Apr  7 12:34:45 CDT 2022\nMPICH Device:\tch4:ofi\n", "MPICH 4.0.2")]
    [TestCase("Intel(R) MPI Library 2021.6 for Linux* OS\n", "Intel(R) MPI Library 2021.6 for Linux* OS")]
    public void A_name_and_a_number(string text, string line) => MpiVersion.InALine(text).Should().Be(line);
}
