using SpeechGan.Distributed;

namespace SpeechGan.Engine;

/// <summary>Groups of processes that train together. TorchSharp has none, and no other engine is there yet.</summary>
public static class ProcessGroups
{
    /// <summary>What is missing, a sentence.</summary>
    public const string Missing = "This build cannot work in several processes: TorchSharp has no process groups, and MPI is not supported yet.";

    /// <summary>Joins a group.</summary>
    /// <exception cref="GroupException">Always: this build has no process groups.</exception>
    public static IProcessGroup Join(RankEnvironment place)
    {
        ArgumentNullException.ThrowIfNull(place);
        throw new GroupException(
            $"{Missing} RANK is {place.Rank} and WORLD_SIZE is {place.Size} in the environment. Unset both to work in one process, which uses all cores.", place.Rank);
    }
}
