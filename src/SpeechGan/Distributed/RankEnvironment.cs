using System.Globalization;

namespace SpeechGan.Distributed;

/// <summary>This process's place among others, as torchrun's environment variables tell it; Slurm and Kubernetes can set the same.</summary>
public sealed record RankEnvironment
{
    /// <summary>Most processes of a group.</summary>
    public const int MostProcesses = 65_536;

    /// <summary>RANK: this process, from 0.</summary>
    public required int Rank { get; init; }

    /// <summary>WORLD_SIZE: processes, at least 2.</summary>
    public required int Size { get; init; }

    /// <summary>LOCAL_RANK: this process among those of its machine, which is the number of its GPU; 0 where it is not set.</summary>
    public required int LocalRank { get; init; }

    /// <summary>MASTER_ADDR: the machine where the ranks meet.</summary>
    public required string Address { get; init; }

    /// <summary>MASTER_PORT: its TCP port.</summary>
    public required int Port { get; init; }

    /// <summary>TORCHELASTIC_USE_AGENT_STORE: whether torchrun itself serves the meeting point, so that rank 0 must not.</summary>
    public bool AgentServes { get; init; }

    /// <summary>TORCHELASTIC_RESTART_COUNT: how often torchrun has started the group again; it keeps the meetings apart.</summary>
    public int Restart { get; init; }

    /// <summary>Whether torchrun or Slurm (SLURM_RESTART_COUNT) has started the group again: a run that lies there already is then continued.</summary>
    public bool IsRestarted { get; init; }

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
        if (size == 1)
            return null;
        var address = Get("MASTER_ADDR") ?? throw new RankEnvironmentException(
            "MASTER_ADDR", $"MASTER_ADDR is not set with WORLD_SIZE {size}: the processes meet at rank 0's machine. Set its name or address there, and a free port in MASTER_PORT.");
        var port = Get("MASTER_PORT") ?? throw new RankEnvironmentException(
            "MASTER_PORT", $"MASTER_PORT is not set with WORLD_SIZE {size}: the processes meet at a free port of {address}. Set it to 29500 for example.");
        return new RankEnvironment
        {
            Rank = rank,
            Size = size,
            LocalRank = Get("LOCAL_RANK") is { } local ? Number("LOCAL_RANK", local, 0, size - 1, $"below WORLD_SIZE {size}") : 0,
            Address = address,
            Port = Number("MASTER_PORT", port, 1, 65_535, "a TCP port"),
            AgentServes = string.Equals(Get("TORCHELASTIC_USE_AGENT_STORE"), "True", StringComparison.OrdinalIgnoreCase),
            Restart = Count("TORCHELASTIC_RESTART_COUNT"),
            IsRestarted = Count("TORCHELASTIC_RESTART_COUNT") + (long)Count("SLURM_RESTART_COUNT") > 0,
        };

        int Count(string name) => Get(name) is { } text ? Number(name, text, 0, int.MaxValue, "a count") : 0;
    }

    /// <summary>What a message of this process begins with: empty for rank 0 and for a process alone. Never throws.</summary>
    public static string Label(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return variable("WORLD_SIZE") is { Length: > 0 } and not "1" && variable("RANK") is { Length: > 0 } rank && rank.Trim() != "0" ? $"rank {rank.Trim()}: " : "";
    }

    private const string Advice = "torchrun and `speechgan launch` set both; unset both to train in one process.";

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
