using SpeechGan.Bisect;

namespace SpeechGan.Workflows;

/// <summary>What is run in a built worktree, and how it is judged.</summary>
internal interface ITrialRun
{
    /// <summary>All that decides a result beside the commit: results are kept under it.</summary>
    string Key { get; }

    /// <summary>What of the tree can change a result; empty: all of it.</summary>
    IReadOnlyList<string> Paths { get; }

    /// <summary>Runs and judges.</summary>
    TrialResult Run(string worktree, string commit, CancellationToken stop);
}
