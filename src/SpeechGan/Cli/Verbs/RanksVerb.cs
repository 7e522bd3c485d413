using System.CommandLine;
using SpeechGan.Distributed;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`ranks`, for doctor and for people with a new cluster: every rank joins, they exchange a message, and rank 0 says who is
/// there.</summary>
internal static class RanksVerb
{
    public const string Name = "ranks";

    public static Command Make()
    {
        var verb = new Command(Name, "Say which processes MPI has started: mpirun -n 2 speechgan ranks.") { Hidden = true };
        verb.SetAction(
            (_, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                        Groups.Run(
                            (group, _) =>
                            {
                                group.Doing = "saying who is there";
                                var all = group.Share(new Place(group.Rank, Environment.MachineName));
                                if (group.Rank == 0)
                                    Terminal.Out.Line(InWords(all));
                                return ExitCode.Good;
                            },
                            stop
                        )
                    )
                )
        );
        return verb;
    }

    private static string InWords(Place[] all) =>
        $"{all.Length} {(all.Length == 1 ? "process" : "processes")}: "
        + $"{string.Join(", ", all.GroupBy(p => p.Host).Select(h => $"rank {string.Join(" and ", h.Select(p => p.Rank))} on {h.Key}"))}";

    private sealed record Place(int Rank, string Host);
}
