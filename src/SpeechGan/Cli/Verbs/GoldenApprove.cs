using Spectre.Console;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden approve`: shows, asks, and makes what was received the golden.</summary>
internal static class GoldenApprove
{
    public static int Run(GoldenSelection selection, bool yes, string? reason, bool acceptDrift, string? received)
    {
        var store = selection.Store;
        var waiting = Waiting(selection, yes, reason, received);
        var by = Approver(store.Folder)
            ?? throw new UsageException(
                "The approver's name is not known, and the history keeps it. Set it with `git config user.name NAME`."
            );
        foreach (var golden in waiting)
        {
            GoldenDiff.Print(store, golden);
            var seen = store.ReadReceived(golden.GoldenName).Digest;
            if (
                !yes
                && !Terminal.Out.Console.Confirm(
                    $"Approve '{Markup.Escape(golden.GoldenName)}' as {Markup.Escape(by)}?",
                    defaultValue: false
                )
            )
            {
                Terminal.Out.Line($"'{golden.GoldenName}' stays as it was.");
                continue;
            }
            reason ??= Terminal.Out.Console.Prompt(new TextPrompt<string>("Why is the change right?"));
            store.Approve(
                golden.GoldenName,
                new ApprovalRequest
                {
                    By = by,
                    Reason = reason,
                    When = DateTimeOffset.UtcNow,
                    AcceptDrift = acceptDrift,
                    Seen = seen,
                }
            );
            Terminal.Out.Line(
                $"Approved '{store.VerifiedPath(golden.GoldenName)}' as {by}. Commit it with '{store.HistoryPath(golden.GoldenName)}'."
            );
        }
        return ExitCode.Good;
    }

    // What a person is asked about; refuses what cannot be approved here.
    private static SelectedGolden[] Waiting(GoldenSelection selection, bool yes, string? reason, string? received)
    {
        if (yes && string.IsNullOrWhiteSpace(reason))
            throw new UsageException("--yes needs --reason TEXT: the history keeps why a golden was approved.");
        var (store, name, _) = selection;
        if (received is not null && !Directory.Exists(received))
            throw new UsageException(
                $"--received '{received}' is not an existing folder. Name the folder that `golden check --received` made, downloaded "
                    + $"from where it ran."
            );
        // On continuous integration nothing is laid beside the goldens either.
        if (received is not null && !store.OnContinuousIntegration)
            foreach (var golden in selection.Goldens.Where(g => store.IsWaitingIn(g.GoldenName, received)))
                store.Bring(golden.GoldenName, received);
        SelectedGolden[] waiting = [.. selection.Goldens.Where(g => store.IsWaiting(g.GoldenName))];
        if (waiting.Length == 0 && !(received is not null && store.OnContinuousIntegration))
            throw new GoldenException(
                $"There is nothing to approve for '{name}': no received file lies in '{received ?? store.Folder}'. Run `speechgan "
                    + $"golden check {name}{(selection.Goldens[0].Scenario is null ? " --run RUN" : "")}{store.Options}` first; it "
                    + $"may be equal already, or somebody else approved it."
            );
        if (store.OnContinuousIntegration)
            throw new GoldenException(
                $"Golden '{name}' is not approved: this is continuous integration (CI is set), and only a person approves a golden. "
                    + $"Approve it on your own machine and commit the files."
            );
        if (!yes && (!Terminal.Out.IsLive || Console.IsInputRedirected))
            throw new UsageException(
                $"This is not a terminal, and an approval is confirmed by a person. Look with `speechgan golden diff "
                    + $"{name}{store.Options}`, then "
                    + $"approve with --yes --reason TEXT."
            );
        return waiting;
    }

    /// <summary>Who sits here: git's user name for the folder, else the system's; null where neither is known.</summary>
    internal static string? Approver(string folder)
    {
        try
        {
            var git = ProcessRunner.Run(folder, ["git", "config", "user.name"]);
            if (git.ExitCode == 0 && git.Output.Trim() is { Length: > 0 } name)
                return name;
        }
        catch (UsageException)
        {
            // git is not on this machine
        }
        return Environment.GetEnvironmentVariable("USER") is { Length: > 0 } user ? user : null;
    }
}
