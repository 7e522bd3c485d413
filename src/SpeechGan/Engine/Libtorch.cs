using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace SpeechGan.Engine;

/// <summary>The libtorch of this process: loaded once, before TorchSharp looks for one.</summary>
public static partial class Libtorch
{
    private static readonly Lazy<LoadedLibtorch> Once = new(() =>
        Load(Environment.GetEnvironmentVariable, AppContext.BaseDirectory, PythonTorch.Find)
    );

    /// <summary>The version that the TorchSharp package was made for, which its own libtorch has.</summary>
    public static string Expected { get; } =
        typeof(Libtorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "LibtorchVersion").Value!;

    /// <summary>Loads it, if that has not been done.</summary>
    /// <exception cref="EngineException">It cannot be had; the same each time.</exception>
    public static LoadedLibtorch Require() => Once.Value;

    /// <summary>The same without an exception: null where it cannot be had.</summary>
    internal static LoadedLibtorch? TryRequire()
    {
        try
        {
            return Require();
        }
        catch (EngineException)
        {
            return null;
        }
    }

    private static LoadedLibtorch Load(Func<string, string?> environment, string program, Func<string?> python)
    {
        _ = ProcessSettings.InForce;
        RequireCurrentFolder();
        if (LibtorchPlace.Choose(environment, program, python) is not { } place)
            return LoadedLibtorch.LeftToTorchSharp(program, Expected);
        var force = environment(LibtorchPlace.ForceVariable) == "1";
        // What the folder says comes first: a library of a strange version is better not loaded at all.
        if (LibtorchVersion.OfFolder(place.Home) is { } said)
            RequireVersion(said, place, force);
        var cpu = LibtorchFiles.Load(place);
        var loaded = LoadedLibtorch.From(place, cpu);
        RequireVersion(loaded.Version, place, force);
        LibtorchFiles.LoadTorchSharp(place, program);
        return loaded;
    }

    // MKL, inside libtorch, finds its own file with the help of the current folder, and ends the process where that was removed.
    private static void RequireCurrentFolder()
    {
        try
        {
            _ = Environment.CurrentDirectory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                "The current folder does not exist any more, and libtorch cannot be loaded from there. Change to "
                    + "another folder and start again.",
                e
            );
        }
    }

    private static void RequireVersion(string? found, LibtorchPlace place, bool force)
    {
        if (LibtorchVersion.Fits(found, Expected) || force)
            return;
        throw new EngineException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The libtorch in '{place.Home}' is version {found ?? "unknown"}, and TorchSharp here was made for "
                    + $"{Minor().Match(Expected).Value}: "
                    + $"its calls may do anything in another. Install torch {Minor().Match(Expected).Value}, unset "
                    + $"{place.Origin.Split('=')[0]} to use "
                    + $"the program's own, or set {LibtorchPlace.ForceVariable}=1 to try it anyway."
            )
        );
    }

    [GeneratedRegex(@"^\d+\.\d+")]
    private static partial Regex Minor();
}
