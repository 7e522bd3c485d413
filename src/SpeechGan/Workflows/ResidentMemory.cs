using System.Globalization;

namespace SpeechGan.Workflows;

/// <summary>Resident memory of this process as Linux counts it.</summary>
internal static class ResidentMemory
{
    private const string Status = "/proc/self/status",
        Peaks = "/proc/self/clear_refs",
        ForgetPeak = "5";

    /// <summary>Forgets the peak: from now on <see cref="Peak"/> is that of what follows.</summary>
    /// <returns>Whether the system lets it.</returns>
    public static bool TryForgetPeak()
    {
        try
        {
            File.WriteAllText(Peaks, ForgetPeak);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>What is resident now, bytes; null where the system does not tell.</summary>
    public static long? Now() => Read("VmRSS:");

    /// <summary>The most that was resident since the peak was forgotten, bytes; null where the system does not tell.</summary>
    public static long? Peak() => Read("VmHWM:");

    private static long? Read(string label)
    {
        try
        {
            var line = File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(label, StringComparison.Ordinal));
            return
                line?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
                && long.TryParse(kilobytes, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number * 1024
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
