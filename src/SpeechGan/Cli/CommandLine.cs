using System.CommandLine;
using SpeechGan.Cli.Bisects;
using SpeechGan.Cli.Goldens;

namespace SpeechGan.Cli;

/// <summary>The verbs, one visible line each, and what happens to words that are none.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line; the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count == 0)
            // No time limit on ending: a checkpoint is being made.
            return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = Timeout.InfiniteTimeSpan });
        foreach (var error in parsed.Errors)
            Terminal.Error.Line($"speechgan: {error.Message}");
        var verb = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
        Terminal.Error.Line($"See `speechgan {verb}--help`.");
        return ExitCode.BadUsage;
    }

    private static RootCommand Root() => new("SpeechGan trains CMGAN-style speech-enhancement GANs and finds out why their PESQ falls.")
    {
        DemoVerb.Make(),
        TrainVerb.Make(),
        LaunchVerb.Make(),
        EvaluateVerb.Make(),
        ScoreVerb.Make(),
        EnhanceVerb.Make(),
        ReportVerb.Make(),
        AuditVerb.Make(),
        DiagnoseVerb.Make(),
        GoldenVerb.Make(),
        BisectVerb.Make(),
        ConfigVerb.Make(),
        DoctorVerb.Make(),
    };
}
