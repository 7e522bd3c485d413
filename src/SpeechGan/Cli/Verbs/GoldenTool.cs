using DiffEngine;
using SpeechGan.Goldens;
using SpeechGan.Workflows;

namespace SpeechGan.Cli.Verbs;

/// <summary>`golden diff --tool`: the person's own diff tool on the received file and the approved one.</summary>
internal static class GoldenTool
{
    /// <summary>Opens it, and does not wait for its end.</summary>
    /// <exception cref="UsageException">This is continuous integration, or there is no approved file.</exception>
    /// <exception cref="EnvironmentException">There is no screen or no tool.</exception>
    public static int Run(GoldenSelection selection)
    {
        var (store, name, _) = selection;
        if (store.OnContinuousIntegration || BuildServerDetector.Detected)
            throw new UsageException(
                $"No diff tool is opened on continuous integration. `speechgan golden diff {name}{store.Options}` draws the "
                    + $"difference as text."
            );
        if (!HasScreen())
            throw new EnvironmentException(
                $"No tool is opened where there is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set). `speechgan golden diff "
                    + $"{name}{store.Options}` draws the difference as text."
            );
        SelectedGolden[] waiting = [.. selection.Goldens.Where(g => store.IsWaiting(g.GoldenName))];
        if (waiting.Length == 0)
        {
            Terminal.Out.Line(GoldenDiff.Nothing(selection));
            return ExitCode.Good;
        }
        foreach (var golden in waiting)
            Open(store, golden.GoldenName);
        return ExitCode.CheckFailed;
    }

    private static void Open(GoldenStore store, string golden)
    {
        if (!store.IsApproved(golden))
            throw new UsageException(
                $"'{golden}' would be the first of its name: there is no approved file beside the received one. Look at "
                    + $"'{store.ReceivedPath(golden)}'."
            );
        if (Find() is not { } tool)
            throw new EnvironmentException(
                "No diff tool is found on this machine. Install one that DiffEngine knows (Meld, KDiff3, Beyond Compare, Visual Studio "
                    + "Code, ...), or put it into PATH; DiffEngine_ToolOrder names the one you prefer."
            );
        var (verified, received) = (store.VerifiedPath(golden), store.ReceivedPath(golden));
        switch (DiffRunner.Launch(tool, received, verified))
        {
            case LaunchResult.StartedNewInstance or LaunchResult.AlreadyRunningAndSupportsRefresh:
                Terminal.Out.Line(
                    $"Opened {tool.Name}: '{received}' against '{verified}'. Approve with `speechgan golden approve "
                        + $"{golden}{store.Options}` and "
                        + $"nowhere else: a file changed by hand is unsound."
                );
                return;
            case LaunchResult.Disabled:
                throw new EnvironmentException(
                    "No tool is opened: DiffEngine_Disabled is set, or DiffEngine takes this for a session without a person."
                );
            case var result:
                throw new EnvironmentException(
                    $"{tool.Name} was not opened ({result}). Close other windows of it, or compare '{received}' with '{verified}' yourself."
                );
        }
    }

    private static ResolvedTool? Find()
    {
        try
        {
            return DiffTools.TryFindForText(out var tool) ? tool : null;
        }
        catch (TypeInitializationException e) when (Environment.GetEnvironmentVariable("DiffEngine_ToolOrder") is { } order)
        {
            throw new UsageException(
                $"DiffEngine_ToolOrder is '{order}', and no tool is opened: {(e.InnerException ?? e).Message.TrimEnd('.')}. Correct "
                    + $"it, or unset it."
            );
        }
    }

    private static bool HasScreen() =>
        !OperatingSystem.IsLinux()
        || new[] { "DISPLAY", "WAYLAND_DISPLAY" }.Any(v => Environment.GetEnvironmentVariable(v) is { Length: > 0 });
}
