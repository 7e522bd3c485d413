using static TorchSharp.torch;

namespace SpeechGan.Distributed;

/// <summary>
/// This process among those that train one run together. Every member but the properties is a collective: all ranks call the same ones in
/// the same order, and each returns on all of them or ends in a <see cref="GroupException"/> within the group's deadline.
/// </summary>
public interface IProcessGroup : IDisposable
{
    /// <summary>This process, from 0; rank 0 alone writes.</summary>
    int Rank { get; }

    /// <summary>Processes.</summary>
    int Size { get; }

    /// <summary>What the collectives of this process moved so far.</summary>
    GroupTally Tally { get; }

    /// <summary>How long a collective may take, waiting for slower ranks included.</summary>
    TimeSpan Deadline { get; set; }

    /// <summary>What is being done, for the sentence of a failure: `epoch 1, step 7`.</summary>
    string Doing { set; }

    /// <summary>Replaces a contiguous tensor by its sum over all ranks: the same bits on all of them, and in every group of the same
    /// size.</summary>
    /// <exception cref="GroupException">A rank is gone or did not answer in time.</exception>
    void Sum(Tensor values);

    /// <summary>
    /// Begins a sum and returns at once; the same bits as <see cref="Sum"/> gives. Sums that were begun have one order on all ranks, and
    /// none with other collectives: they may be under way while a backward pass goes on. The tensor must live and be left alone until the
    /// sum is done.
    /// </summary>
    /// <exception cref="GroupException">A rank is gone.</exception>
    IPendingSum BeginSum(Tensor values);

    /// <summary>The sum over all ranks, part of the graph: its gradient is the sum over all ranks of the gradients.</summary>
    /// <exception cref="GroupException">A rank is gone or did not answer in time.</exception>
    Tensor SumWithGradient(Tensor values);

    /// <summary>Runs what holds <see cref="SumWithGradient"/> in its graph: a rank that is lost in the middle of a backward pass ends it in
    /// the same exception.</summary>
    /// <exception cref="GroupException">A rank is gone or did not answer in time.</exception>
    T Pass<T>(Func<T> work);

    /// <summary>Replaces a contiguous tensor by that of rank 0.</summary>
    /// <exception cref="GroupException">A rank is gone or did not answer in time.</exception>
    void Broadcast(Tensor values);

    /// <summary>What every rank gave, in the order of the ranks.</summary>
    /// <exception cref="GroupException">A rank is gone or did not answer in time.</exception>
    byte[][] Gather(ReadOnlySpan<byte> mine);
}

/// <summary>What the collectives of one process moved.</summary>
/// <param name="Calls">Collectives.</param>
/// <param name="ReducedBytes">Bytes of the tensors that were summed, once, as this process holds them.</param>
/// <param name="SharedBytes">Bytes this process gave to gathers and broadcasts.</param>
/// <param name="Seconds">Time spent in collectives, waiting for slower ranks included.</param>
public sealed record GroupTally(long Calls = 0, long ReducedBytes = 0, long SharedBytes = 0, double Seconds = 0);
