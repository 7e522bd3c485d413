using CliWrap.Buffered;

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
            var python = CliWrap
                .Cli.Wrap("python3")
                .WithArguments(["-c", Question])
                .WithValidation(CliWrap.CommandResultValidation.None)
                .ExecuteBufferedAsync()
                .GetAwaiter()
                .GetResult();
            return python.IsSuccess && python.StandardOutput.Trim() is { Length: > 0 } folder ? folder : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
