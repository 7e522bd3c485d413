using System.Globalization;

namespace SpeechGan.Distributed.Mpi;

/// <summary>How a process that MPI started becomes one of its ranks.</summary>
internal static class MpiGroup
{
    /// <summary>Joins.</summary>
    /// <param name="place">What started this process said.</param>
    /// <param name="deadline">How long the others may take to come, and a collective until the configuration is known.</param>
    /// <exception cref="GroupException">There is no MPI here, another one than started this process, or it refuses.</exception>
    public static GroupMember Join(MpiEnvironment place, TimeSpan deadline)
    {
        ArgumentNullException.ThrowIfNull(place);
        var rank = place.Rank ?? 0;
        var library = MpiLibrary.TryLoad(place.Family)
            ?? throw new GroupException(
                $"{place.Size} processes were started together ({place.Variable}={place.Size}), and no MPI library is found here. "
                    + $"{MpiFiles.HowToInstall}",
                rank
            );
        // MPI waits in its own code for ranks that do not come.
        using (
            LastResort.After(
                deadline,
                ExitCodeOfGroup,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Rank {rank} of {place.Size} waited {deadline.TotalSeconds} s for the others to join ({library.Version}), and not "
                        + $"all came. See whether all of them were started and can reach each other."
                )
            )
        )
        {
            try
            {
                var transport = MpiTransport.Join(library);
                return transport.Size == place.Size ? new GroupMember(transport, deadline) : throw Stranger(place, library, transport);
            }
            catch (IOException e)
            {
                throw new GroupException($"Rank {rank} of {place.Size} could not join the others: {e.Message}.", rank, e);
            }
        }
    }

    private const int ExitCodeOfGroup = 3;

    // The common mistake on clusters: mpirun of one MPI, the library of another. Each process is then alone in its own world.
    private static GroupException Stranger(MpiEnvironment place, MpiLibrary library, MpiTransport transport)
    {
        transport.Dispose();
        return new GroupException(
            $"{place.Size} processes were started together ({place.Variable}={place.Size}), but {library.Version} ('{library.Name}') "
                + $"sees {transport.Size} of them: mpirun and the library "
                + "belong to different MPIs. Put the library of the MPI whose mpirun (or srun) you use first in LD_LIBRARY_PATH, or "
                + "use the mpirun that belongs to it.",
            place.Rank ?? 0
        );
    }
}
