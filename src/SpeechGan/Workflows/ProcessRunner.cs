using System.Diagnostics;
using System.Text;
using CliWrap;

namespace SpeechGan.Workflows;

/// <summary>What a child process came to.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number where a signal ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="TimedOut">Whether its time was up and it was killed.</param>
internal sealed record ProcessEnd(int ExitCode, string Output, string Error, bool TimedOut)
{
    /// <summary>The last line it said, for a sentence.</summary>
    public string LastWords =>
        (Error + "\n" + Output).Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.Length > 0) ?? "it said nothing";
}

/// <summary>Runs child processes with a time limit; what is late or not wanted any more is killed with all of its own children.</summary>
internal static class ProcessRunner
{
    // A grandchild that lives on may hold the pipes open.
    private static readonly TimeSpan PipesAfterEnd = TimeSpan.FromSeconds(30);
    private const int Killed = 137;

    /// <summary>Runs one to its end.</summary>
    /// <exception cref="UsageException">There is no such program.</exception>
    /// <exception cref="OperationCanceledException">An end was asked for; the child is dead.</exception>
    public static ProcessEnd Run(
        string folder,
        IReadOnlyList<string> command,
        TimeSpan? limit = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        CancellationToken stop = default
    )
    {
        StringBuilder output = new(),
            error = new();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (limit is { } time)
            ends.CancelAfter(time);
        var pipes = new CancellationTokenSource();
        try
        {
            using var child = CliWrap
                .Cli.Wrap(command[0])
                .WithArguments(command.Skip(1))
                .WithWorkingDirectory(folder)
                .WithValidation(CommandResultValidation.None)
                .WithEnvironmentVariables(environment ?? new Dictionary<string, string?>())
                .WithStandardOutputPipe(To(output, pipes.Token))
                .WithStandardErrorPipe(To(error, pipes.Token))
                .ExecuteAsync(ends.Token);
            _ = EndPipesAsync(child.ProcessId, pipes);
            return new ProcessEnd(child.Task.GetAwaiter().GetResult().ExitCode, output.ToString(), error.ToString(), TimedOut: false);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new UsageException($"'{command[0]}' cannot be started in '{folder}': {(e.InnerException ?? e).Message}.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new ProcessEnd(Killed, output.ToString(), error.ToString(), TimedOut: true);
        }
        finally
        {
            pipes.Cancel();
        }
    }

    // CliWrap reads until the last holder of a pipe is gone.
    private static async Task EndPipesAsync(int child, CancellationTokenSource pipes)
    {
        try
        {
            using var process = Process.GetProcessById(child);
            await process.WaitForExitAsync(pipes.Token);
        }
        catch (Exception e) when (e is ArgumentException or OperationCanceledException)
        {
            // it has ended already
        }
        pipes.CancelAfter(PipesAfterEnd);
    }

    private static PipeTarget To(StringBuilder text, CancellationToken end) =>
        PipeTarget.Create(
            async (pipe, stop) =>
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, end);
                using var reader = new StreamReader(pipe, leaveOpen: true);
                var block = new char[4096];
                try
                {
                    for (int read; (read = await reader.ReadAsync(block, either.Token)) > 0; )
                        text.Append(block, 0, read);
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    // what a grandchild says later is not read
                }
            }
        );
}
