using SpeechGan.Runs;
using SpeechGan.Training;

namespace SpeechGan.Workflows;

/// <summary>Trains a scenario in a process of its own, which is fresh: nothing of an earlier training is compiled or resident in
/// it.</summary>
/// <param name="self">The words that start this program.</param>
/// <param name="measure">Whether the training is measured (<see cref="RunPerformance"/>).</param>
internal sealed class ScenarioProcess(IReadOnlyList<string> self, bool measure)
{
    private static readonly Dictionary<string, string?> Usual = new() { ["MALLOC_ARENA_MAX"] = "1" };

    // A collector that always collects after the same bytes (hexadecimal, 64 MB) and on no thread of its own: else the peak of memory tells
    // of its budget, which follows the caches and the moment.
    private static readonly Dictionary<string, string?> Measured = new(Usual)
    {
        ["DOTNET_GCgen0size"] = "4000000",
        ["DOTNET_gcConcurrent"] = "0",
    };

    /// <summary>Trains.</summary>
    /// <param name="name">The golden's name, for the sentences.</param>
    /// <param name="run">The run folder to be made; its configuration is written beside it.</param>
    /// <param name="data">Corpus.</param>
    /// <param name="config">Configuration.</param>
    /// <param name="stop">Asks for an end.</param>
    /// <exception cref="NonFiniteException">The training ended by a loss or gradient that is not finite.</exception>
    /// <exception cref="EnvironmentException">The process could not train.</exception>
    public RunRecord Train(string name, string run, string data, RunConfig config, CancellationToken stop)
    {
        var file = run + ".json";
        File.WriteAllText(file, config.ToJson());
        string[] measured = measure ? ["--measure"] : [];
        var end = ProcessRunner.Run(
            Path.GetDirectoryName(run)!,
            [.. self, "train", "--data", data, "--out", run, "--config", file, .. measured],
            environment: measure ? Measured : Usual,
            stop: stop
        );
        return end.ExitCode switch
        {
            ExitCode.Good => RunRecord.Load(run),
            ExitCode.CheckFailed => throw new NonFiniteException($"The training of '{name}' failed: {end.LastWords}", 0, 0),
            _ => throw new EnvironmentException($"The process that trains '{name}' ended with exit code {end.ExitCode}: {end.LastWords}"),
        };
    }
}
