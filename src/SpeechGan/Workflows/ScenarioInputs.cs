using SpeechGan.Goldens;

namespace SpeechGan.Workflows;

/// <summary>Which scenarios' inputs are among changed files: the program's own, the corpus, the weights; or a golden's own files.</summary>
internal static class ScenarioInputs
{
    private static readonly string[] OfAll = [.. CommitTraining.Paths, "golden/corpus", "golden/networks"];

    // No training and no comparison of a golden runs through these (tests/Unit/Architecture/RoomTests has the table).
    private static readonly string[] OfNone = ["src/SpeechGan/Bisect", "src/SpeechGan/Cli/Views", "src/SpeechGan/Reports"];

    /// <summary>The goldens that a change can move.</summary>
    /// <param name="goldens">All that could be checked.</param>
    /// <param name="changed">Paths of changed files, relative to the repository's root.</param>
    public static IReadOnlyList<ScenarioSeed> Changed(IReadOnlyList<ScenarioSeed> goldens, IReadOnlyList<string> changed) =>
        changed.Any(p => OfAll.Any(input => IsIn(p, input)) && !OfNone.Any(other => IsIn(p, other)))
            ? goldens
            :
            [
                .. goldens.Where(g =>
                    changed.Any(p =>
                        p == $"golden/trajectories/{ToleranceTable.FileName}"
                        || p.StartsWith($"golden/trajectories/{g.GoldenName}.", StringComparison.Ordinal)
                    )
                ),
            ];

    private static bool IsIn(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
