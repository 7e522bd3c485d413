using System.Globalization;

namespace SpeechGan.Workflows;

/// <summary>How busy the machine is while something is measured: the load averages that Linux tells.</summary>
internal sealed class MachineLoad
{
    private const string LoadFile = "/proc/loadavg";

    private double? least,
        most;

    /// <summary>What was seen, in words, for the cause of a bound.</summary>
    public string InWords =>
        least is null
            ? "the load of the machine is not known"
            : string.Create(CultureInfo.InvariantCulture, $"load average {least:F1} to {most:F1} on {Environment.ProcessorCount} cores");

    /// <summary>Looks once.</summary>
    public void Look()
    {
        if (!File.Exists(LoadFile) || !double.TryParse(File.ReadAllText(LoadFile).Split(' ')[0], CultureInfo.InvariantCulture, out var now))
            return;
        least = Math.Min(least ?? now, now);
        most = Math.Max(most ?? now, now);
    }
}
