using System.Globalization;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Images;
using SpeechGan.Runs;

namespace SpeechGan.Tests.Regression.Containers;

/// <summary>
/// A container of the image: read-only, without a network, with the rights of whoever tests; gone when disposed. Folders are mounted at
/// their own paths, so that a record is the same inside and outside.
/// </summary>
internal sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10); // not a measure of anything: a test that hangs ends

    private readonly IContainer container;
    private readonly FileSystemWatcher? watcher;
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<long>? end;
    private int left;

    private Node(IContainer container, FileSystemWatcher? watcher, int events) =>
        (this.container, this.watcher, left) = (container, watcher, events);

    /// <summary>The container's own name for itself.</summary>
    public string Id => container.Id;

    private Task<long> End => end ??= container.GetExitCodeAsync();

    /// <summary>Starts one.</summary>
    /// <param name="command">The program's words.</param>
    /// <param name="readable">Folders it reads.</param>
    /// <param name="written">A folder it writes, made if need be; null: none.</param>
    /// <param name="steps">Writes to <c>steps.jsonl</c> in that folder until <see cref="ReachedAsync"/>; 0: nothing is awaited.</param>
    /// <param name="entrypoint">Another program of the image.</param>
    /// <param name="change">What else is asked of the engine.</param>
    public static async Task<Node> StartAsync(
        IEnumerable<string> command,
        IEnumerable<string> readable,
        string? written = null,
        int steps = 0,
        string? entrypoint = null,
        Action<CreateContainerParameters>? change = null
    )
    {
        var builder = new ContainerBuilder(Engine.Image)
            .WithImagePullPolicy(PullPolicy.Never)
            .WithLabel(Engine.Label.Key, Engine.Label.Value)
            .WithTmpfsMount("/tmp")
            .WithCommand([.. command])
            .WithWaitStrategy(Wait.ForUnixContainer())
            .WithCreateParameterModifier(p =>
            {
                p.User = Me;
                p.HostConfig!.ReadonlyRootfs = true;
                p.HostConfig.NetworkMode = "none";
                p.HostConfig.PidsLimit = 512;
                change?.Invoke(p);
            });
        if (entrypoint is not null)
            builder = builder.WithEntrypoint(entrypoint);
        foreach (var folder in readable)
            builder = builder.WithBindMount(folder, folder, AccessMode.ReadOnly);
        FileSystemWatcher? watcher = null;
        if (written is not null)
        {
            Directory.CreateDirectory(written);
            builder = builder.WithBindMount(written, written, AccessMode.ReadWrite);
            if (steps > 0)
                watcher = new FileSystemWatcher(written, RunFolder.StepsName)
                {
                    NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size,
                };
        }
        var node = new Node(builder.Build(), watcher, steps);
        if (watcher is not null)
        {
            watcher.Changed += (_, _) => node.Count();
            watcher.EnableRaisingEvents = true;
        }
        try
        {
            await node.container.StartAsync();
        }
        catch (ContainerNotRunningException)
        {
            // It was quick; its end is there to be looked at.
        }
        return node;
    }

    /// <summary>Ends when the awaited steps were written (true) or the container ended before (false).</summary>
    public async Task<bool> ReachedAsync()
    {
        await Task.WhenAny(reached.Task, End).WaitAsync(Patience);
        return !End.IsCompleted;
    }

    /// <summary>SIGKILL for everything in it.</summary>
    public Task KillAsync() => Engine.Client.Containers.KillContainerAsync(Id, new ContainerKillParameters { Signal = "KILL" });

    /// <summary>Stops all of its processes where they are.</summary>
    public Task PauseAsync() => container.PauseAsync();

    /// <summary>Lets them go on.</summary>
    public Task UnpauseAsync() => container.UnpauseAsync();

    /// <summary>Docker's word for its state: running, paused, exited.</summary>
    public async Task<string> StateAsync() => (await Engine.Client.Containers.InspectContainerAsync(Id)).State?.Status ?? "unknown";

    /// <summary>Waits for its end.</summary>
    /// <returns>The program's exit code (137 where it was killed), and both outputs with line breaks made blanks.</returns>
    public async Task<(long Code, string Output, string Error)> EndAsync()
    {
        var code = await End.WaitAsync(Patience);
        var (output, error) = await container.GetLogsAsync();
        return (code, OneLine(output), OneLine(error));
    }

    public async ValueTask DisposeAsync()
    {
        watcher?.Dispose();
        await container.DisposeAsync();
    }

    private static string Me { get; } = string.Create(CultureInfo.InvariantCulture, $"{Rights("Uid")}:{Rights("Gid")}");

    // What it writes must be removable by whoever tests.
    private static string Rights(string which) =>
        File.ReadLines("/proc/self/status").First(l => l.StartsWith(which + ":", StringComparison.Ordinal)).Split('\t')[2];

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    private void Count()
    {
        if (Interlocked.Decrement(ref left) == 0)
            reached.SetResult();
    }
}
