using static TorchSharp.torch;

namespace SpeechGan.Distributed.Mpi;

/// <summary>
/// Sums that are on their way at once. MPI wants the collectives of a communicator begun in one order on all ranks: first rounds are begun
/// in the order of the sums on one communicator, second rounds in the same order on another, whichever sum is ready first here.
/// </summary>
/// <param name="library">The MPI.</param>
/// <param name="size">Ranks.</param>
/// <param name="exchanges">Communicator of the first rounds.</param>
/// <param name="shares">Communicator of the second rounds.</param>
internal sealed class MpiLane(MpiLibrary library, int size, nint exchanges, nint shares)
{
    private readonly Stack<NativeBuffer> free = new();
    private readonly List<MpiSum> pending = [];

    /// <summary>The MPI.</summary>
    public MpiLibrary Library => library;

    /// <summary>Ranks.</summary>
    public int Size => size;

    /// <summary>Communicator of the first rounds.</summary>
    public nint Exchanges => exchanges;

    /// <summary>Communicator of the second rounds.</summary>
    public nint Shares => shares;

    /// <summary>Begins a sum.</summary>
    public IPendingSum Begin(Tensor values)
    {
        var sum = new MpiSum(this, values);
        pending.Add(sum);
        return sum;
    }

    /// <summary>Takes all sums as far as the other ranks let them.</summary>
    public void Advance()
    {
        var mayShare = true;
        foreach (var sum in pending)
        {
            sum.Advance(mayShare);
            mayShare &= sum.HasBegunToShare;
        }
        pending.RemoveAll(s => s.IsOver);
    }

    /// <summary>Memory for a sum.</summary>
    public NativeBuffer Rent() => free.TryPop(out var buffer) ? buffer : new NativeBuffer();

    /// <summary>Takes memory back that no request uses any more.</summary>
    public void Return(params ReadOnlySpan<NativeBuffer> buffers)
    {
        foreach (var buffer in buffers)
            free.Push(buffer);
    }

    /// <summary>Frees what no request uses; sums that are not complete keep theirs.</summary>
    public void Free()
    {
        while (free.TryPop(out var buffer))
            buffer.Free();
    }
}
