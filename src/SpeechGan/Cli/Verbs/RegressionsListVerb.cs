using System.CommandLine;
using System.Text.Json;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`regressions list`: the open ones, or all.</summary>
internal static class RegressionsListVerb
{
    public static Command Make()
    {
        var (ledger, json) = (RegressionsOptions.Ledger(), SharedOptions.Json());
        var all = new Option<bool>("--all") { Description = "Closed ones too" };
        var verb = new Command("list", "List open regressions; exit code 1 where there are some.") { all, ledger, json };
        verb.SetAction(parsed =>
            Guard.Run(() =>
            {
                var (regressions, problems) = RegressionsOptions.Open(parsed.GetValue(ledger)).Read();
                Regression[] shown = [.. regressions.Where(r => r.IsOpen || parsed.GetValue(all))];
                if (parsed.GetValue(json))
                    Console.WriteLine(JsonSerializer.Serialize(new { regressions = shown, problems }, RunJson.Document));
                else
                {
                    foreach (var line in shown.Select(r => r.InWords).Concat(problems))
                        Terminal.Out.Line(line);
                    Terminal.Out.Line($"{regressions.Count(r => r.IsOpen)} open, {regressions.Count(r => !r.IsOpen)} closed.");
                }
                return problems.Count > 0 || regressions.Any(r => r.IsOpen) ? ExitCode.CheckFailed : ExitCode.Good;
            })
        );
        return verb;
    }
}
