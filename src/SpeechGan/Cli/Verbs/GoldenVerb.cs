using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden`: approved trajectories of short trainings, and of imported runs.</summary>
internal static class GoldenVerb
{
    public static Command Make() =>
        new("golden", "Approved trajectories of short trainings and of imported runs: list, check, look at a difference, approve, history.")
        {
            GoldenListVerb.Make(),
            GoldenPinVerb.Make(),
            GoldenCheckVerb.Make(),
            GoldenDiffVerb.Make(),
            GoldenApproveVerb.Make(),
            GoldenHistoryVerb.Make(),
            GoldenSpreadVerb.Make(),
        };
}
