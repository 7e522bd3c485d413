using System.Globalization;
using SpeechGan.Regression.Bisect;

namespace SpeechGan.Cli.Bisects;

/// <summary>
/// Builds a worktree: SpeechGan by its own tools/set-up, anything else by a given command. The native part takes longest and seldom changes: where its
/// sources' tree is one that was built before, its libraries are laid into the worktree, newer than their sources, so that only C# is compiled.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="cache">Cache folder.</param>
/// <param name="command">Shell command; null: what the worktree is decides; empty: nothing is built.</param>
/// <param name="limit">Time it may take.</param>
internal sealed class SpeechGanBuild(GitRepository repository, string cache, string? command, TimeSpan limit)
{
    /// <summary>The program in a worktree.</summary>
    public const string Program = "src/SpeechGan/bin/Release/net10.0/SpeechGan.dll";

    private const string Native = "src/TorchSharp.System/native";
    private const string NativeResults = "src/TorchSharp.System/obj/native";

    /// <summary>Builds.</summary>
    /// <returns>Null, or the result of a commit that cannot be built.</returns>
    public TrialResult? Build(string worktree, string commit, CancellationToken stop)
    {
        var isSpeechGan = File.Exists(Path.Combine(worktree, "src/SpeechGan/SpeechGan.csproj"));
        var words = command is { Length: > 0 } ? ["sh", "-c", command]
            : command is not null || !isSpeechGan ? null
            : File.Exists(Path.Combine(worktree, "tools/set-up")) ? new[] { "tools/set-up" }
            : ["dotnet", "build", "src/SpeechGan", "-c", "Release", "--nologo", "-v", "quiet", "-p:UseSharedCompilation=false"];
        if (words is null)
            return null;
        if (words[0] == "tools/set-up")
            words[0] = Path.Combine(worktree, words[0]);
        if (isSpeechGan)
            LayNative(worktree, commit);
        // A build server that lives on would hold the pipes.
        var end = ProcessRunner.Run(worktree, words, limit, new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1" }, stop);
        if (end.TimedOut)
            return TrialResult.Skip(string.Create(CultureInfo.InvariantCulture, $"the build took longer than {limit.TotalSeconds} s (--build-limit)"), isPassing: true);
        if (end.ExitCode != 0)
            return TrialResult.Skip($"it does not build: {(end.Error + end.Output).Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal))?.Trim() ?? end.LastWords}");
        if (isSpeechGan)
            KeepNative(worktree, commit);
        return null;
    }

    private string? Kept(string commit) => repository.Tree(commit, Native) is { } tree
        ? Path.Combine(cache, "native", $"{tree}-{Engine.EngineInfo.Libtorch}-{Environment.GetEnvironmentVariable("TORCH_HOME")?.Replace('/', '_')}") : null;

    private void LayNative(string worktree, string commit)
    {
        if (Kept(commit) is not { } kept)
            return;
        var from = Directory.Exists(kept) ? kept : OwnResults(commit);
        if (from is null)
            return;
        foreach (var file in Directory.GetFiles(from, "*.so", SearchOption.AllDirectories))
        {
            var to = Path.Combine(worktree, NativeResults, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
            File.SetLastWriteTimeUtc(to, DateTime.UtcNow);
        }
    }

    // The checkout's own libraries serve where they are newer than its sources and those are the commit's.
    private string? OwnResults(string commit)
    {
        string results = Path.Combine(repository.Root, NativeResults), sources = Path.Combine(repository.Root, Native);
        if (!Directory.Exists(results) || repository.Tree(commit, Native) != repository.Tree("HEAD", Native)
            || ProcessRunner.Run(repository.Root, ["git", "status", "--porcelain", "--", Native]).Output.Length > 0)
            return null;
        string[] built = Directory.GetFiles(results, "*.so", SearchOption.AllDirectories);
        return built.Length > 0 && built.Min(File.GetLastWriteTimeUtc) > Directory.GetFiles(sources, "*", SearchOption.AllDirectories).Max(File.GetLastWriteTimeUtc) ? results : null;
    }

    private void KeepNative(string worktree, string commit)
    {
        var results = Path.Combine(worktree, NativeResults);
        if (Kept(commit) is not { } kept || Directory.Exists(kept) || !Directory.Exists(results))
            return;
        var fresh = kept + ".tmp-" + Guid.NewGuid().ToString("N")[..8];
        foreach (var file in Directory.GetFiles(results, "*.so", SearchOption.AllDirectories))
        {
            var to = Path.Combine(fresh, Path.GetRelativePath(results, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        if (Directory.Exists(fresh) && !Directory.Exists(kept))
            Directory.Move(fresh, kept);
    }
}
