namespace SpeechGan.Engine;

/// <summary>Which libtorch serves: the folder of its libraries, and who chose it.</summary>
/// <param name="Home">The folder that TORCH_HOME would name.</param>
/// <param name="Libraries">The folder in it that holds the libraries.</param>
/// <param name="Origin">Who chose it, in words.</param>
/// <param name="IsPackaged">Whether it is the one this program was built and tested with.</param>
public sealed record LibtorchPlace(string Home, string Libraries, string Origin, bool IsPackaged)
{
    /// <summary>Names another libtorch: a folder with lib/, as libtorch's archives and python's torch package have it.</summary>
    public const string HomeVariable = "TORCH_HOME";

    /// <summary>
    /// `python` asks for the libtorch of python3's torch package. Never taken unasked: on a machine without a GPU it would be slower to
    /// load and no better.
    /// </summary>
    public const string PythonVariable = "SPEECHGAN_TORCH";

    /// <summary>`1` takes a libtorch of another version than TorchSharp was made for.</summary>
    public const string ForceVariable = "SPEECHGAN_TORCH_FORCE";

    /// <summary>Chooses.</summary>
    /// <param name="environment">Looks up a variable.</param>
    /// <param name="program">The program's folder.</param>
    /// <param name="python">Asks python3 where its torch package is; null: it has none.</param>
    /// <returns>The place; null where the packages' files are in the program's folder, where TorchSharp finds them itself.</returns>
    /// <exception cref="EngineException">The environment names something that is no libtorch.</exception>
    public static LibtorchPlace? Choose(Func<string, string?> environment, string program, Func<string?> python)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(python);
        if (environment(HomeVariable) is { Length: > 0 } home)
            return Other(
                home,
                HomeVariable,
                $"{HomeVariable} is '{home}'",
                "Correct it, or unset it to use the libtorch that this " + "program brings.",
                program
            );
        var wish = environment(PythonVariable);
        if (wish is "python")
        {
            var torch = python()
                ?? throw new EngineException(
                    $"{PythonVariable} is 'python', but python3 has no torch package (python3 -c 'import torch' says more). Install it "
                        + $"(pip "
                        + $"install torch), name its folder in {HomeVariable}, or unset {PythonVariable}."
                );
            return Other(
                torch,
                $"{PythonVariable}=python",
                $"python3's torch package is '{torch}'",
                $"Reinstall it, or unset {PythonVariable}.",
                program
            );
        }
        if (wish is { Length: > 0 } and not "package")
            throw new EngineException(
                $"{PythonVariable} is '{wish}'; allowed are python (python3's torch package) and package (the "
                    + $"libtorch that this program brings, the default). For a folder set {HomeVariable}."
            );
        var own = Path.Combine(program, "libtorch");
        return Directory.Exists(own) ? new LibtorchPlace(own, Path.Combine(own, "lib"), "the program's own", IsPackaged: true) : null;
    }

    private static LibtorchPlace Other(string home, string origin, string found, string todo, string program)
    {
        if (!OperatingSystem.IsLinux())
            throw new EngineException(
                $"{origin} asks for another libtorch, which works on Linux alone. Unset it; for a GPU on Windows "
                    + "build with -p:TorchDevice=cuda (docs/gpu.md)."
            );
        if (File.Exists(Path.Combine(program, LibtorchFiles.Cpu)))
            throw new EngineException(
                $"{origin} asks for another libtorch, but this program was built with one beside it ({program}), "
                    + $"which TorchSharp takes first. Build it without -p:TorchDevice=cuda, or unset {origin.Split('=')[0]}."
            );
        if (!Directory.Exists(home))
            throw new EngineException($"{found}, which is not a folder. {todo}");
        var libraries = Path.Combine(Path.GetFullPath(home), "lib");
        if (!Directory.Exists(libraries))
            throw new EngineException($"{found}, which has no lib/: it is not a libtorch folder. {todo}");
        return new LibtorchPlace(Path.GetFullPath(home), libraries, origin, IsPackaged: false);
    }
}
