using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Finds and loads the two native libraries, the one with the process settings first.</summary>
internal static partial class NativeLibraries
{
    internal const string Torch = "speechgan_torch";
    private const string Boot = "speechgan_boot";
    private static readonly Lock Gate = new();
    private static nint loaded;

    [System.Runtime.CompilerServices.ModuleInitializer]
    internal static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (name, _, _) => name == Torch ? Load() : 0);

    /// <summary>Loads libtorch through the shim, once, after the process settings are in place.</summary>
    /// <exception cref="DllNotFoundException">With every path tried and what to do.</exception>
    internal static nint Load()
    {
        lock (Gate)
        {
            if (loaded == 0)
                loaded = LoadFrom(Folders(Environment.GetEnvironmentVariable("SPEECHGAN_NATIVE")));
            return loaded;
        }
    }

    /// <summary>Loads the libraries from the first folder that has them.</summary>
    /// <exception cref="DllNotFoundException">With every path tried and what to do.</exception>
    internal static nint LoadFrom(IEnumerable<string> folders)
    {
        var tried = new List<string>();
        foreach (var folder in folders.Distinct())
        {
            string boot = Path.Combine(folder, $"lib{Boot}.so"), torch = Path.Combine(folder, $"lib{Torch}.so");
            if (!File.Exists(torch) || !File.Exists(boot))
            {
                tried.Add($"{torch}: not there");
                continue;
            }
            try
            {
                Run(NativeLibrary.GetExport(NativeLibrary.Load(boot), "sg_boot"));
                return NativeLibrary.Load(torch);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                tried.Add($"{torch}: {e.Message.Split('\n')[0]}");
            }
        }
        throw new DllNotFoundException(
            "The tensor engine could not be loaded: " + string.Join("; ", tried) +
            ". Run tools/set-up (it installs libtorch and builds the native part), or set SPEECHGAN_NATIVE to the folder that holds it.");
    }

    private static unsafe void Run(nint export) => ((delegate* unmanaged<void>)export)();

    /// <summary>Where to look: the chosen folder where there is one, then beside the assembly and the program.</summary>
    internal static IEnumerable<string> Folders(string? chosen)
    {
        if (!string.IsNullOrEmpty(chosen))
            yield return chosen;
        if (Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location) is { Length: > 0 } beside)
            yield return beside;
        yield return AppContext.BaseDirectory;
    }
}
