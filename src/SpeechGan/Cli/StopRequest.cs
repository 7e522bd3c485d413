using System.Runtime.InteropServices;
using SpeechGan.Distributed.Mpi;
using SpeechGan.Workflows;

namespace SpeechGan.Cli;

/// <summary>Ctrl-C or SIGTERM: the first asks for an end in order, the second ends the program at once.</summary>
/// <remarks>What is saved is intact whenever a process ends: files are written aside and renamed.</remarks>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource asked = new();
    private readonly PosixSignalRegistration[] signals;
    private LastResort? end;
    private int times;

    /// <summary>Begins to listen.</summary>
    /// <param name="first">Said at the first request; null: the verb speaks for itself, and sees to the second one too.</param>
    public StopRequest(string? first) =>
        signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    Asked(first);
                }))];

    /// <summary>Cancelled by the first request.</summary>
    public CancellationToken Token => asked.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var signal in signals)
            signal.Dispose();
        end?.Dispose();
        asked.Dispose();
    }

    private void Asked(string? first)
    {
        switch (Interlocked.Increment(ref times))
        {
            case 1:
                if (first is not null)
                    Terminal.Error.Line(first);
                asked.Cancel();
                break;
            case 2 when first is not null:
                end = LastResort.After(TimeSpan.Zero, ExitCode.Interrupted, "Stopped at once, as requested. What was saved is intact.");
                break;
        }
    }
}
