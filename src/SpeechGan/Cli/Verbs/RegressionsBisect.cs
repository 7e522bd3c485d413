using SpeechGan.Bisect;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`regressions bisect`: every open regression without a culprit, in one place, so that a commit is built once for all of
/// them.</summary>
internal static class RegressionsBisect
{
    private const double Confidence = 0.95;

    /// <summary>Runs it.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="good">A commit before all of them.</param>
    /// <param name="bad">A commit that shows them.</param>
    /// <param name="building">How commits are built and trained.</param>
    /// <param name="stop">Asks for an end.</param>
    /// <returns>0: every one has a culprit; 125: at least one could not be named.</returns>
    public static int Run(RegressionLedger ledger, string good, string bad, BuildRequest building, CancellationToken stop)
    {
        building.Validate();
        var (regressions, problems) = ledger.Read();
        if (problems.Count > 0)
            throw new GoldenException($"The ledger is not sound: {problems[0]} Repair it first.");
        Regression[] open = [.. regressions.Where(r => r is { IsOpen: true, Culprit: null })];
        if (open.Length == 0)
        {
            Terminal.Out.Line("No open regression lacks a culprit: there is nothing to bisect.");
            return ExitCode.Good;
        }
        using var place = new BisectPlace(building.Repository, building.Cache, building.Build, stop);
        var unnamed = 0;
        foreach (var regression in open)
        {
            Terminal.Error.Line($"Bisecting {regression.InWords}");
            try
            {
                var (report, end) = BisectCommits.Search(
                    new CommitRequest
                    {
                        Good = good,
                        Bad = bad,
                        Building = building,
                        Scenario = regression.Goldens[0],
                        Confidence = Confidence,
                    },
                    place,
                    stop
                );
                if (end == BisectEnd.Found)
                {
                    Terminal.Out.Line(ledger.Link(regression.Number, BisectVerdictFile.Parse(report.Json(), "the bisect")).InWords);
                    continue;
                }
                Terminal.Out.Line($"#{regression.Number}: {report.InWords().First()}");
            }
            catch (UsageException e)
            {
                // One that cannot be bisected between these commits does not keep the others from it.
                Terminal.Out.Line($"#{regression.Number} cannot be bisected: {e.Message}");
            }
            unnamed++;
        }
        return unnamed == 0 ? ExitCode.Good : ExitCode.CannotJudge;
    }
}
