using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using SpeechGan.Bisect;

namespace SpeechGan.Workflows;

/// <summary>
/// Any command in a worktree. Its exit code decides as git's bisect says (0 good, 125 cannot be judged, other codes to 127 bad, above: the
/// bisect ends), or a field of the last JSON object on its standard output: the exit code must be 0 then, and any other one skips.
/// </summary>
/// <param name="command">Program and arguments.</param>
/// <param name="field">Dotted path of a number in its JSON; null: the exit code decides.</param>
/// <param name="below">Bad below this.</param>
/// <param name="above">Bad above this.</param>
/// <param name="paths">What of the tree matters; empty: all.</param>
/// <param name="limit">Time it may take.</param>
internal sealed class CommandRun(
    IReadOnlyList<string> command,
    string? field,
    double? below,
    double? above,
    IReadOnlyList<string> paths,
    TimeSpan limit
) : ITrialRun
{
    private const int LastVerdict = 127;
    private const int CannotJudge = 125;

    /// <inheritdoc/>
    public string Key { get; } =
        string.Join(
            '\n',
            [
                "command",
                .. command,
                string.Create(CultureInfo.InvariantCulture, $"{field} {below:R} {above:R}"),
                Environment.MachineName,
                RuntimeInformation.OSDescription,
            ]
        );

    /// <inheritdoc/>
    public IReadOnlyList<string> Paths => paths;

    /// <inheritdoc/>
    public TrialResult Run(string worktree, string commit, CancellationToken stop)
    {
        var end = ProcessRunner.Run(
            worktree,
            command,
            limit,
            new Dictionary<string, string?> { ["SPEECHGAN_BISECT_COMMIT"] = commit },
            stop
        );
        if (end.TimedOut)
            return TrialResult.Skip(
                string.Create(CultureInfo.InvariantCulture, $"the command took longer than {limit.TotalSeconds} s (--time-limit)"),
                isPassing: true
            );
        if (end.ExitCode is < 0 or > LastVerdict)
            throw new UsageException(
                $"The command ended with exit code {end.ExitCode} at {commit[..12]}: 0 is good, 125 cannot be judged, 1 to 127 bad; "
                    + $"anything else ends a bisect. Its last output: {end.LastWords}"
            );
        if (field is not null)
            return end.ExitCode == 0
                ? Judge(end.Output)
                : TrialResult.Skip($"the command ended with exit code {end.ExitCode}: {end.LastWords}");
        return new TrialResult
        {
            Outcome = end.ExitCode switch
            {
                0 => TrialOutcome.Good,
                CannotJudge => TrialOutcome.Skip,
                _ => TrialOutcome.Bad,
            },
            Detail = $"exit code {end.ExitCode}",
        };
    }

    private TrialResult Judge(string output)
    {
        try
        {
            var from = output.StartsWith('{') ? 0 : output.LastIndexOf("\n{", StringComparison.Ordinal);
            if (from < 0)
                return TrialResult.Skip("the command wrote no JSON object");
            using var document = JsonDocument.Parse(output[from..]);
            var at = document.RootElement;
            foreach (var name in field!.Split('.'))
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out var inner))
                {
                    var there = at.ValueKind == JsonValueKind.Object ? string.Join(", ", at.EnumerateObject().Select(p => p.Name)) : "";
                    return TrialResult.Skip($"the command's JSON has no field '{field}'{(there.Length > 0 ? $"; it has {there}" : "")}");
                }
                at = inner;
            }
            if (at.ValueKind != JsonValueKind.Number)
                return TrialResult.Skip($"field '{field}' of the command's JSON is not a number");
            var value = at.GetDouble();
            return new TrialResult
            {
                Outcome = value < below || value > above ? TrialOutcome.Bad : TrialOutcome.Good,
                Detail = string.Create(CultureInfo.InvariantCulture, $"{field} {value:G6}"),
                Value = value,
            };
        }
        catch (JsonException e)
        {
            return TrialResult.Skip($"the command's JSON cannot be read: {e.Message}");
        }
    }
}
