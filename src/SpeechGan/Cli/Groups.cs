using System.Runtime.InteropServices;
using SpeechGan.Distributed;
using SpeechGan.Distributed.Mpi;
using SpeechGan.Workflows;

namespace SpeechGan.Cli;

/// <summary>How a verb becomes one of several processes, and how these end together.</summary>
internal static class Groups
{
    /// <summary>How long a rank that ends waits for the others' last words.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    // Until the configuration is known; it is also its default.
    private static readonly TimeSpan Joining = TimeSpan.FromSeconds(new Configuration.TrainConfig().CollectiveTimeoutSeconds);

    // Of POSIX systems: .NET has no name for it, and its raw number differs.
    private static readonly int UserSignal = OperatingSystem.IsMacOS() ? 30 : 10;

    // As a shell says it of a program that ended itself.
    private const int Crashed = 134;

    /// <summary>Runs a verb in this process alone, or as one of the ranks that MPI started.</summary>
    /// <param name="verb">The verb; it says nothing of its own failures.</param>
    /// <param name="stop">Asks for an end.</param>
    /// <returns>Exit code.</returns>
    /// <exception cref="GroupException">It was started with others and cannot join them.</exception>
    public static int Run(Func<IProcessGroup, CancellationToken, int> verb, CancellationToken stop)
    {
        if (MpiEnvironment.Read(Environment.GetEnvironmentVariable) is not { } place)
            return verb(SoleProcess.Instance, stop);
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // mpirun ends its processes at once on Ctrl-C; SIGUSR1 it hands on. Slurm sends it before a time limit (--signal=USR1@120).
        using var signal = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create((PosixSignal)UserSignal, context =>
            {
                context.Cancel = true;
                asked.Cancel();
            });
        return End(MpiGroup.Join(place, Joining), member => verb(member, asked.Token));
    }

    private static int End(GroupMember member, Func<IProcessGroup, int> verb)
    {
        var words = Attempt(member, verb);
        if (member.IsLost && words.Sentence is { } lost)
            Terminal.Error.Line(LastWords.Label(member.Rank, lost));
        var all = member.Part(words, words.Code == 0 ? member.Deadline : Grace);
        if (all is null || member.IsLost)
        {
            if (!member.IsLost && words.Sentence is { } own)
                Terminal.Error.Line(LastWords.Label(member.Rank, own));
            if (words.Code == 0)
                Terminal.Error.Line(
                    LastWords.Label(
                        member.Rank,
                        $"Rank {member.Rank} has finished, and the other ranks did not finish within "
                            + $"{member.Deadline.TotalSeconds:0.###} s. Read their messages, then start all ranks again with --resume."
                    )
                );
            var code = words.Code == 0 ? ExitCode.Environment : words.Code;
            using (LastResort.After(Grace, code))
                member.Abort(code);
            return code;
        }
        if (member.Rank == 0)
            foreach (var sentence in LastWords.ToTell(all))
                Terminal.Error.Line(sentence);
        var together = LastWords.CodeOf(all);
        using (LastResort.After(member.Deadline, together))
            member.Dispose();
        return together;
    }

    private static LastWords Attempt(GroupMember member, Func<IProcessGroup, int> verb)
    {
        try
        {
            return new LastWords(verb(member), null, IsOwn: true);
        }
        catch (OperationCanceledException)
        {
            return new LastWords(ExitCode.Interrupted, Guard.Stopped, IsOwn: true);
        }
        catch (Exception e) when (Guard.Explain(e) is { } code)
        {
            return new LastWords(code, e.Message, IsOwn: e is not GroupException { IsOfAnother: true });
        }
        catch (Exception e)
        {
            // A mistake in the program: the others must not wait for this rank.
            return new LastWords(Crashed, e.ToString(), IsOwn: true);
        }
    }
}
