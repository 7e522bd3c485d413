using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SpeechGan.Distributed;

/// <summary>
/// Starts the ranks of a group on this machine with torchrun's variables and sees them to their end: rank 0 speaks for all, the others' words
/// are told with their number, a request to stop goes to all, and when one dies the others end, too.
/// </summary>
/// <param name="command">The program's own command line for every rank.</param>
/// <param name="processes">Ranks.</param>
/// <param name="tell">Where sentences and the other ranks' words go.</param>
public sealed partial class Launcher(IReadOnlyList<string> command, int processes, Action<string> tell)
{
    private const int Terminate = 15, Lost = 3, Interrupted = 130, SignalBase = 128;

    // Ranks notice at once that a connection has closed, and write their status; who is paused, or deep in something else, is not waited for.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    private readonly List<int> codes = [];  // of those that failed, in the order of their ends

    /// <summary>Runs the group.</summary>
    /// <param name="stop">Asks all ranks to stop; they make a checkpoint.</param>
    /// <returns>0 where all ranks gave 0; 130 where they stopped on request; else the code of the rank that failed first.</returns>
    public int Run(CancellationToken stop)
    {
        var port = FreePort();
        var ranks = new List<Process>();
        try
        {
            for (var rank = 0; rank < processes; rank++)
                ranks.Add(Start(rank, port));
            using var forward = stop.Register(() => ranks.ForEach(r => Send(r, Terminate)));
            return Await(ranks, stop);
        }
        finally
        {
            foreach (var rank in ranks)
            {
                if (!rank.HasExited)
                    rank.Kill();
                rank.Dispose();
            }
        }
    }

    private int Await(List<Process> ranks, CancellationToken stop)
    {
        var ends = ranks.Select((r, i) => (Rank: i, End: r.WaitForExitAsync(CancellationToken.None))).ToList();
        DateTime? deadline = null;
        while (ends.Count > 0)
        {
            var left = deadline is { } d ? d - DateTime.UtcNow : Timeout.InfiniteTimeSpan;
            var at = deadline is not null && left <= TimeSpan.Zero ? -1 : Task.WaitAny([.. ends.Select(e => e.End)], left);
            if (at < 0)
            {
                foreach (var (rank, _) in ends)
                {
                    tell($"speechgan: rank {rank} did not end within {Grace.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s after another had, and was killed.");
                    ranks[rank].Kill();
                }
                Task.WaitAll([.. ends.Select(e => e.End)], CancellationToken.None);
                break;
            }
            var ended = ends[at].Rank;
            ends.RemoveAt(at);
            var code = ranks[ended].ExitCode;
            if (code == 0)
                continue;
            if (codes.Count == 0 && !(stop.IsCancellationRequested && code == Interrupted))
                tell($"speechgan: rank {ended} of {processes} {InWords(code)}{(ends.Count > 0 ? "; the others end, too" : "")}.");
            codes.Add(code);
            // A group that stops on request may need its time for the checkpoint.
            if (code != Interrupted)
                deadline ??= DateTime.UtcNow + Grace;
        }
        // Code 3 is that of a rank that lost the others: the cause is another one's, where there is one.
        return codes.FirstOrDefault(c => c is not (Lost or Interrupted), codes.FirstOrDefault(c => c == Lost, codes.FirstOrDefault()));
    }

    private Process Start(int rank, int port)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = rank > 0, RedirectStandardError = rank > 0 };
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
            start.ArgumentList.Add(typeof(Launcher).Assembly.Location);
        foreach (var word in command)
            start.ArgumentList.Add(word);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("TORCHELASTIC_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in new (string, object)[]
        {
            ("RANK", rank), ("LOCAL_RANK", rank), ("WORLD_SIZE", processes), ("LOCAL_WORLD_SIZE", processes), ("MASTER_ADDR", "127.0.0.1"), ("MASTER_PORT", port),
        })
            start.Environment[name] = Convert.ToString(value, CultureInfo.InvariantCulture);
        var process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        if (rank > 0)
        {
            void Forward(string? line)
            {
                var label = $"rank {rank}: ";
                if (line is { Length: > 0 })
                    tell(line.StartsWith(label, StringComparison.Ordinal) ? line : label + line);
            }

            process.OutputDataReceived += (_, e) => Forward(e.Data);
            process.ErrorDataReceived += (_, e) => Forward(e.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }
        return process;
    }

    private static string InWords(int code) => code switch
    {
        SignalBase + 9 => "was ended by signal 9 (SIGKILL; the kernel sends it, too, when memory runs out)",
        > SignalBase and < SignalBase + 65 and not Interrupted => $"was ended by signal {code - SignalBase}",
        Interrupted => "stopped on request",
        _ => $"ended with exit code {code}",
    };

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static void Send(Process process, int signal)
    {
        if (process.HasExited)
            return;
        if (OperatingSystem.IsWindows())
            process.Kill();
        else
            _ = Signal(process.Id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);
}
