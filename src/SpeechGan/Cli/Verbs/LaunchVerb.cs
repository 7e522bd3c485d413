using System.CommandLine;
using SpeechGan.Distributed;
using SpeechGan.Distributed.Mpi;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`launch`: has mpirun start the processes of a group on this machine.</summary>
internal static class LaunchVerb
{
    private const int MostProcesses = 64;
    private static readonly string[] Verbs = ["train", "evaluate"];

    public const string Name = "launch";

    public static Command Make()
    {
        var processes = new Option<int>("--processes")
        {
            Description = $"Processes, 1 to {MostProcesses}; each takes train.threads threads and data.batchSize cuts a step",
            Required = true,
            HelpName = "N",
        };
        var command = new Argument<string[]>("command")
        {
            Description = "After --: the verb that they run together (train or evaluate) with its options",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var verb = new Command(Name, "Run train or evaluate in several processes on this machine: launch --processes N -- train ...")
        {
            processes,
            command,
        };
        verb.SetAction(
            (parsed, stop) => Task.FromResult(Guard.Run(() => Run(parsed.GetValue(processes), parsed.GetValue(command) ?? [], stop)))
        );
        return verb;
    }

    /// <summary>The words that start this program once more.</summary>
    internal static IReadOnlyList<string> Self(IEnumerable<string> words)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, typeof(LaunchVerb).Assembly.Location, .. words]
            : [program, .. words];
    }

    private static int Run(int count, string[] words, CancellationToken stop)
    {
        if (count is < 1 or > MostProcesses)
            throw new UsageException(
                $"--processes is {count}; allowed is a whole number from 1 to {MostProcesses}. For more, start the ranks on several "
                    + $"machines with mpirun or srun (docs/parallel.md)."
            );
        if (words.Length == 0)
            throw new UsageException(
                "launch needs the command that the processes run, after --: speechgan launch --processes 2 -- train --data DIR --out RUN."
            );
        if (!Verbs.Contains(words[0]))
            throw new UsageException(
                $"'{words[0]}' does not run in several processes; allowed after -- are {string.Join(" and ", Verbs)}."
            );
        if (MpiEnvironment.Read(Environment.GetEnvironmentVariable) is { } place)
            throw new UsageException(
                $"launch was itself started in {place.Size} processes ({place.Variable}), and would start {count} in each. Have mpirun "
                    + $"or srun run speechgan {words[0]} itself."
            );
        var run = MpiRun.Find()
            ?? throw new GroupException(
                $"There is no mpirun on the PATH, and several processes are started by MPI. {MpiFiles.HowToInstall} Or run speechgan "
                    + $"{words[0]} without launch, in one process: it uses train.threads cores.",
                rank: 0
            );
        var code = run.CodeOf(
            MpiJob.Run(run.Command(count, Self(words), Environment.IsPrivilegedProcess), stop),
            stop.IsCancellationRequested
        );
        if (MpiRun.InWords(code) is { } end)
            Terminal.Error.Line($"speechgan: {end}. What was saved is intact: launch again with --resume.");
        return code;
    }
}
