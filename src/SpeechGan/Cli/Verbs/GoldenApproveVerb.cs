using System.CommandLine;

namespace SpeechGan.Cli.Verbs;

/// <summary>The options of `golden approve`.</summary>
internal static class GoldenApproveVerb
{
    public static Command Make()
    {
        var name = GoldenOptions.Name();
        var (place, store) = (SharedOptions.Golden(), GoldenOptions.Store());
        var yes = new Option<bool>("--yes") { Description = "Do not ask; needs --reason" };
        var reason = new Option<string?>("--reason") { Description = "Why the change is right; kept in the history", HelpName = "TEXT" };
        var drift = new Option<bool>("--accept-drift")
        {
            Description = "Approve although the cumulative drift of approvals exceeds the tolerances",
        };
        var received = new Option<string?>("--received")
        {
            Description = "Take what was received from this folder, which `golden check --received` made elsewhere",
            HelpName = "DIR",
        };
        var verb = new Command("approve", "Show what was received, ask, and make it the golden. Never on continuous integration.")
        {
            name,
            yes,
            reason,
            drift,
            received,
            place,
            store,
        };
        verb.SetAction(parsed =>
            Guard.Run(() =>
                GoldenApprove.Run(
                    GoldenOptions.Selected(parsed, name, place, store),
                    parsed.GetValue(yes),
                    parsed.GetValue(reason),
                    parsed.GetValue(drift),
                    parsed.GetValue(received)
                )
            )
        );
        return verb;
    }
}
