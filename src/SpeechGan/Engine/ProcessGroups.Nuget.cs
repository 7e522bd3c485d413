using SpeechGan.Distributed;

namespace SpeechGan.Engine;

/// <summary>Process groups: TorchSharp's packages have none.</summary>
public static class ProcessGroups
{
    /// <summary>Joins a group.</summary>
    /// <exception cref="GroupException">Always: this engine has no process groups.</exception>
    public static IProcessGroup Join(RankEnvironment place, string device, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(place);
        throw new GroupException(
            "This build uses the TorchSharp packages, which have no process groups: several processes cannot train together. Build with -p:TorchEngine=system on Linux, or unset RANK and WORLD_SIZE to train in one process.",
            place.Rank);
    }

    /// <summary>What is here to make groups of, in words.</summary>
    public static string? Backends => null;
}
