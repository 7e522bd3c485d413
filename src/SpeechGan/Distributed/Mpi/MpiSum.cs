using static TorchSharp.torch;

namespace SpeechGan.Distributed.Mpi;

/// <summary>
/// A sum over all ranks on its way. Every rank adds one part of the numbers, in the order of the ranks: the parts are exchanged, added, and
/// given to all. That is two rounds, and each rank sends 2 (N-1) / N of the bytes, as a ring does. A few numbers take one round: everybody
/// gets everything and adds it all.
/// </summary>
internal sealed unsafe class MpiSum : IPendingSum
{
    // Beyond it the bytes that one round sends too often (N-1 times all of them) cost more than a second round.
    private const long MostOfOneRound = 4096;

    private readonly MpiLane lane;
    private readonly Tensor values,
        host;
    private readonly NativeBuffer mine,
        all,
        part;
    private readonly long length,
        partLength,
        partBytes;
    private State state;
    private nint request;

    private enum State
    {
        Exchanging,
        Added,
        Sharing,
        Done,
    }

    public MpiSum(MpiLane lane, Tensor values)
    {
        (this.lane, this.values) = (lane, values);
        if (values.dtype is not (ScalarType.Float32 or ScalarType.Float64) || !values.is_contiguous())
            throw new ArgumentException(
                $"Sums over ranks are of contiguous tensors of float32 or float64, not of {values.dtype}.",
                nameof(values)
            );
        // MPI reads and writes ordinary memory; what is on a GPU goes through a copy in pinned memory.
        host = values.device_type == TorchSharp.DeviceType.CPU ? values : HostMemory.CopyOf(values);
        length = values.NumberOfElements;
        var ranks = lane.Size;
        IsOneRound = length * values.ElementSize <= MostOfOneRound;
        partLength = IsOneRound ? length : (length + ranks - 1) / ranks;
        partBytes = partLength * values.ElementSize;
        mine = lane.Rent().Fit(IsOneRound ? partBytes : partBytes * ranks);
        all = lane.Rent().Fit(partBytes * ranks);
        part = lane.Rent().Fit(partBytes);
        Bytes.CopyTo(mine.Span(0, Bytes.Length));
        var count = checked((int)partBytes);
        fixed (nint* r = &request)
        {
            if (IsOneRound)
            {
                lane.Library.AllGather(mine.Pointer, count, all.Pointer, lane.Exchanges, r);
            }
            else
            {
                mine.Span(Bytes.Length, checked((int)((partBytes * ranks) - Bytes.Length))).Clear();
                lane.Library.AllToAll(mine.Pointer, count, all.Pointer, lane.Exchanges, r);
            }
        }
    }

    /// <summary>Whether it is complete, without asking MPI.</summary>
    public bool IsOver => state == State.Done;

    /// <summary>Whether its last round has begun here, or it has none.</summary>
    public bool HasBegunToShare => state is State.Sharing or State.Done || IsOneRound;

    /// <inheritdoc/>
    public bool IsDone
    {
        get
        {
            if (state != State.Done)
                lane.Advance();
            return state == State.Done;
        }
    }

    private bool IsOneRound { get; }

    private Span<byte> Bytes => host.bytes;

    /// <inheritdoc/>
    public void Wait(TimeSpan deadline) => MpiRequest.Wait(() => IsDone, deadline);

    /// <summary>Goes on as far as the other ranks let it.</summary>
    /// <param name="mayShare">Whether all sums before this one have begun their second round: rounds have one order on all ranks.</param>
    public void Advance(bool mayShare)
    {
        if (state == State.Exchanging && IsComplete())
        {
            RankOrder.Sum(all.Pointer, lane.Size, partLength, values.dtype, part.Pointer);
            state = State.Added;
            if (IsOneRound)
                Finish(part);
        }
        if (state == State.Added && mayShare)
        {
            fixed (nint* r = &request)
                lane.Library.AllGather(part.Pointer, checked((int)partBytes), mine.Pointer, lane.Shares, r);
            state = State.Sharing;
        }
        if (state == State.Sharing && IsComplete())
            Finish(mine);
    }

    private bool IsComplete()
    {
        fixed (nint* r = &request)
            return lane.Library.Test(r);
    }

    private void Finish(NativeBuffer sum)
    {
        sum.Span(0, Bytes.Length).CopyTo(Bytes);
        if (!ReferenceEquals(host, values))
        {
            using var quiet = no_grad();
            values.copy_(host);
            host.Dispose();
        }
        lane.Return(mine, all, part);
        state = State.Done;
    }
}
