using System.Globalization;

namespace SpeechGan.Tools.Measure;

/// <summary>The words that the scripts in tools/ hand on; they have checked what a person typed.</summary>
internal static class Arguments
{
    /// <summary>A whole number.</summary>
    public static int Number(string[] arguments, int at) => int.Parse(arguments[at], CultureInfo.InvariantCulture);
}
