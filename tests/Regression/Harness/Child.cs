using System.Runtime.InteropServices;
using System.Text;
using CliWrap;

namespace SpeechGan.Tests.Regression.Harness;

/// <summary>The program itself in a process of its own, as a user starts it. What happens in its run folder is watched, so that a test acts
/// on what it sees.</summary>
internal sealed partial class Child : IDisposable
{
    public const int Interrupt = 2; // SIGINT, Ctrl-C
    public const int Terminate = 15; // SIGTERM
    private const int KillAtOnce = 9; // SIGKILL

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10); // not a measure of anything: a test that hangs ends

    private readonly StringBuilder output = new(),
        error = new();
    private readonly CancellationTokenSource unwanted = new();
    private readonly CommandTask<CommandResult> process;
    private readonly FileSystemWatcher? watcher;
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left;

    private Child(CliWrap.Command command, FileSystemWatcher? watcher, int events)
    {
        (this.watcher, left) = (watcher, events);
        process = command
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
            .WithStandardErrorPipe(PipeTarget.Merge(PipeTarget.ToStringBuilder(error), PipeTarget.ToDelegate(_ => said.TrySetResult())))
            .ExecuteAsync(unwanted.Token);
    }

    /// <summary>Starts it.</summary>
    /// <param name="folder">Folder to watch, created if need be; null: none.</param>
    /// <param name="events">File events in it until <see cref="ReachedAsync"/>.</param>
    /// <param name="pattern">Which files' events count; null: all.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Variables to add; an empty one is removed.</param>
    public static Child Start(
        string? folder,
        int events,
        string? pattern,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null
    ) => StartCommand(folder, events, pattern, Program(arguments), environment);

    /// <summary>The words that start the program.</summary>
    public static IEnumerable<string> Program(IEnumerable<string> arguments) =>
        [Host(), Path.Combine(AppContext.BaseDirectory, "SpeechGan.dll"), .. arguments];

    /// <summary>Starts any program, the same way.</summary>
    public static Child StartCommand(
        string? folder,
        int events,
        string? pattern,
        IEnumerable<string> command,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        // A shell's background job ignores Ctrl-C and hands that on; the program is started as on a terminal (coreutils' env, then exec:
        // the same process).
        string[] words = InterruptIsIgnored() ? ["env", "--default-signal=INT", .. command] : [.. command];
        var wrapped = CliWrap
            .Cli.Wrap(words[0])
            .WithWorkingDirectory(Path.GetTempPath())
            .WithArguments(words[1..])
            .WithEnvironmentVariables(
                (environment ?? new Dictionary<string, string>()).ToDictionary(v => v.Key, v => v.Value.Length > 0 ? v.Value : null)
            );
        FileSystemWatcher? watcher = null;
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            if (pattern is not null)
                watcher.Filter = pattern;
        }
        var child = new Child(wrapped, watcher, events);
        if (watcher is not null)
        {
            watcher.Changed += (_, _) => child.Count();
            watcher.Created += (_, _) => child.Count();
            watcher.Deleted += (_, _) => child.Count();
            watcher.Renamed += (_, _) => child.Count();
            watcher.EnableRaisingEvents = true;
        }
        return child;
    }

    /// <summary>Ends when the awaited number of file events was seen (true) or the process is gone before (false).</summary>
    public async Task<bool> ReachedAsync()
    {
        await Task.WhenAny(reached.Task, process.Task).WaitAsync(Patience);
        return !process.Task.IsCompleted;
    }

    /// <summary>Ends when a line came on standard error (true) or the process is gone before (false).</summary>
    public async Task<bool> SaidAsync()
    {
        await Task.WhenAny(said.Task, process.Task).WaitAsync(Patience);
        return said.Task.IsCompleted;
    }

    /// <summary>kill -9 of this process alone.</summary>
    public void Kill() => Send(process.ProcessId, KillAtOnce);

    /// <summary>Sends a signal.</summary>
    public void Signal(int number) => Signal(process.ProcessId, number);

    /// <summary>Sends a signal to any process.</summary>
    public static void Signal(int process, int number) => Send(process, number).Should().Be(0);

    /// <summary>Waits for its end.</summary>
    /// <returns>Exit code, and both outputs with line breaks made blanks: sentences are broken at the width of a page.</returns>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        var end = await process.Task.WaitAsync(Patience);
        return (end.ExitCode, OneLine(output.ToString()), OneLine(error.ToString()));
    }

    public void Dispose()
    {
        watcher?.Dispose();
        unwanted.Cancel();
        process.Task.ContinueWith(_ => { }, TaskScheduler.Default).Wait(Patience);
        process.Dispose();
        unwanted.Dispose();
    }

    private void Count()
    {
        if (Interlocked.Decrement(ref left) == 0)
            reached.SetResult();
    }

    private static bool InterruptIsIgnored() =>
        (
            Convert.ToUInt64(
                File.ReadLines("/proc/self/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal)).Split('\t')[1],
                16
            ) >> (Interrupt - 1)
            & 1
        ) == 1;

    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    private static string Host() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Send(int process, int signal);
}
