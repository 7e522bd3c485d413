using System.Diagnostics;

namespace SpeechGan.Cli;

/// <summary>What a child process came to.</summary>
/// <param name="ExitCode">Its exit code; 128 and the signal's number where a signal ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="TimedOut">Whether its time was up and it was killed.</param>
internal sealed record ProcessEnd(int ExitCode, string Output, string Error, bool TimedOut)
{
    /// <summary>The last line it said, for a sentence.</summary>
    public string LastWords => (Error + "\n" + Output).Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.Length > 0) ?? "it said nothing";
}

/// <summary>Runs child processes with a time limit; what is late or not wanted any more is killed with all of its own children.</summary>
internal static class ProcessRunner
{
    // A grandchild that lives on may hold the pipes open.
    private static readonly TimeSpan PipesAfterEnd = TimeSpan.FromSeconds(30);

    /// <summary>Runs one to its end.</summary>
    /// <exception cref="UsageException">There is no such program.</exception>
    /// <exception cref="OperationCanceledException">An end was asked for; the child is dead.</exception>
    public static ProcessEnd Run(string folder, IReadOnlyList<string> command, TimeSpan? limit = null, IReadOnlyDictionary<string, string?>? environment = null, CancellationToken stop = default)
    {
        var start = new ProcessStartInfo(command[0]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var word in command.Skip(1))
            start.ArgumentList.Add(word);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new UsageException($"'{command[0]}' cannot be started in '{folder}': {e.Message}.");
        }
        using (process)
        {
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None), error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
            if (limit is { } time)
                ends.CancelAfter(time);
            var timedOut = false;
            try
            {
                process.WaitForExitAsync(ends.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                stop.ThrowIfCancellationRequested();
                timedOut = true;
            }
            Task.WhenAny(Task.WhenAll(output, error), Task.Delay(PipesAfterEnd, CancellationToken.None)).GetAwaiter().GetResult();
            return new ProcessEnd(process.ExitCode, Text(output), Text(error), timedOut);
        }
    }

    private static string Text(Task<string> read) => read.IsCompletedSuccessfully ? read.Result : "";
}
