using System.Text.Json;
using SpeechGan.Cli.Views;
using SpeechGan.Comparison;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`compare`: reads or trains both sides, and tells.</summary>
internal static class CompareRun
{
    /// <summary>Runs it.</summary>
    /// <returns>0: what was asked for holds; 1: it does not; 125: it cannot be judged.</returns>
    public static int Run(CompareRequest request, CancellationToken stop)
    {
        request.Validate();
        ComparedSide a = ComparedSide.Parse(request.A),
            b = ComparedSide.Parse(request.B);
        if (request.Output is not null)
            OutputFile.RequirePlace(Path.GetFullPath(request.Output));
        var comparison = (a.Kind, b.Kind) switch
        {
            (SideKind.Run, SideKind.Run) => CompareFolders.Run(request, a, b, stop),
            (SideKind.Run, _) or (_, SideKind.Run) => throw new UsageException(
                "A run folder can only be compared with another run folder: to train the other side at its size would take too long. "
                    + "Train both sides (commit:, config:, set:, device:, threads:, as-is), or give two folders."
            ),
            _ => new CompareTrained(request, a, b).Run(stop),
        };
        var holds = ComparisonJudge.Holds(comparison, request.Assertion);
        if (request.Json)
            Console.WriteLine(JsonSerializer.Serialize(CompareView.Json(comparison, request.Assertion, holds), RunJson.Document));
        else
            CompareView.Print(Terminal.Out, comparison, request.Assertion, holds);
        return holds switch
        {
            true => ExitCode.Good,
            false => ExitCode.CheckFailed,
            _ => ExitCode.CannotJudge,
        };
    }
}
