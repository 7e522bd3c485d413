using System.Diagnostics;

namespace SpeechGan.Engine;

/// <summary>Where python3's torch package is.</summary>
internal static class PythonTorch
{
    // The package is found without being loaded, which takes seconds.
    private const string Question =
        "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')";

    /// <summary>Its folder; null where there is no python3 or no such package.</summary>
    public static string? Find()
    {
        try
        {
            var start = new ProcessStartInfo("python3", ["-c", Question]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var python = Process.Start(start)!;
            var errors = python.StandardError.ReadToEndAsync();
            var folder = python.StandardOutput.ReadToEnd().Trim();
            python.WaitForExit();
            errors.Wait();
            return python.ExitCode == 0 && folder.Length > 0 ? folder : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
