using SpeechGan.Workflows;

namespace SpeechGan.Tests.Regression.Harness;

/// <summary>Two network namespaces with names of their own and a cable between them: to Open MPI two hosts. Gone when disposed.</summary>
internal sealed class TwoHosts : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string first,
        second,
        agent;

    private TwoHosts(string suffix, string agent)
    {
        (first, second) = ($"sg{suffix}a", $"sg{suffix}b");
        this.agent = agent;
    }

    /// <summary>Makes them, or skips the test with the reason.</summary>
    public static TwoHosts Make()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Assert.Ignore("network namespaces need root on Linux");
        if (Try("ip -V") is { } none)
            Assert.Ignore($"network namespaces need the command ip (Debian: iproute2): {none}");
        var suffix = (Environment.ProcessId % 10_000).ToString();
        var agent = Path.Combine(Path.GetTempPath(), $"speechgan-agent-{suffix}");
        // What mpirun would call ssh for. The daemon behind a cut lives on for many minutes: it must not hold the test's pipes.
        File.WriteAllText(
            agent,
            "#!/bin/sh\nhost=$1\nshift\nexec ip netns exec \"$host\" unshare --uts sh -c \"hostname $host; $*\" </dev/null >/dev/null "
                + "2>&1\n"
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(agent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var hosts = new TwoHosts(suffix, agent);
        foreach (
            var step in new[]
            {
                $"ip netns add {hosts.first}",
                $"ip netns add {hosts.second}",
                $"ip link add va netns {hosts.first} type veth peer name vb netns {hosts.second}",
                $"ip -n {hosts.first} addr add 10.77.0.1/24 dev va",
                $"ip -n {hosts.second} addr add 10.77.0.2/24 dev vb",
                $"ip -n {hosts.first} link set lo up",
                $"ip -n {hosts.second} link set lo up",
                $"ip -n {hosts.first} link set va up",
                $"ip -n {hosts.second} link set vb up",
            }
        )
        {
            if (Try(step) is not { } trouble)
                continue;
            hosts.Dispose();
            Assert.Ignore($"network namespaces cannot be made here: {trouble}");
        }
        return hosts;
    }

    /// <summary>mpirun on the first host, with a rank on each.</summary>
    public IEnumerable<string> Command(Mpi mpi, IEnumerable<string> words)
    {
        // A daemon that cannot be reached is given up after some seconds, not after Open MPI's seven minutes.
        string[] options = ["--allow-run-as-root", "--quiet", "--host", $"{first}:1,{second}:1", "--bind-to", "none", "-n", "2"];
        string[] settings =
        [
            "plm=rsh",
            $"plm_rsh_agent={agent}",
            "btl=tcp,self",
            "pml=ob1",
            "btl_tcp_if_include=10.77.0.0/24",
            "oob_tcp_if_include=10.77.0.0/24",
            "oob_tcp_keepalive_time=4",
            "oob_tcp_keepalive_intvl=2",
            "oob_tcp_keepalive_probes=2",
        ];
        return
        [
            "ip",
            "netns",
            "exec",
            first,
            "unshare",
            "--uts",
            "sh",
            "-c",
            "hostname \"$0\"; exec \"$@\"",
            first,
            mpi.Program,
            .. options,
            .. settings.SelectMany(s => new[] { "--mca" }.Concat(s.Split('=', 2))),
            .. Child.Program(words),
        ];
    }

    /// <summary>Takes the cable off the second host.</summary>
    public void Cut() => Require($"ip -n {second} link set vb down");

    /// <summary>Puts it back.</summary>
    public void Mend() => Require($"ip -n {second} link set vb up");

    /// <summary>Waits until no process works on a run any more: the rank behind the cut ends by its own deadline.</summary>
    public static async Task RanksAreGoneAsync(string run)
    {
        foreach (var process in Mpi.ProcessesOf(run))
            await process.WaitForExitAsync().WaitAsync(Patience);
    }

    public void Dispose()
    {
        foreach (var host in new[] { first, second })
            if (ProcessRunner.Run(Path.GetTempPath(), ["ip", "netns", "pids", host]) is { ExitCode: 0 } end)
                foreach (var process in end.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    Child.Signal(int.Parse(process, System.Globalization.CultureInfo.InvariantCulture), 9);
        Try($"ip netns del {first}");
        Try($"ip netns del {second}");
        File.Delete(agent);
    }

    private static void Require(string command) => Try(command).Should().BeNull();

    private static string? Try(string command)
    {
        try
        {
            var end = ProcessRunner.Run(Path.GetTempPath(), command.Split(' '));
            return end.ExitCode == 0 ? null : $"{command}: {end.LastWords}";
        }
        catch (UsageException e)
        {
            return e.Message;
        }
    }
}
