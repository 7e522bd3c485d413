using SpeechGan.Comparison;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden check --trace`: a golden that differs holds no tensors; so its scenario is trained by another side, and the first
/// module in which this program differs from it is named.</summary>
internal static class GoldenTrace
{
    /// <summary>The side where none is named: the same program with the reference form of its kernels.</summary>
    public const string Usual = "set:train.kernels=operators";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Reads the side.</summary>
    /// <exception cref="UsageException">It is none that can be trained.</exception>
    public static ComparedSide Side(string text) =>
        ComparedSide.Parse(text) is { Kind: not SideKind.Run } side
            ? side
            : throw new UsageException(
                $"--trace '{text}' is a run folder; a side that is trained is needed: commit:REV, config:FILE, set:key=value, "
                    + $"device:NAME or threads:N."
            );

    /// <summary>Trains, compares and traces.</summary>
    public static RunComparison Of(ScenarioSeed golden, ComparedSide side, GoldenPlace place, ScenarioTrial trial, CancellationToken stop)
    {
        var asIs = ComparedSide.Parse("as-is");
        var task = new CompareTask { Scenario = golden.Scenario, Seeds = [golden.Seed] };
        using var commits =
            side.Kind == SideKind.Commit ? new CompareCommits(place.Root, null, new SpeechGanBuild(null, Limit), stop) : null;
        var folder = Directory.CreateTempSubdirectory("speechgan-compare-").FullName;
        try
        {
            var trainings = new CompareTrainings(task, trial, place, commits, folder, Limit, Terminal.Error.Line, stop);
            var (a, b) = (trainings.Train(side), trainings.Train(asIs));
            var tolerances = place.Tolerances().For(golden.Scenario.Name);
            var comparison = RunComparison.Of(
                a,
                b,
                new SameSeedSpread(tolerances.All.Count == 0 ? null : tolerances, ToleranceTable.FileName)
            );
            return CompareTraces.FirstStep(comparison.Told, [.. a[0].Record.Epochs.Select(e => e.LastStep).OfType<long>()]) is { } step
                ? comparison with
                {
                    Trace = new CompareTraces(trainings, Terminal.Error.Line).Run(side, asIs, golden.Seed, step),
                }
                : comparison;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What it came to, in lines.</summary>
    public static IEnumerable<string> InWords(RunComparison comparison)
    {
        yield return $"Against {comparison.A}: {comparison.Sentence}";
        if (comparison.Trace is { } trace)
            yield return trace.Sentence;
        else
            yield return $"{comparison.A} gives the same as this program: the golden differs by something that both have. Give a "
                + $"commit from before it: --trace commit:REV.";
    }
}
