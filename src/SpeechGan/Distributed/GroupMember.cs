using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using static TorchSharp.torch;

namespace SpeechGan.Distributed;

/// <summary>
/// A rank of a group over any transport: counts what is moved, keeps the deadline, and ends every collective after the first that failed
/// with that one's sentence, those inside a backward pass included.
/// </summary>
/// <param name="transport">Moves the bytes; disposed with this.</param>
/// <param name="timeout">Deadline of a collective until <see cref="Deadline"/> is set.</param>
internal sealed class GroupMember(ITransport transport, TimeSpan timeout) : IProcessGroup
{
    private const string WhatIsBegun = "a sum beside a backward pass";

    private Exception? fault; // the first: no collective is begun after it
    private string doing = "joining";

    /// <inheritdoc/>
    public int Rank => transport.Rank;

    /// <inheritdoc/>
    public int Size => transport.Size;

    /// <inheritdoc/>
    public GroupTally Tally { get; private set; } = new();

    /// <inheritdoc/>
    public TimeSpan Deadline
    {
        get => timeout;
        set => timeout = value;
    }

    /// <inheritdoc/>
    public string Doing
    {
        set => doing = value;
    }

    /// <inheritdoc/>
    public void Sum(Tensor values) => Sum(values, "a sum");

    /// <inheritdoc/>
    public IPendingSum BeginSum(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        IPendingSum sum = null!;
        Collective(WhatIsBegun, reduced: Bytes(values), run: () => sum = transport.BeginSum(values));
        return new BegunSum(this, sum);
    }

    /// <inheritdoc/>
    public Tensor SumWithGradient(Tensor values) => SumFunction.apply(values, this);

    /// <inheritdoc/>
    public T Pass<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Require();
        var result = work();
        Require(); // a sum in the backward pass may have failed: an exception cannot leave it
        return result;
    }

    /// <inheritdoc/>
    public void Broadcast(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Collective("a broadcast of rank 0", shared: Rank == 0 ? Bytes(values) : 0, run: () => transport.Broadcast(values, timeout));
    }

    /// <inheritdoc/>
    public byte[][] Gather(ReadOnlySpan<byte> mine)
    {
        var own = mine.ToArray();
        byte[][] all = [];
        Collective("an exchange", shared: own.Length, run: () => all = transport.Gather(own, timeout));
        return all;
    }

    /// <summary>Whether a collective failed here: MPI, and with it the group, cannot be ended in peace any more.</summary>
    public bool IsLost => fault is not null;

    /// <summary>The last thing that ranks do together: each tells how it ends.</summary>
    /// <param name="mine">This one.</param>
    /// <param name="grace">How long the others are waited for.</param>
    /// <returns>All ranks' words; null where not all came.</returns>
    public IReadOnlyList<LastWords>? Part(LastWords mine, TimeSpan grace)
    {
        try
        {
            return
            [
                .. transport
                    .GatherAtEnd(JsonSerializer.SerializeToUtf8Bytes(mine), grace)
                    .Select(b => JsonSerializer.Deserialize<LastWords>(b)!),
            ];
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            return null;
        }
    }

    /// <summary>Ends all ranks, those that do not answer, too.</summary>
    public void Abort(int code) => transport.Abort(code);

    /// <inheritdoc/>
    public void Dispose() => transport.Dispose();

    private void Sum(Tensor values, string what) => Collective(what, reduced: Bytes(values), run: () => transport.Sum(values, timeout));

    private void Collective(string what, long reduced = 0, long shared = 0, Action run = null!)
    {
        Timed(what, run);
        Tally = Tally with
        {
            Calls = Tally.Calls + 1,
            ReducedBytes = Tally.ReducedBytes + reduced,
            SharedBytes = Tally.SharedBytes + shared,
        };
    }

    private void Timed(string what, Action run)
    {
        Require();
        var clock = Stopwatch.StartNew();
        try
        {
            run();
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            fault = Lost(what, e, clock.Elapsed);
            throw fault;
        }
        Tally = Tally with { Seconds = Tally.Seconds + clock.Elapsed.TotalSeconds };
    }

    private void Require()
    {
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
    }

    private GroupException Lost(string what, Exception cause, TimeSpan waited)
    {
        var why =
            cause is TimeoutException
                ? $"the others did not answer within {Seconds(timeout)} (train.collectiveTimeoutSeconds)"
                : cause.Message;
        return new GroupException(
            $"Rank {Rank} of {Size} lost its group in {doing}, at {what}, after {Seconds(waited)}: {why}. Another process was killed, "
                + $"is paused or cannot be reached. "
                + "What was saved is intact: start all ranks again with --resume.",
            Rank,
            cause
        );
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static long Bytes(Tensor t) => t.NumberOfElements * t.ElementSize;

    /// <summary>A sum that was begun, with the group's sentences.</summary>
    private sealed class BegunSum(GroupMember member, IPendingSum sum) : IPendingSum
    {
        public bool IsDone
        {
            get
            {
                var done = false;
                member.Timed(WhatIsBegun, () => done = sum.IsDone);
                return done;
            }
        }

        public void Wait(TimeSpan deadline) => member.Timed(WhatIsBegun, () => sum.Wait(deadline));
    }

    /// <summary>y = sum of x over the ranks. Each rank's loss depends on every rank's x through y, so that dL/dx is the sum of all ranks'
    /// dL/dy.</summary>
    private sealed class SumFunction : autograd.SingleTensorFunction<SumFunction>
    {
        private const string Member = "member";

        public override string Name => "group_sum";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var member = (GroupMember)vars[1];
            ctx.save_data(Member, member);
            var sum = ((Tensor)vars[0]).detach().clone().contiguous();
            member.Sum(sum, "a sum");
            return sum;
        }

        // An exception that leaves a managed backward ends the process: the member keeps it, and Pass or the next collective throws it.
        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var member = (GroupMember)ctx.get_data(Member);
            try
            {
                var sum = grad_output.detach().clone().contiguous();
                member.Sum(sum, "a sum in a backward pass");
                return [sum, null!];
            }
            catch (Exception e)
            {
                member.fault ??= e;
                return [grad_output, null!]; // the result is not used
            }
        }
    }
}
