using System.Text.Json;
using SpeechGan.Runs;

namespace SpeechGan.Diagnostics;

/// <summary><c>verdict.json</c>: what all theories say of a run, confirmed causes first.</summary>
public sealed record Verdict
{
    /// <summary>Name of the file in a run folder.</summary>
    public const string FileName = "verdict.json";

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>Findings by outcome (confirmed, suspected, inconclusive, rejected, not measured), within one in the theories' order.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What could not be read of the run; findings rest on the rest.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Whether any cause is confirmed.</summary>
    public bool HasConfirmed => Findings.Any(f => f.Outcome == FindingOutcome.Confirmed);

    /// <summary>Examines a run.</summary>
    /// <param name="run">Its record.</param>
    /// <param name="theories">Theories; null: all that are registered.</param>
    public static Verdict Of(RunRecord run, IReadOnlyList<ITheory>? theories = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new Verdict
        {
            Run = run.Info.Id,
            Findings = [.. (theories ?? Theories.AllTheories.InOrder).Select(t => t.Examine(run)).OrderBy(f => f.Outcome)],
            Problems = run.Problems,
        };
    }

    /// <summary>JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Document) + "\n";

    /// <summary>Publishes <c>verdict.json</c> in a run folder, in one step; the run may be going on.</summary>
    /// <exception cref="RunFolderException">It cannot be written.</exception>
    public void Save(string runFolder, IRunStorage? storage = null)
    {
        var path = Path.Combine(Path.GetFullPath(runFolder), FileName);
        try
        {
            (storage ?? DiskStorage.Instance).Publish(path, ToJson());
        }
        catch (Exception e) when (RunFolderException.IsStorage(e))
        {
            throw RunFolderException.From(e, "write", path);
        }
    }
}
