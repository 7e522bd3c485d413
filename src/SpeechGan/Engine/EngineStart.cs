using System.Runtime.CompilerServices;

namespace SpeechGan.Engine;

/// <summary>
/// What happens before anything of this program runs: the settings of the process, and a watch for TorchSharp. TorchSharp loads a libtorch
/// when its first type is used; the one that was chosen must be there by then, and nothing is loaded for verbs that use no tensor. Test
/// programs call it from module initialisers of their own.
/// </summary>
internal static class EngineStart
{
    /// <summary>Does it; by the runtime, once.</summary>
    [ModuleInitializer]
    internal static void Begin()
    {
        _ = ProcessSettings.InForce;
        AppDomain.CurrentDomain.AssemblyLoad += static (_, loaded) =>
        {
            if (loaded.LoadedAssembly.GetName().Name != "TorchSharp" || Libtorch.TryRequire() is not null)
                return;
            // The runtime would swallow an exception here; who needs tensors asks Libtorch.Require and gets it. Whoever did not ask must
            // not get what TorchSharp finds in the package cache instead: it copies half a gigabyte beside the program, and it is not what
            // was chosen.
            Environment.SetEnvironmentVariable("NUGET_PACKAGES", Path.Combine(AppContext.BaseDirectory, "none"));
        };
    }
}
