using System.Runtime.CompilerServices;

namespace SpeechGan.Host;

/// <summary>
/// In programs that may touch TorchSharp before they touch SpeechGan (tests, benchmarks): runs SpeechGan's module initialiser first, so
/// that the settings of the process are in force and the libtorch that was chosen is loaded before TorchSharp looks for one.
/// </summary>
internal static class EngineFirst
{
    [ModuleInitializer]
    internal static void Begin() => RuntimeHelpers.RunModuleConstructor(typeof(RunConfig).Module.ModuleHandle);
}
