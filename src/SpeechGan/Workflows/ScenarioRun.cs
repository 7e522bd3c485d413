using System.Globalization;
using SpeechGan.Bisect;
using SpeechGan.Engine;
using SpeechGan.Goldens;
using SpeechGan.Runs;

namespace SpeechGan.Workflows;

/// <summary>
/// A scenario by a commit's own build: its `train` verb, the oldest contract there is, on corpus and weights of this checkout; what it
/// writes into the run folder is read here, by the newest reader. Several seeds are judged one by one and the majority counts, a tie as
/// bad.
/// </summary>
/// <param name="scenario">The scenario.</param>
/// <param name="seeds">Seeds.</param>
/// <param name="judge">The judge of a seed.</param>
/// <param name="knobs">Further knobs.</param>
/// <param name="trial">Its corpus and weights.</param>
/// <param name="limit">Time a training may take.</param>
internal sealed class ScenarioRun(
    Scenario scenario,
    IReadOnlyList<long> seeds,
    Func<long, TrialJudge> judge,
    IReadOnlyList<string> knobs,
    ScenarioTrial trial,
    TimeSpan limit
) : ITrialRun
{
    /// <inheritdoc/>
    public string Key { get; } =
        string.Join(
            '\n',
            [
                "scenario " + scenario.Name,
                scenario.Corpus.InWords(),
                scenario.Preset,
                .. scenario.Overrides,
                .. knobs,
                .. seeds.Select(s => $"seed {s}: {judge(s).InWords}"),
                TensorHost.Fingerprint(null).InWords(),
            ]
        );

    /// <inheritdoc/>
    public IReadOnlyList<string> Paths => CommitTraining.Paths;

    /// <inheritdoc/>
    public TrialResult Run(string worktree, string commit, CancellationToken stop)
    {
        TrialResult[] results = [.. seeds.Select(seed => Run(worktree, seed, stop))];
        if (results.FirstOrDefault(r => r.Outcome == TrialOutcome.Skip) is { } skipped)
            return skipped;
        var bad = results.Count(r => r.Outcome == TrialOutcome.Bad);
        var shown = results.First(r => r.Outcome == (2 * bad >= results.Length ? TrialOutcome.Bad : TrialOutcome.Good));
        return results.Length == 1
            ? shown
            : shown with
            {
                Detail = string.Create(CultureInfo.InvariantCulture, $"{bad} of {results.Length} seeds bad; {shown.Detail}"),
            };
    }

    private TrialResult Run(string worktree, long seed, CancellationToken stop)
    {
        var run = Path.Combine(Path.GetDirectoryName(worktree)!, "run-" + Guid.NewGuid().ToString("N"));
        var config = trial.Config(scenario, seed);
        var arguments = CommitTraining.Arguments(
            scenario.Preset,
            seed,
            scenario.TrainedStart ? (config.Train.InitGenerator, config.Train.InitDiscriminator) : null,
            scenario.Overrides.Concat(knobs)
        );
        if (CommitTraining.Train(worktree, arguments, trial.Corpus(scenario.Corpus), run, limit, stop) is not { } end)
            return TrialResult.Skip(CommitTraining.NoProgram);
        try
        {
            if (end.TimedOut)
                return TrialResult.Skip(
                    string.Create(CultureInfo.InvariantCulture, $"the training took longer than {limit.TotalSeconds} s (--time-limit)"),
                    isPassing: true
                );
            // 1 is a run that ended by a loss that is not finite: that is a fault, not a machine that lacks something.
            if (end.ExitCode == ExitCode.CheckFailed)
                return new TrialResult { Outcome = TrialOutcome.Bad, Detail = $"the training failed: {end.LastWords}" };
            if (end.ExitCode != ExitCode.Good)
                return TrialResult.Skip($"train ended with exit code {end.ExitCode}: {end.LastWords}");
            var record = RunRecord.Load(run);
            var host = record.Info.Host?.InWords();
            return judge(seed).Judge(Trajectory.Of(record), host ?? "unknown") with { Host = host };
        }
        catch (RunFolderException e)
        {
            return TrialResult.Skip($"its run cannot be read: {e.Message}");
        }
        finally
        {
            if (Directory.Exists(run))
                Directory.Delete(run, recursive: true);
        }
    }
}
