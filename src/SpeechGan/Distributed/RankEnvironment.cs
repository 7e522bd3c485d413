using System.Globalization;

namespace SpeechGan.Distributed;

/// <summary>This process's place among others, as RANK and WORLD_SIZE give it in the environment.</summary>
/// <param name="Rank">RANK: this process, from 0.</param>
/// <param name="Size">WORLD_SIZE: processes, at least 2.</param>
public sealed record RankEnvironment(int Rank, int Size)
{
    /// <summary>Most processes of a group.</summary>
    public const int MostProcesses = 65_536;

    /// <summary>Reads the variables.</summary>
    /// <param name="variable">A variable's value, or null; empty counts as not set.</param>
    /// <returns>Null where the process is alone: no variable is set, or the group has one process.</returns>
    /// <exception cref="RankEnvironmentException">A variable is missing or cannot be; the message is a sentence.</exception>
    public static RankEnvironment? Read(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? Get(string name) => variable(name) is { } text && text.Trim().Length > 0 ? text.Trim() : null;
        if (Get("WORLD_SIZE") is not { } sizeText)
            return Get("RANK") is { } stray
                ? throw new RankEnvironmentException("WORLD_SIZE", $"RANK is {stray} and WORLD_SIZE is not set: a process of a group needs both. {Advice}")
                : null;
        var size = Number("WORLD_SIZE", sizeText, 1, MostProcesses, "the number of processes");
        if (Get("RANK") is not { } rankText)
            return size == 1 ? null : throw new RankEnvironmentException("RANK", $"WORLD_SIZE is {size} and RANK is not set: each process needs its own number. {Advice}");
        var rank = Number("RANK", rankText, 0, size - 1, $"below WORLD_SIZE {size}");
        return size == 1 ? null : new RankEnvironment(rank, size);
    }

    private const string Advice = "Unset both to train in one process.";

    private static int Number(string name, string text, int least, int most, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new RankEnvironmentException(name, $"{name} is '{text}'; allowed is a whole number from {least} to {most} ({what}). {Advice}");
}

/// <summary>The variables that place a process in a group contradict each other, in a sentence.</summary>
public sealed class RankEnvironmentException : Exception
{
    /// <summary>Makes it.</summary>
    public RankEnvironmentException(string variable, string message) : base(message) => Variable = variable;

    /// <summary>The variable it is about.</summary>
    public string Variable { get; }
}
