using System.Globalization;

namespace SpeechGan.Tests.Regression.Harness;

/// <summary>The MPIs of this machine, and their ranks as the system sees them. A test that needs one that is not here is skipped by
/// name.</summary>
internal sealed class Mpi : IDisposable
{
    /// <summary>In the words of Debian's alternatives.</summary>
    public const string Open = "openmpi",
        Mpich = "mpich";

    private readonly string folder;

    private Mpi(string name, string program, string folder) => (Name, Program, this.folder) = (name, program, folder);

    /// <summary>Which MPI it is.</summary>
    public string Name { get; }

    /// <summary>Its mpirun.</summary>
    public string Program { get; }

    /// <summary>Variables under which the program finds this mpirun first.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string> { ["PATH"] = folder + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH") };

    /// <summary>Finds it, or skips the test: where it is missing, and where it cannot start two processes on this machine (MPICH wants more
    /// of /dev/shm than a container may have).</summary>
    /// <param name="name">One of the two; null: any.</param>
    public static Mpi Require(string? name = null)
    {
        var mpi = RequirePresent(name);
        if (CannotStart(mpi) is not { } why)
            return mpi;
        mpi.Dispose();
        Assert.Ignore($"{mpi.Name} is here and cannot start two processes on this machine: {why}");
        throw new InvalidOperationException(); // Ignore has thrown
    }

    /// <summary>Finds it, or skips the test.</summary>
    /// <param name="name">One of the two; null: any.</param>
    public static Mpi RequirePresent(string? name = null)
    {
        foreach (var one in name is null ? new[] { Open, Mpich } : [name])
            if (Find(one) is { } program)
            {
                var folder = Directory.CreateTempSubdirectory("speechgan-mpi-").FullName;
                // No link: Hydra looks for its helpers beside the name under which it was called.
                var called = Path.Combine(folder, "mpirun");
                File.WriteAllText(called, $"#!/bin/sh\nexec {program} \"$@\"\n");
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(called, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                return new Mpi(one, program, folder);
            }
        Assert.Ignore(
            $"{(name is null ? "no MPI" : $"no {name}")} on this machine (on Debian as root: apt-get install "
                + $"{(name == Mpich ? "mpich" : "openmpi-bin")})"
        );
        throw new InvalidOperationException(); // Ignore has thrown
    }

    /// <summary>mpirun's words for ranks that have each their own command.</summary>
    public IEnumerable<string> Run(params IEnumerable<string>[] ranks)
    {
        IEnumerable<string> options =
            Name == Open
                ?
                [
                    .. System.Environment.IsPrivilegedProcess ? ["--allow-run-as-root"] : Array.Empty<string>(),
                    "--oversubscribe",
                    "--bind-to",
                    "none",
                    "--quiet",
                ]
                : [];
        return [Program, .. options, .. ranks.SelectMany((r, i) => (i == 0 ? Array.Empty<string>() : [":"]).Concat(["-n", "1"]).Concat(r))];
    }

    /// <summary>The process id of a rank that works on a run.</summary>
    public int ProcessOf(int rank, string run)
    {
        var variable = (Name == Open ? "OMPI_COMM_WORLD_RANK=" : "PMI_RANK=") + rank.ToString(CultureInfo.InvariantCulture);
        var found = Directory
            .GetDirectories("/proc")
            .Where(d => int.TryParse(Path.GetFileName(d), out _))
            .Where(d => Words(d, "cmdline").Contains(run) && Words(d, "environ").Contains(variable))
            .ToList();
        found.Should().ContainSingle($"rank {rank} of {run} is one process");
        return int.Parse(Path.GetFileName(found[0]), CultureInfo.InvariantCulture);
    }

    /// <summary>All processes that have a run in their words.</summary>
    public static IReadOnlyList<System.Diagnostics.Process> ProcessesOf(string run) =>
        [
            .. System
                .Diagnostics.Process.GetProcesses()
                .Where(p => p.Id != System.Environment.ProcessId && Words($"/proc/{p.Id}", "cmdline").Contains(run)),
        ];

    /// <summary>
    /// What the MPI itself says where two processes of it cannot find each other; null where they do, or where the words are the program's
    /// own (then the tests run and fail).
    /// The libraries below an MPI mark their lines: UCX, libfabric (OFI), PMI, and mpirun's own.
    /// </summary>
    private static string? CannotStart(Mpi mpi) => Found.GetOrAdd(mpi.Name, _ =>
        {
            using var child = Child.Start(null, 0, null, ["doctor"], mpi.Environment);
            var (_, output, _) = child.EndAsync().GetAwaiter().GetResult();
            var line = output.Split('\n').SkipWhile(l => !l.Contains("several processes", StringComparison.Ordinal)).FirstOrDefault() ?? "";
            var words = line.Contains("last output: ", StringComparison.Ordinal)
                ? line[(line.IndexOf("last output: ", StringComparison.Ordinal) + 16)..]
                : null;
            return words is not null && Marks.Any(m => words.Contains(m, StringComparison.Ordinal)) ? words : null;
        });

    private static readonly string[] Marks =
    [
        "UCX ",
        "OFI ",
        "PMI",
        "mpiexec",
        "mpirun",
        "HYDRA",
        "hydra",
        "hwloc",
        "MPIR_",
        "MPID",
        "ORTE",
        "PRTE",
    ];
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string?> Found = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string? Find(string name) =>
        (System.Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Where(f => f.Length > 0)
            .Select(f => Path.Combine(f, "mpirun." + name))
            .FirstOrDefault(File.Exists)
        ?? (
            name == Open
                ? (System.Environment.GetEnvironmentVariable("PATH") ?? "")
                    .Split(Path.PathSeparator)
                    .Where(f => f.Length > 0)
                    .Select(f => Path.Combine(f, "mpirun"))
                    .FirstOrDefault(p =>
                        File.Exists(p)
                        && Path.GetFileName(File.ResolveLinkTarget(p, returnFinalTarget: true)?.FullName ?? p) is "orterun" or "prterun"
                    )
                : null
        );

    private static string[] Words(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file)).Split('\0');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // a process that is gone, or somebody else's
        }
    }
}
