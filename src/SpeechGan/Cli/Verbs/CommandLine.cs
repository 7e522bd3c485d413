using System.CommandLine;
using System.CommandLine.Parsing;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>The verbs, one visible line each, and what happens to words that are none.</summary>
internal static class CommandLine
{
    // Set by Open MPI's mpirun, Hydra and srun.
    private static readonly string[] OneOfMany = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_RANK"];

    /// <summary>Runs a command line; the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        // mpirun of Open MPI gives its processes a terminal of its own making, whatever it writes to itself: .NET would greet it with
        // control codes, in front of --json.
        if (OneOfMany.Any(v => Environment.GetEnvironmentVariable(v) is { Length: > 0 }))
            Environment.SetEnvironmentVariable("TERM", "dumb");
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count == 0)
        {
            using var stop = new StopRequest(OnRequest(parsed.CommandResult.Command.Name));
            return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = null }, stop.Token);
        }
        foreach (var error in parsed.Errors)
            Terminal.Error.Line($"speechgan: {InWords(error.Message)}");
        Terminal.Error.Line($"See `speechgan {Path(parsed.CommandResult)}--help`.");
        return ExitCode.BadUsage;
    }

    // What is said at the first Ctrl-C. `launch` hands each one on to its ranks.
    private static string? OnRequest(string verb) =>
        verb switch
        {
            LaunchVerb.Name => null,
            TrainVerb.Name or DemoVerb.Name =>
                "Stopping after this step, with a checkpoint. Ctrl-C again ends at once; the last checkpoint stays intact.",
            _ => "Stopping. Ctrl-C again ends at once.",
        };

    // The verb with those it stands under: "bisect commits ".
    private static string Path(CommandResult result) =>
        result.Command is RootCommand ? "" : (result.Parent is CommandResult parent ? Path(parent) : "") + result.Command.Name + " ";

    // The parser speaks of .NET's types.
    private static string InWords(string message) =>
        message
            .Replace("as expected type 'System.Int32'", "as a whole number", StringComparison.Ordinal)
            .Replace("as expected type 'System.Int64'", "as a whole number", StringComparison.Ordinal)
            .Replace("as expected type 'System.Nullable`1[System.Int32]'", "as a whole number", StringComparison.Ordinal)
            .Replace("as expected type 'System.Nullable`1[System.Int64]'", "as a whole number", StringComparison.Ordinal)
            .Replace("as expected type 'System.Double'", "as a number", StringComparison.Ordinal)
            .Replace("as expected type 'System.Nullable`1[System.Double]'", "as a number", StringComparison.Ordinal);

    /// <summary>The whole command line, to be parsed.</summary>
    internal static RootCommand Root() =>
        new("SpeechGan trains CMGAN-style speech-enhancement GANs and finds out why their PESQ falls.")
        {
            DemoVerb.Make(),
            TrainVerb.Make(),
            LaunchVerb.Make(),
            RanksVerb.Make(),
            ImportVerb.Make(),
            EvaluateVerb.Make(),
            ScoreVerb.Make(),
            EnhanceVerb.Make(),
            ReportVerb.Make(),
            AuditVerb.Make(),
            DiagnoseVerb.Make(),
            GoldenVerb.Make(),
            BisectVerb.Make(),
            CompareVerb.Make(),
            CompressVerb.Make(),
            RegressionsVerb.Make(),
            NightVerb.Make(),
            TraceVerb.Make(),
            ConfigVerb.Make(),
            DoctorVerb.Make(),
        };
}
