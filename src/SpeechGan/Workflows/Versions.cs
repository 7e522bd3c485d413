using System.Reflection;
using SpeechGan.Engine;
using SpeechGan.Metrics;

namespace SpeechGan.Workflows;

/// <summary>Versions of the program and of what its numbers depend on.</summary>
internal static class Versions
{
    private static readonly string Informational = typeof(Versions)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion
        ?? "unknown";

    /// <summary>The program's version.</summary>
    public static string Program => Informational.Split('+')[0];

    /// <summary>The commit the program was built from; null where the build did not know it.</summary>
    public static string? GitCommit => Informational.Split('+') is [_, var commit] ? commit : null;

    /// <summary>All of them by name.</summary>
    public static IReadOnlyDictionary<string, string> All =>
        new Dictionary<string, string>
        {
            ["speechgan"] = Program,
            ["engine"] = EngineInfo.Name,
            ["libtorch"] = EngineInfo.Libtorch,
            ["pesq"] = $"{Pesq.Implementation.Name} {Pesq.Implementation.Version}",
        };
}
