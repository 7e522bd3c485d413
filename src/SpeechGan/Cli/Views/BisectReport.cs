using System.Globalization;
using System.Text.Json;
using SpeechGan.Bisect;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Views;

/// <summary>What a bisect over commits found, for people and machines.</summary>
/// <param name="repository">For the culprit's diff.</param>
/// <param name="graph">The candidates.</param>
/// <param name="result">The result.</param>
/// <param name="run">What was run, in words.</param>
internal sealed class BisectReport(GitRepository repository, CommitGraph graph, CommitBisectResult result, string run)
{
    private const int PatchLines = 40;
    private const int Short = 12;

    /// <summary>A trial in a line, with how many more are expected.</summary>
    public static string Progress(TrialRecord trial, string subject, int left) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"[{trial.Number}] {Purpose(trial.Purpose), -9} {trial.Commit[..Short]} {Cut(subject)}: {Word(trial.Result.Outcome)} "
                + $"({trial.Result.Detail}; "
                + $"{(trial.Result.FromCache ? "known from before" : $"{trial.Result.Seconds:F1} s")})"
                + $"{(left > 0 ? $"; about {left} more" : "")}"
        );

    /// <summary>The report's lines.</summary>
    public IEnumerable<string> InWords()
    {
        yield return Title();
        yield return "";
        yield return $"  run         {run}";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  trials      {Judged} judged, {result.Trials.Count - Judged} could not be; {graph.Candidates.Count} candidates, "
                + $"{graph.Possible} change what matters"
        );
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  confidence  "
                + $"{Percent(result.Confidence)}"
                + $"{(result.FlakeRate > 0 ? $", if {result.FlakeRate:P0} of trials are wrong" : ", trials being the same every time")}"
        );
        if (result.End == BisectEnd.Found)
            yield return $"  confirmed   {(result.Confirmed ? "bad again, its parent good again" : "not by trying again")}; bad end "
                + $"with it reverted: {RevertWord()}";
        foreach (var note in result.Notes)
            yield return $"  note        {note}";
        if (result.Posterior.Count > 1)
            foreach (var (commit, probability) in result.Posterior.Take(8))
                yield return $"  {Percent(probability), -10}  {commit[..Short]} {Cut(SubjectOf(commit))}";
        foreach (var suspect in result.Suspects.Take(3))
        {
            var (stat, patch) = repository.Show(suspect, PatchLines);
            yield return "";
            foreach (var line in stat.Split('\n').Concat(result.End == BisectEnd.Found ? patch.Split('\n').Prepend("") : []))
                yield return "  " + line;
        }
        foreach (var line in Chart())
            yield return line.Length == 0 ? "" : "  " + line;
    }

    /// <summary>The report for machines.</summary>
    public string Json() =>
        JsonSerializer.Serialize(
            new
            {
                result.End,
                sentence = Title(),
                culprit = result.End == BisectEnd.Found ? result.Suspects[0] : null,
                suspects = result.Suspects.Select(s => new
                {
                    commit = s,
                    subject = SubjectOf(s),
                    probability = result.Posterior.GetValueOrDefault(s),
                }),
                result.Confidence,
                result.FlakeRate,
                result.FoundFlaky,
                result.Confirmed,
                result.Revert,
                hostChangeBetweenEnds = result.BetweenEnds?.InWords,
                hostChangeWithCulprit = result.WithCulprit?.InWords,
                result.Notes,
                good = graph.Good,
                bad = graph.Bad,
                candidates = graph.Candidates.Count,
                possible = graph.Possible,
                result.Posterior,
                trials = result.Trials.Select(t => new
                {
                    t.Number,
                    t.Commit,
                    t.Attempt,
                    t.Purpose,
                    t.Result.Outcome,
                    t.Result.Detail,
                    t.Result.Value,
                    t.Result.Epochs,
                    t.Result.Host,
                    t.Result.Seconds,
                    t.Result.FromCache,
                }),
                diff = result.End == BisectEnd.Found && repository.Show(result.Suspects[0], PatchLines) is var (stat, patch)
                    ? new { stat, patch }
                    : null,
            },
            RunJson.Document
        );

    private int Judged => result.Trials.Count(t => t.Result.Outcome != TrialOutcome.Skip);

    private string Title() =>
        result.End == BisectEnd.Found
            ? $"{result.Suspects[0]} is the first bad "
                + $"commit{(result.WithCulprit is null ? "" : ", and the tensor engine or its host changed with it")}: "
                + $"{SubjectOf(result.Suspects[0])}"
            : $"Not sure: it is one of these {result.Suspects.Count} commits (confidence {Percent(result.Confidence)}): "
                + $"{string.Join(", ", result.Suspects.Select(s => s[..Short]))}";

    private string RevertWord() =>
        result.Revert switch
        {
            RevertCheck.Cures => "good",
            RevertCheck.DoesNotCure => "STILL BAD",
            RevertCheck.Impossible => "cannot be tried",
            _ => "not tried",
        };

    private string SubjectOf(string commit) => graph.IndexOf(commit) is { } i ? graph.Candidates[i].Subject : "";

    // The last good trial before the culprit against the culprit's own.
    private IEnumerable<string> Chart()
    {
        var bad = result.Trials.LastOrDefault(t =>
            t.Result is { Outcome: TrialOutcome.Bad, Epochs: not null } && t.Commit == result.Suspects[^1]
        ) ?? result.Trials.FirstOrDefault(t => t.Result is { Outcome: TrialOutcome.Bad, Epochs: not null });
        var good = result.Trials.LastOrDefault(t =>
            t.Result is { Outcome: TrialOutcome.Good, Epochs: not null } && t.Purpose != TrialPurpose.Revert
        );
        if (bad is null || good is null)
            return [];
        int[] epochs = [.. good.Result.Epochs!.Keys.Union(bad.Result.Epochs!.Keys).Order()];
        return
        [
            "",
            .. TrajectoryChart.Draw(
                $"judged value; expected: {good.Commit[..Short]} (good), received: {bad.Commit[..Short]} (bad);",
                epochs,
                [.. epochs.Select(e => Value(good, e))],
                [.. epochs.Select(e => Value(bad, e))]
            ),
        ];

        static double? Value(TrialRecord trial, int epoch) => trial.Result.Epochs!.TryGetValue(epoch, out var value) ? value : null;
    }

    private static string Purpose(TrialPurpose purpose) =>
        purpose switch
        {
            TrialPurpose.End => "end",
            TrialPurpose.Search => "search",
            TrialPurpose.Confirm => "confirm",
            _ => "without",
        };

    private static string Word(TrialOutcome outcome) =>
        outcome switch
        {
            TrialOutcome.Good => "good",
            TrialOutcome.Bad => "BAD",
            _ => "skipped",
        };

    private static string Percent(double share) => share > 0.9999 ? "over 99.99 %" : share.ToString("P2", CultureInfo.InvariantCulture);

    private static string Cut(string subject) => subject.Length <= 50 ? subject : subject[..47] + "...";
}
