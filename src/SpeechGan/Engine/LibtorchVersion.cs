using System.Globalization;
using System.Text.RegularExpressions;

namespace SpeechGan.Engine;

/// <summary>What version a libtorch is of, as its folder tells, and whether that will do.</summary>
internal static partial class LibtorchVersion
{
    /// <summary>
    /// The version, from `version.py` (python's torch package) or `build-version` (libtorch's archives); null where neither tells.
    /// </summary>
    /// <param name="home">The folder that holds lib/.</param>
    public static string? OfFolder(string home)
    {
        var python = Path.Combine(home, "version.py");
        if (File.Exists(python) && PythonVersion().Match(File.ReadAllText(python)) is { Success: true } match)
            return match.Groups[1].Value;
        var archive = Path.Combine(home, "build-version");
        return File.Exists(archive) && File.ReadAllText(archive).Trim() is { Length: > 0 } text ? text : null;
    }

    /// <summary>
    /// Whether major and minor are equal: libtorch's C++ interface changes with the minor version, not with the patch or the CUDA build.
    /// </summary>
    /// <param name="found">The version; null: not known, which does not fit.</param>
    /// <param name="expected">The version that is wanted.</param>
    public static bool Fits(string? found, string expected) =>
        found is not null && Minor().Match(found) is { Success: true } one && one.Value == Minor().Match(expected).Value;

    /// <summary>The words of what C++ returns as version: one byte each for major, minor and patch from the top.</summary>
    public static string OfNumber(ulong number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number >> 56}.{(number >> 48) & 0xff}.{(number >> 40) & 0xff}");

    [GeneratedRegex("""^__version__\s*=\s*['"]([^'"]+)['"]""", RegexOptions.Multiline)]
    private static partial Regex PythonVersion();

    [GeneratedRegex(@"^\d+\.\d+(?=\D|$)")]
    private static partial Regex Minor();
}
