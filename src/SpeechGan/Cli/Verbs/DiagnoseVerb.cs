using System.CommandLine;
using SpeechGan.Cli.Views;
using SpeechGan.Diagnostics;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`diagnose`: what is wrong with a run, what is not, how sure, on which numbers, and what to change.</summary>
internal static class DiagnoseVerb
{
    public static Command Make()
    {
        var run = new Argument<string>("RUN") { Description = "Run folder of a finished, running or crashed run" };
        var baseline = new Option<string?>("--baseline") { Description = "Another run to compare with", HelpName = "RUN" };
        var failOn = new Option<string?>("--fail-on")
        {
            Description = "confirmed or suspected: exit code 1 where there is one",
            HelpName = "WHAT",
        };
        failOn.AcceptOnlyFromAmong("confirmed", "suspected");
        var noAudit = new Option<bool>("--no-audit")
        {
            Description = "Leave the corpus alone (else it is audited once, into RUN/audit.json)",
        };
        var probe = new ProbeOptions();
        var json = SharedOptions.Json();
        var verb = new Command("diagnose", "Say what is wrong with a run, what is not, and what to do; writes RUN/verdict.json.")
        {
            run,
            baseline,
            failOn,
            noAudit,
            json,
        };
        probe.AddTo(verb);
        verb.SetAction(
            (parsed, stop) =>
                Task.FromResult(
                    Guard.Run(() =>
                    {
                        var verdict = DiagnoseRun.Of(
                            parsed.GetValue(run)!,
                            parsed.GetValue(baseline),
                            !parsed.GetValue(noAudit),
                            stop,
                            probe.Of(parsed, stop)
                        );
                        if (parsed.GetValue(json))
                            Console.WriteLine(verdict.ToJson().TrimEnd());
                        else
                            VerdictView.Print(Terminal.Out, verdict);
                        return Code(verdict, parsed.GetValue(failOn));
                    })
                )
        );
        return verb;
    }

    /// <summary>The exit code: 1 where what was asked for is there.</summary>
    internal static int Code(Verdict verdict, string? failOn) =>
        failOn switch
        {
            "confirmed" when verdict.HasConfirmed => ExitCode.CheckFailed,
            "suspected" when verdict.All.Any(f => f.Outcome is FindingOutcome.Confirmed or FindingOutcome.Suspected) =>
                ExitCode.CheckFailed,
            _ => ExitCode.Good,
        };
}
