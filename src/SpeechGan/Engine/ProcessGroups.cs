using SpeechGan.Distributed;

namespace SpeechGan.Engine;

/// <summary>Groups of processes that train together. TorchSharp has none, and no other engine is there yet.</summary>
public static class ProcessGroups
{
    /// <summary>Joins a group.</summary>
    /// <exception cref="GroupException">Always: this build has no process groups.</exception>
    public static IProcessGroup Join(RankEnvironment place)
    {
        ArgumentNullException.ThrowIfNull(place);
        throw new GroupException(
            $"This build cannot train in several processes: TorchSharp has no process groups, and MPI is not supported yet. Found rank {place.Rank} of {place.Size} " +
            "in the environment (RANK and WORLD_SIZE). Unset both to train in one process, which uses all cores.",
            place.Rank);
    }

    /// <summary>What groups can be made of, in words; null where there is nothing.</summary>
    public static string? Backends => null;
}
