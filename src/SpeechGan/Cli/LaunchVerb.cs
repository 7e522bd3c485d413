using System.CommandLine;
using SpeechGan.Distributed;
using SpeechGan.Engine;

namespace SpeechGan.Cli;

/// <summary>`launch`: starts the processes of a group on this machine. It checks what it is given and says that this build cannot, until there is MPI.</summary>
internal static class LaunchVerb
{
    private const int MostProcesses = 64;
    private static readonly string[] Verbs = ["train", "evaluate"];

    public static Command Make()
    {
        var processes = new Option<int>("--processes") { Description = $"Processes, 1 to {MostProcesses}; each takes train.threads threads and data.batchSize cuts a step", Required = true, HelpName = "N" };
        var command = new Argument<string[]>("command") { Description = "After --: the verb that they run together (train or evaluate) with its options", Arity = ArgumentArity.ZeroOrMore };
        var verb = new Command("launch", "Run train or evaluate in several processes on this machine: launch --processes N -- train ...") { processes, command };
        verb.SetAction(parsed => Guard.Run(() =>
        {
            var count = parsed.GetValue(processes);
            var words = parsed.GetValue(command) ?? [];
            if (count is < 1 or > MostProcesses)
                throw new UsageException($"--processes is {count}; allowed is a whole number from 1 to {MostProcesses}.");
            if (words.Length == 0)
                throw new UsageException("launch needs the command that the processes run, after --: speechgan launch --processes 2 -- train --data DIR --out RUN.");
            if (!Verbs.Contains(words[0]))
                throw new UsageException($"'{words[0]}' does not run in several processes; allowed after -- are {string.Join(" and ", Verbs)}.");
            throw new GroupException($"{ProcessGroups.Missing} Run speechgan {words[0]} without launch, in one process: it uses all cores.", rank: 0);
        }));
        return verb;
    }
}
