using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SpeechGan.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace SpeechGan.Engine;

/// <summary>Process groups of libtorch's c10d: Gloo for the CPU, NCCL for CUDA devices.</summary>
public static class ProcessGroups
{
    /// <summary>What is here to make groups of, in words; null where there is nothing.</summary>
    public static string? Backends => string.Join(" and ", new[] { "gloo", "nccl" }.Where(ProcessGroup.Has)) is { Length: > 0 } found ? found : null;

    /// <summary>Joins a group; returns when all ranks have.</summary>
    /// <param name="place">Which place in which group.</param>
    /// <param name="device">This rank's device: Gloo on the CPU, NCCL on CUDA.</param>
    /// <param name="timeout">Deadline of joining and of every collective.</param>
    /// <exception cref="GroupException">This build cannot, or the others did not come.</exception>
    public static IProcessGroup Join(RankEnvironment place, string device, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(device);
        var backend = device.StartsWith("cuda", StringComparison.Ordinal) ? "nccl" : "gloo";
        if (!ProcessGroup.Has(backend))
            throw new GroupException(Missing(backend), place.Rank);
        try
        {
            // torchrun's agent serves the meeting point itself and gives each restart a prefix of its own; PyTorch's workers use the same.
            var prefix = place.AgentServes ? string.Create(CultureInfo.InvariantCulture, $"/worker/attempt_{place.Restart}") : "speechgan";
            var group = ProcessGroup.Join(backend, place.Address, place.Port, place is { Rank: 0, AgentServes: false }, prefix, place.Rank, place.Size, timeout);
            return new Member(group, place.Rank, place.Size, TorchSharp.torch.device(backend == "nccl" ? device : "cpu"), timeout);
        }
        catch (ExternalException e)
        {
            throw new GroupException(
                $"Rank {place.Rank} of {place.Size} could not join its group at {place.Address}:{place.Port} within {Seconds(timeout)}: {FirstLine(e)} " +
                "All ranks must be started, with the same MASTER_ADDR and MASTER_PORT; on rank 0's machine the port must be free and open to the others." +
                (place.AgentServes ? " torchrun serves the port here: it must be of the same version as this libtorch." : ""),
                place.Rank, e);
        }
    }

    private static string Missing(string backend) => backend == "nccl"
        ? "This libtorch has no NCCL, or its headers were not there when the engine was built: several processes cannot train on GPUs. Install a CUDA build of libtorch with NCCL's headers and build again, or train on the CPU, or unset RANK and WORLD_SIZE."
        : "The engine was built without Gloo: several processes cannot train together. Install libgloo-dev beside libtorch-dev (tools/set-up does, then builds again), or unset RANK and WORLD_SIZE to train in one process.";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static string FirstLine(Exception e) => e.Message.Split('\n')[0].Trim().TrimEnd('.', '!') + ".";

    private sealed class Member(ProcessGroup group, int rank, int size, Device device, TimeSpan timeout) : IProcessGroup
    {
        // Most messages of a step fit into one slot: one collective; a longer one costs a second.
        private const int Slot = 2048;

        private bool broken;
        private string doing = "joining";

        public int Rank => rank;

        public int Size => size;

        public GroupTally Tally { get; private set; } = new();

        public TimeSpan Deadline
        {
            set => group.Timeout = timeout = value;
        }

        public string Doing { set => doing = value; }

        public void Sum(Tensor values) => Collective("a sum", t => t with { ReducedBytes = t.ReducedBytes + Bytes(values) }, () => group.AllReduce(values));

        // The backward pass sums as many bytes again.
        public Tensor SumWithGradient(Tensor values)
        {
            Tensor? sum = null;
            Collective("a sum", t => t with { ReducedBytes = t.ReducedBytes + (2 * Bytes(values)) }, () => sum = group.AllReduceWithGradient(values));
            return sum!;
        }

        public T Pass<T>(Func<T> work)
        {
            var clock = Stopwatch.StartNew();
            try
            {
                return work();
            }
            catch (ExternalException e) when (!broken && group.IsLost)
            {
                broken = true;
                throw Lost("a sum in a backward pass", e, clock.Elapsed);
            }
        }

        public void Broadcast(Tensor values) => Collective("a broadcast of rank 0", t => t with { SharedBytes = t.SharedBytes + (rank == 0 ? Bytes(values) : 0) }, () =>
        {
            using var scope = NewDisposeScope();
            var there = values.to(device);
            group.Broadcast(there, 0);
            if (there.device_type != values.device_type)
                values.copy_(there);
        });

        public byte[][] Gather(ReadOnlySpan<byte> mine)
        {
            var first = new byte[Slot];
            BitConverter.TryWriteBytes(first, mine.Length);
            mine[..Math.Min(mine.Length, Slot - sizeof(int))].CopyTo(first.AsSpan(sizeof(int)));
            var slots = GatherEqual(first);
            var lengths = slots.Select(s => BitConverter.ToInt32(s)).ToArray();
            var longest = lengths.Max();
            if (longest <= Slot - sizeof(int))
                return [.. slots.Select((s, i) => s.AsSpan(sizeof(int), lengths[i]).ToArray())];
            var whole = new byte[longest];
            mine.CopyTo(whole);
            return [.. GatherEqual(whole).Select((s, i) => s[..lengths[i]])];
        }

        // A broken group is left to the end of the process, which is near: its connections may still be busy.
        public void Dispose()
        {
            if (!broken)
                group.Dispose();
        }

        private byte[][] GatherEqual(byte[] mine)
        {
            using var scope = NewDisposeScope();
            var here = empty([mine.Length], ScalarType.Byte);
            mine.CopyTo(here.bytes);
            var all = empty([size, mine.Length], ScalarType.Byte, device);
            Collective("an exchange", t => t with { SharedBytes = t.SharedBytes + mine.Length }, () => group.AllGather(here.to(device), all));
            var bytes = all.cpu().bytes.ToArray();
            return [.. Enumerable.Range(0, size).Select(r => bytes[(r * mine.Length)..((r + 1) * mine.Length)])];
        }

        private void Collective(string what, Func<GroupTally, GroupTally> count, Action run)
        {
            var clock = Stopwatch.StartNew();
            try
            {
                run();
            }
            catch (ExternalException e)
            {
                broken = true;
                throw Lost(what, e, clock.Elapsed);
            }
            Tally = count(Tally) with { Calls = Tally.Calls + 1, Seconds = Tally.Seconds + clock.Elapsed.TotalSeconds };
        }

        private GroupException Lost(string what, ExternalException e, TimeSpan waited)
        {
            var why = e.Message.Contains("imed out", StringComparison.Ordinal) || e.Message.Contains("timeout", StringComparison.OrdinalIgnoreCase)
                ? $"the others did not answer within {Seconds(timeout)} (train.collectiveTimeoutSeconds)"
                : "a connection was closed";
            return new GroupException(
                $"Rank {rank} of {size} lost its group in {doing}, at {what}, after {Seconds(waited)}: {why}. Another process was killed, is paused or cannot be reached. " +
                $"What was saved is intact: start all ranks again with --resume. (The engine's words: {FirstLine(e)})",
                rank, e);
        }

        private static long Bytes(Tensor t) => t.NumberOfElements * t.ElementSize;
    }
}
