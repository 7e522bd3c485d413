using System.Diagnostics;
using System.Globalization;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Container;

/// <summary>
/// A container of the image: read-only, without a network unless one is named, with the rights of whoever tests; gone when disposed. Folders are mounted at
/// their own paths, so that a record is the same inside and outside.
/// </summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);  // not a measure of anything: a test that hangs ends

    private readonly Process process;
    private readonly Task<string> output, error;
    private readonly FileSystemWatcher? watcher;
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left;

    private Node(string name, Process process, FileSystemWatcher? watcher, int events)
    {
        (Name, this.process, this.watcher, left) = (name, process, watcher, events);
        output = process.StandardOutput.ReadToEndAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The container's name.</summary>
    public string Name { get; }

    /// <summary>Starts one.</summary>
    /// <param name="command">The program's words.</param>
    /// <param name="readable">Folders it reads.</param>
    /// <param name="written">A folder it writes, made if need be; null: none.</param>
    /// <param name="steps">Writes to <c>steps.jsonl</c> in that folder until <see cref="ReachedAsync"/>; 0: nothing is awaited.</param>
    /// <param name="options">Further words for docker run.</param>
    public static Node Start(IEnumerable<string> command, IEnumerable<string> readable, string? written = null, int steps = 0, params string[] options)
    {
        var name = $"speechgan-test-{Guid.NewGuid():N}"[..30];
        List<string> words =
        [
            "run", "--name", name, "--label", Docker.Label, "--read-only", "--tmpfs", "/tmp", "--user", Me, "--pids-limit", "512",
            .. options.Contains("--network") ? Array.Empty<string>() : ["--network", "none"], .. options,
            .. readable.SelectMany(f => new[] { "--volume", $"{f}:{f}:ro" }),
        ];
        FileSystemWatcher? watcher = null;
        if (written is not null)
        {
            Directory.CreateDirectory(written);
            words.AddRange(["--volume", $"{written}:{written}"]);
            if (steps > 0)
                watcher = new FileSystemWatcher(written, RunFolder.StepsName) { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size };
        }
        var start = new ProcessStartInfo("docker") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in words.Append(Docker.Image).Concat(command))
            start.ArgumentList.Add(word);
        var node = new Node(name, Process.Start(start)!, watcher, steps);
        if (watcher is not null)
        {
            watcher.Changed += (_, _) => node.Count();
            watcher.EnableRaisingEvents = true;
        }
        return node;
    }

    /// <summary>Ends when the awaited steps were written (true) or the container ended before (false).</summary>
    public async Task<bool> ReachedAsync()
    {
        await Task.WhenAny(reached.Task, process.WaitForExitAsync()).WaitAsync(Patience);
        return !process.HasExited;
    }

    /// <summary>SIGKILL for everything in it.</summary>
    public Task KillAsync() => Docker.AsyncOf("kill", "--signal", "KILL", Name);

    /// <summary>Stops all of its processes where they are.</summary>
    public Task PauseAsync() => Docker.AsyncOf("pause", Name);

    /// <summary>Lets them go on.</summary>
    public Task UnpauseAsync() => Docker.AsyncOf("unpause", Name);

    /// <summary>Docker's word for its state: running, paused, exited.</summary>
    public Task<string> StateAsync() => Docker.AsyncOf("inspect", "--format", "{{.State.Status}}", Name);

    /// <summary>Waits for its end.</summary>
    /// <returns>The program's exit code (137 where it was killed), and both outputs with line breaks made blanks.</returns>
    public async Task<(int Code, string Output, string Error)> EndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, OneLine(await output), OneLine(await error));
    }

    public async ValueTask DisposeAsync()
    {
        watcher?.Dispose();
        await Docker.TryAsync("rm", "--force", "--volumes", Name);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static string Me { get; } = string.Create(CultureInfo.InvariantCulture, $"{Owner("Uid")}:{Owner("Gid")}");

    // What it writes must be removable by whoever tests.
    private static string Owner(string which) => File.ReadLines("/proc/self/status").First(l => l.StartsWith(which + ":", StringComparison.Ordinal)).Split('\t')[2];

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    private void Count()
    {
        if (Interlocked.Decrement(ref left) == 0)
            reached.SetResult();
    }
}
