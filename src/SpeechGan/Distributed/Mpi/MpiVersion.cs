using System.Text.RegularExpressions;

namespace SpeechGan.Distributed.Mpi;

/// <summary>What MPI libraries say of themselves, in a line.</summary>
internal static partial class MpiVersion
{
    /// <summary>`Open MPI v4.1.4`, `MPICH 4.0.2`; of others the first line.</summary>
    /// <param name="text">The library's own text.</param>
    public static string InALine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = Blank().Replace(text.TrimEnd('\0'), " ").Trim();
        if (OpenMpi().Match(plain) is { Success: true } open)
            return open.Value;
        if (Mpich().Match(plain) is { Success: true } mpich)
            return $"MPICH {mpich.Groups[1].Value}";
        return text.Split('\n')[0].Trim().TrimEnd('\0');
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"^Open MPI v[0-9][^ ,]*")]
    private static partial Regex OpenMpi();

    [GeneratedRegex(@"^MPICH Version:\s*([0-9][^ ]*)")]
    private static partial Regex Mpich();
}
