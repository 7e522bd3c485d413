using SpeechGan.Runs;

namespace SpeechGan.Workflows;

/// <summary>The folder of a run that goes on, with what may change in it.</summary>
internal static class ResumedRun
{
    /// <summary>Opens it.</summary>
    /// <param name="output">Run folder.</param>
    /// <param name="whole">What a preset or file gives; it must be the run's own. Null where neither was given.</param>
    /// <param name="overrides">Knobs that were given.</param>
    /// <param name="surroundings">Where the resumed run trains, for its configuration; null where that cannot be read.</param>
    /// <exception cref="UsageException">The run is complete.</exception>
    public static RunFolder Open(string output, RunConfig? whole, IReadOnlyList<string> overrides, Func<RunConfig?, RunStart> surroundings)
    {
        var before = RunRecord.LoadEpochs(output);
        if (whole is not null && before.Config is { } stored)
            overrides = [.. Fixed(whole, stored), .. overrides];
        var config = before.Config?.With(overrides);
        if (before.Info.Status == RunStatus.Completed && before.Epochs.Count > 0 && config?.Train.Epochs <= before.Epochs.Max(e => e.Epoch))
            throw new UsageException(
                $"The run in '{output}' is complete: all {config.Train.Epochs} epochs are done. Give more with --epochs to train further."
            );
        return RunFolder.Resume(output, surroundings(config), overrides);
    }

    // What a resumed run must keep and a preset or a file sets otherwise: the first of it is refused by name. What may change is changed
    // by an option of its own only, so that a preset does not undo an earlier --epochs.
    private static IEnumerable<string> Fixed(RunConfig whole, RunConfig stored)
    {
        var free = RunConfig.Keys.Where(k => k.FreeOnResume).Select(k => k.Key).ToHashSet();
        return whole.DifferencesTo(stored).Where(d => !free.Contains(d.Key)).Select(d => $"{d.Key}={d.Here}");
    }
}
