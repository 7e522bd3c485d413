using static TorchSharp.torch;

namespace SpeechGan.Distributed;

/// <summary>
/// What moves the bytes of a group: the collectives, and nothing of what is made of them. All ranks call the same ones in the same order.
/// <see cref="GroupMember"/> turns what is thrown here into the sentences and rules of <see cref="IProcessGroup"/>.
/// </summary>
internal interface ITransport : IDisposable
{
    /// <summary>This process, from 0.</summary>
    int Rank { get; }

    /// <summary>Processes.</summary>
    int Size { get; }

    /// <summary>Replaces a contiguous tensor by its sum over all ranks, added in an order that depends on the number of ranks
    /// alone.</summary>
    /// <exception cref="TimeoutException">The others did not come within the deadline.</exception>
    /// <exception cref="IOException">A rank is gone; the message says what was seen, without a full stop.</exception>
    void Sum(Tensor values, TimeSpan deadline);

    /// <summary>
    /// Begins a sum and returns at once: the same bits as <see cref="Sum"/> gives. Sums that were begun have one order on all ranks, and
    /// none with other collectives.
    /// </summary>
    /// <exception cref="IOException">A rank is gone; the message says what was seen, without a full stop.</exception>
    IPendingSum BeginSum(Tensor values);

    /// <summary>Replaces a contiguous tensor by that of rank 0.</summary>
    /// <exception cref="TimeoutException">The others did not come within the deadline.</exception>
    /// <exception cref="IOException">A rank is gone; the message says what was seen, without a full stop.</exception>
    void Broadcast(Tensor values, TimeSpan deadline);

    /// <summary>What every rank gave, in the order of the ranks; lengths may differ.</summary>
    /// <exception cref="TimeoutException">The others did not come within the deadline.</exception>
    /// <exception cref="IOException">A rank is gone; the message says what was seen, without a full stop.</exception>
    byte[][] Gather(ReadOnlySpan<byte> mine, TimeSpan deadline);

    /// <summary>A gather that has no order with other collectives: the last thing that ranks do together, whatever some of them wait
    /// for.</summary>
    /// <exception cref="TimeoutException">The others did not come within the deadline.</exception>
    /// <exception cref="IOException">A rank is gone; the message says what was seen, without a full stop.</exception>
    byte[][] GatherAtEnd(ReadOnlySpan<byte> mine, TimeSpan deadline);

    /// <summary>Ends all ranks, those that do not answer, too. Where the transport can, it does not return.</summary>
    /// <param name="code">Exit code of the job.</param>
    void Abort(int code);
}
