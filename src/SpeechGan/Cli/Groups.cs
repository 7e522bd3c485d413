using SpeechGan.Distributed;
using SpeechGan.Engine;

namespace SpeechGan.Cli;

/// <summary>How a verb becomes one of several processes.</summary>
internal static class Groups
{
    /// <summary>Joins the group that the environment names; a process alone joins nothing.</summary>
    /// <exception cref="RankEnvironmentException">The environment contradicts itself.</exception>
    /// <exception cref="GroupException">This build cannot.</exception>
    public static IProcessGroup Join() => RankEnvironment.Read(Environment.GetEnvironmentVariable) is { } place
        ? ProcessGroups.Join(place)
        : SoleProcess.Instance;

    /// <summary>Refuses ranks that were started with different values; every rank says so.</summary>
    /// <exception cref="UsageException">They were.</exception>
    public static void RequireEqual(IProcessGroup group, RunConfig config)
    {
        var all = group.Share(config.ToJson());
        var odd = Array.FindIndex(all, c => c != all[0]);
        if (odd < 0)
            return;
        var difference = RunConfig.Parse(all[odd], $"rank {odd}").DifferencesTo(RunConfig.Parse(all[0], "rank 0"))[0];
        throw new UsageException(
            $"Rank {odd} was started with {difference.Key}={difference.Here} and rank 0 with {difference.There}: all processes of a group take the same command line.");
    }
}
