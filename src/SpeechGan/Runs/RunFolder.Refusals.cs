namespace SpeechGan.Runs;

/// <content>What a run folder cannot be made of, or cannot go on with, each in a sentence.</content>
public sealed partial class RunFolder
{
    private static string FullPath(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw new RunFolderException(
                "The path of the run folder is empty or holds a zero character. Give it with --out.",
                path ?? "",
                RunFolderException.BadUsage
            );

        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    private static void RefuseChanges(string root, RunConfig stored, RunConfig config)
    {
        var fixedKeys = RunConfig.Keys.Where(k => !k.FreeOnResume).Select(k => k.Key).ToHashSet();
        if (config.DifferencesTo(stored).FirstOrDefault(d => fixedKeys.Contains(d.Key)) is { } change)
            throw new RunFolderException(
                $"The run in '{root}' trains with {change.Key}={change.There}; a resumed run cannot change it to {change.Here}. Leave "
                    + "that option out, or start a new run in another folder.",
                root,
                RunFolderException.BadUsage
            );
    }

    private static void RefuseOtherProcesses(string root, int before, int now)
    {
        if (before != now)
            throw new RunFolderException(
                $"The run in '{root}' trains in {before} {(before == 1 ? "process" : "processes")} and cannot resume with {now}: batch "
                    + $"partitioning would change. "
                    + (
                        before == 1
                            ? "Resume it in one process"
                            : $"Resume it with {before}, for example by speechgan launch --processes {before}"
                    )
                    + ", or start a new run in another folder.",
                root,
                RunFolderException.BadUsage
            );
    }

    // The folder, where it is not there yet; its parent must be.
    private static void MakePlace(IRunStorage storage, string root)
    {
        if (storage.FileExists(root))
            throw new RunFolderException(
                $"'{root}' is a file; a run needs a folder. Choose another place with --out.",
                root,
                RunFolderException.BadUsage
            );

        if (!storage.FolderExists(root))
        {
            var parent = Path.GetDirectoryName(root);
            if (parent is not null && !storage.FolderExists(parent))
                throw new RunFolderException(
                    $"Cannot create the run folder '{root}': its parent '{parent}' does not exist. Create it, or correct --out.",
                    root,
                    RunFolderException.BadUsage
                );

            storage.CreateFolder(root);
            storage.SyncFolder(parent ?? root);
        }
    }

    private static void RefuseUsed(IRunStorage storage, string root, string remedy)
    {
        if (storage.FileExists(Path.Combine(root, InfoName)))
            throw new RunFolderException(
                $"There is a run in '{root}' already. {remedy}; it is never overwritten.",
                root,
                RunFolderException.BadUsage
            );

        // What a creation that was killed may have left; anything else belongs to somebody.
        var foreign = storage
            .List(root)
            .FirstOrDefault(n =>
                n is not (RunLock.FileName or RunLock.HolderName or ConfigName or CheckpointsName)
                && !n.StartsWith(RunStorage.TemporaryPrefix, StringComparison.Ordinal)
            );
        if (foreign is not null)
            throw new RunFolderException(
                $"'{root}' is not empty and holds no run ('{foreign}' lies in it). Choose a new or empty folder with --out.",
                root,
                RunFolderException.BadUsage
            );
    }
}
