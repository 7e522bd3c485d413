using System.CommandLine;
using System.Text.Json;
using SpeechGan.Goldens;
using SpeechGan.Runs;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`regressions show`: all that is known of one.</summary>
internal static class RegressionsShowVerb
{
    public static Command Make()
    {
        var (number, ledger) = (RegressionsOptions.Number(), RegressionsOptions.Ledger());
        var verb = new Command("show", "All that is known of one, as JSON.") { number, ledger };
        verb.SetAction(parsed =>
            Guard.Run(() =>
            {
                var (regressions, _) = RegressionsOptions.Open(parsed.GetValue(ledger)).Read();
                var found = regressions.FirstOrDefault(r => r.Number == parsed.GetValue(number))
                    ?? throw new GoldenException(
                        $"There is no regression #{parsed.GetValue(number)}. `speechgan regressions list --all` has them."
                    );
                Console.WriteLine(JsonSerializer.Serialize(found, RunJson.Document));
                return ExitCode.Good;
            })
        );
        return verb;
    }
}
