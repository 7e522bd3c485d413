using System.Diagnostics;
using SpeechGan.Distributed;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Regression.Distributed;

/// <summary>
/// A group whose ranks are threads of this process. In every round each rank lays down a copy of what it gives, waits until all have, and
/// works out its result itself, in the order of the ranks. Who waits sees a rank that left, and gives up at the deadline.
/// </summary>
internal sealed class ThreadTransport : ITransport
{
    // Three streams of rounds that have no order among each other.
    private readonly Meeting meeting,
        begun,
        end;
    private long round,
        begunRound,
        endRound;

    private ThreadTransport(Meeting meeting, Meeting begun, Meeting end, int rank) =>
        (this.meeting, this.begun, this.end, Rank) = (meeting, begun, end, rank);

    public int Rank { get; }

    public int Size => meeting.Size;

    /// <summary>The ranks of a group, to be used by one thread each.</summary>
    public static ThreadTransport[] Group(int size)
    {
        Meeting meeting = new(size),
            begun = new(size),
            end = new(size);
        return [.. Enumerable.Range(0, size).Select(rank => new ThreadTransport(meeting, begun, end, rank))];
    }

    public void Sum(Tensor values, TimeSpan deadline)
    {
        // Copies in ordinary memory: a tensor of one rank is never touched by another's thread.
        Add(Exchange(values.bytes.ToArray(), deadline), values);
    }

    public IPendingSum BeginSum(Tensor values)
    {
        var number = begunRound++;
        begun.Give(number, Rank, values.bytes.ToArray());
        return new Begun(this, number, values);
    }

    public void Broadcast(Tensor values, TimeSpan deadline) => Exchange(values.bytes.ToArray(), deadline)[0].CopyTo(values.bytes);

    public byte[][] Gather(ReadOnlySpan<byte> mine, TimeSpan deadline) => [.. Exchange(mine.ToArray(), deadline).Select(b => b.ToArray())];

    public byte[][] GatherAtEnd(ReadOnlySpan<byte> mine, TimeSpan deadline) =>
        [.. end.Exchange(endRound++, Rank, mine.ToArray(), deadline).Select(b => b.ToArray())];

    public void Abort(int code) => Dispose();

    public void Dispose()
    {
        foreach (var stream in new[] { meeting, begun, end })
            stream.Leave(Rank);
    }

    private static void Add(byte[][] all, Tensor values)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        all[0].CopyTo(values.bytes);
        foreach (var bytes in all.Skip(1))
        {
            var part = empty_like(values);
            bytes.CopyTo(part.bytes);
            values.add_(part);
        }
    }

    private byte[][] Exchange(byte[] mine, TimeSpan deadline) => meeting.Exchange(round++, Rank, mine, deadline);

    private sealed class Begun(ThreadTransport transport, long number, Tensor values) : IPendingSum
    {
        public bool IsDone { get; private set; }

        public void Wait(TimeSpan deadline)
        {
            if (IsDone)
                return;
            Add(transport.begun.Take(number, deadline), values);
            IsDone = true;
        }
    }

    private sealed class Meeting(int size)
    {
        private readonly Dictionary<long, Round> rounds = [];
        private readonly HashSet<int> gone = [];
        private readonly object gate = new();

        public int Size => size;

        public byte[][] Exchange(long number, int rank, byte[] mine, TimeSpan deadline)
        {
            Give(number, rank, mine);
            return Take(number, deadline);
        }

        public void Give(long number, int rank, byte[] mine)
        {
            lock (gate)
            {
                if (!rounds.TryGetValue(number, out var round))
                    rounds[number] = round = new Round(new byte[]?[size]);
                round.Given[rank] = mine;
                Monitor.PulseAll(gate);
            }
        }

        public byte[][] Take(long number, TimeSpan deadline)
        {
            var clock = Stopwatch.StartNew();
            lock (gate)
            {
                var round = rounds[number];
                while (round.Given.Any(g => g is null))
                {
                    if (gone.Where(r => round.Given[r] is null).Order().Cast<int?>().FirstOrDefault() is { } absent)
                        throw new IOException($"rank {absent} has left");
                    var left = deadline - clock.Elapsed;
                    if (left <= TimeSpan.Zero || !Monitor.Wait(gate, left))
                        throw new TimeoutException();
                }
                if (++round.Taken == size)
                    rounds.Remove(number);
                return round.Given!;
            }
        }

        public void Leave(int rank)
        {
            lock (gate)
            {
                gone.Add(rank);
                Monitor.PulseAll(gate);
            }
        }

        private sealed record Round(byte[]?[] Given)
        {
            public int Taken { get; set; }
        }
    }
}
