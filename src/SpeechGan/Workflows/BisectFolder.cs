using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SpeechGan.Bisect;
using SpeechGan.Runs;

namespace SpeechGan.Workflows;

/// <summary>
/// Where a bisect works: <c>results/</c> is kept, <c>work/ID/</c> holds this bisect's worktrees and goes with it. An owner file names
/// the process; what a killed one left is found and removed by the next bisect.
/// </summary>
internal sealed class BisectFolder : IDisposable
{
    private const string OwnerName = "owner.json";

    // How far the time of a process's start may seem to move where the clock is set.
    private const long ClockSeconds = 5;

    private BisectFolder(string root, string work, int cleaned) => (Root, Work, Cleaned) = (root, work, cleaned);

    /// <summary>The cache.</summary>
    public string Root { get; }

    /// <summary>This bisect's own folder.</summary>
    public string Work { get; }

    /// <summary>How many killed bisects' leftovers were removed.</summary>
    public int Cleaned { get; }

    /// <summary>The results.</summary>
    public TrialCache Results => new(Path.Combine(Root, "results"));

    /// <summary>The default cache: the user's.</summary>
    public static string Default => CacheFolder.Of("bisect");

    /// <summary>Cleans up after the dead and makes a folder of its own.</summary>
    public static BisectFolder Open(GitRepository repository, string? cache)
    {
        var root = Path.GetFullPath(cache ?? Default);
        var all = Directory.CreateDirectory(Path.Combine(root, "work")).FullName;
        var cleaned = 0;
        foreach (var folder in Directory.GetDirectories(all).Where(f => !IsAlive(f)))
        {
            Empty(folder);
            cleaned++;
        }
        using var self = Process.GetCurrentProcess();
        var owner = new Owner(self.Id, Started(self), repository.Root);
        var work = Path.Combine(all, string.Create(CultureInfo.InvariantCulture, $"{owner.Process}-{Guid.NewGuid():N}")[..24]);
        // The owner file is there before the folder has its name: a folder without one is never taken for that of a dead process.
        var fresh = Path.Combine(root, ".tmp-" + Path.GetFileName(work));
        Directory.CreateDirectory(fresh);
        File.WriteAllText(Path.Combine(fresh, OwnerName), JsonSerializer.Serialize(owner, RunJson.Document));
        Directory.Move(fresh, work);
        return new BisectFolder(root, work, cleaned);
    }

    /// <inheritdoc/>
    public void Dispose() => Empty(Work);

    private static void Empty(string folder)
    {
        var repository = OwnerOf(folder)?.Repository ?? "";
        foreach (var worktree in Directory.GetDirectories(folder, "tree-*"))
            GitRepository.RemoveWorktree(repository, worktree);
        Directory.Delete(folder, recursive: true);
    }

    private static bool IsAlive(string folder)
    {
        if (OwnerOf(folder) is not { } owner)
            return false;
        try
        {
            using var process = Process.GetProcessById(owner.Process);
            // Numbers of processes are used again; the time of their start tells. It is told against the clock, which may be set meanwhile.
            return long.TryParse(owner.Started, CultureInfo.InvariantCulture, out var started)
                && Math.Abs(long.Parse(Started(process), CultureInfo.InvariantCulture) - started) <= ClockSeconds;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static Owner? OwnerOf(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<Owner>(File.ReadAllText(Path.Combine(folder, OwnerName)), RunJson.Document);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private static string Started(Process process) =>
        new DateTimeOffset(process.StartTime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private sealed record Owner(int Process, string Started, string Repository);
}
