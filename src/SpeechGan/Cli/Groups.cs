using SpeechGan.Configuration;
using SpeechGan.Distributed;
using SpeechGan.Engine;

namespace SpeechGan.Cli;

/// <summary>How a verb becomes one of several processes.</summary>
internal static class Groups
{
    /// <summary>Joins the group that the environment names; a process alone joins nothing.</summary>
    /// <exception cref="GroupException">This build cannot, or the others did not come.</exception>
    public static IProcessGroup Join(RankEnvironment? place, TrainConfig train) => place is null
        ? SoleProcess.Instance
        : ProcessGroups.Join(place);

    /// <summary>The configuration for this rank: `cuda` means the GPU of its number on its machine.</summary>
    public static RunConfig OnOwnDevice(RunConfig config, RankEnvironment? place) =>
        place is null ? config : config with { Train = config.Train with { Device = Device(config.Train.Device, place) } };

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

    /// <summary>The device of this rank: `cuda` means the GPU of its number on its machine.</summary>
    public static string Device(string device, RankEnvironment? place) => place is not null && device == "cuda" ? $"cuda:{place.LocalRank}" : device;
}
