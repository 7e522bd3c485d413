using System.Globalization;

namespace SpeechGan.Distributed.Mpi;

/// <summary>Which family of MPI libraries a process manager belongs to.</summary>
internal enum MpiFamily
{
    /// <summary>Handles are addresses; started by its mpirun, or by Slurm through PMIx.</summary>
    OpenMpi,

    /// <summary>Handles are integers: MPICH, Intel MPI, MVAPICH, Cray, Microsoft; started by Hydra or by Slurm through PMI.</summary>
    Mpich,
}

/// <summary>What the program that started this process says of its place among others.</summary>
/// <param name="Size">Processes, at least 2.</param>
/// <param name="Rank">This process, from 0; null where only MPI itself knows.</param>
/// <param name="Family">The library that fits who started it.</param>
/// <param name="Variable">The variable that gave the size, for sentences.</param>
internal sealed record MpiEnvironment(int Size, int? Rank, MpiFamily Family, string Variable)
{
    // In this order: Open MPI's mpirun sets PMIX_RANK as well.
    private static readonly (string Size, string Rank, string? OnlyWith, MpiFamily Family)[] Starters =
    [
        ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", null, MpiFamily.OpenMpi), // mpirun of Open MPI
        ("PMI_SIZE", "PMI_RANK", null, MpiFamily.Mpich), // Hydra (MPICH, Intel MPI), srun --mpi=pmi2
        ("SLURM_STEP_NUM_TASKS", "PMIX_RANK", "PMIX_RANK", MpiFamily.OpenMpi), // srun --mpi=pmix
    ];

    /// <summary>Reads the variables of the process managers that are known.</summary>
    /// <param name="variable">A variable's value, or null; empty counts as not set.</param>
    /// <returns>Null where the process is alone: nothing started it with others.</returns>
    /// <exception cref="GroupException">Slurm started several tasks without an MPI interface, or a variable is not a number.</exception>
    public static MpiEnvironment? Read(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? Get(string name) => variable(name)?.Trim() is { Length: > 0 } text ? text : null;
        foreach (var (size, rank, onlyWith, family) in Starters)
            if (Get(size) is { } text && (onlyWith is null || Get(onlyWith) is not null))
            {
                var count = Number(size, text);
                return count == 1 ? null : new MpiEnvironment(count, Get(rank) is { } r ? Number(rank, r) : null, family, size);
            }
        if (Get("SLURM_STEP_NUM_TASKS") is { } tasks && Number("SLURM_STEP_NUM_TASKS", tasks) is > 1 and var many)
            throw new GroupException(
                $"srun started {many} tasks without an MPI interface, and each of them would train alone. Give srun --mpi=pmix for "
                    + $"Open MPI or --mpi=pmi2 for MPICH "
                    + "(srun --mpi=list shows what this cluster has), or -n 1 to work in one process.",
                rank: 0
            );
        return null;
    }

    private static int Number(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new GroupException(
                $"{name} is '{text}' in the environment and must be a whole number: only mpirun and srun set it.",
                rank: 0
            );
}
