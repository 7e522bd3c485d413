using System.Globalization;
using SpeechGan.Bisect;

namespace SpeechGan.Workflows;

/// <summary>Builds a worktree: SpeechGan by its own tools/set-up, anything else by a given command.</summary>
/// <param name="command">Shell command; null: what the worktree is decides; empty: nothing is built.</param>
/// <param name="limit">Time it may take.</param>
internal sealed class SpeechGanBuild(string? command, TimeSpan limit)
{
    /// <summary>The program in a worktree.</summary>
    public const string Program = "src/SpeechGan/bin/Release/net10.0/SpeechGan.dll";

    /// <summary>Builds.</summary>
    /// <returns>Null, or the result of a commit that cannot be built.</returns>
    public TrialResult? Build(string worktree, CancellationToken stop)
    {
        var isSpeechGan = File.Exists(Path.Combine(worktree, "src/SpeechGan/SpeechGan.csproj"));
        var words =
            command is { Length: > 0 } ? ["sh", "-c", command]
            : command is not null || !isSpeechGan ? null
            : File.Exists(Path.Combine(worktree, "tools/set-up")) ? new[] { "tools/set-up" }
            : ["dotnet", "build", "src/SpeechGan", "-c", "Release", "--nologo", "-v", "quiet", "-p:UseSharedCompilation=false"];
        if (words is null)
            return null;
        if (words[0] == "tools/set-up")
            words[0] = Path.Combine(worktree, words[0]);
        // A build server that lives on would hold the pipes.
        var end = ProcessRunner.Run(worktree, words, limit, new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1" }, stop);
        if (end.TimedOut)
            return TrialResult.Skip(
                string.Create(CultureInfo.InvariantCulture, $"the build took longer than {limit.TotalSeconds} s (--build-limit)"),
                isPassing: true
            );
        if (end.ExitCode != 0)
        {
            var error = (end.Error + end.Output).Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal))?.Trim();
            return TrialResult.Skip($"it does not build: {error ?? end.LastWords}");
        }
        return null;
    }
}
