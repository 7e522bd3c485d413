namespace SpeechGan.Distributed.Mpi;

/// <summary>Names under which systems keep MPI libraries; the loader finds them as it does any library (LD_LIBRARY_PATH, the system's
/// folders).</summary>
internal static class MpiFiles
{
    /// <summary>What is said where there is none.</summary>
    public const string HowToInstall =
        "Install one: on Debian and Ubuntu apt-get install openmpi-bin libopenmpi3 (libopenmpi40 on newer ones) or apt-get install "
        + "mpich, on Fedora dnf install openmpi, "
        + "with Homebrew brew install open-mpi, on a cluster module load openmpi.";

    private static readonly string[] OpenMpi = ["libmpi.so.40", "libmpi.40.dylib"];
    private static readonly string[] Mpich = ["libmpi.so.12", "libmpich.so.12", "libmpi.12.dylib", "msmpi.dll"];

    /// <summary>Names to try, those of the given family first.</summary>
    public static IEnumerable<string> Names(MpiFamily first) =>
        first == MpiFamily.OpenMpi ? [.. OpenMpi, .. Mpich] : [.. Mpich, .. OpenMpi];
}
