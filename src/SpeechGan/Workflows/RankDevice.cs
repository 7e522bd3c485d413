using SpeechGan.Engine;

namespace SpeechGan.Workflows;

/// <summary>Which GPU is a rank's: `cuda` without a number is the one of its place among the ranks of its machine.</summary>
internal static class RankDevice
{
    /// <summary>The device of a rank.</summary>
    /// <param name="device">`cpu`, `cuda` or `cuda:N`, as configured for all.</param>
    /// <param name="ranks">Ranks of the group.</param>
    /// <param name="local">This rank among those of its machine, from 0.</param>
    public static string Of(string device, int ranks, int local) =>
        device == "cuda" && ranks > 1 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cuda:{local}") : device;

    /// <summary>The configuration as a rank computes with it; the run's own keeps what was asked for.</summary>
    /// <exception cref="EngineException">There is no such device.</exception>
    public static RunConfig Of(RunConfig config, int ranks, int local)
    {
        var mine = Of(config.Train.Device, ranks, local);
        TensorDevice.Require(mine);
        return config with { Train = config.Train with { Device = mine } };
    }
}
