using static TorchSharp.torch;

namespace SpeechGan.Distributed;

/// <summary>
/// What moves the bytes of a group: the three collectives, and nothing of what is made of them. All ranks call the same ones in the same order.
/// <see cref="GroupMember"/> turns what is thrown here into the sentences and rules of <see cref="IProcessGroup"/>.
/// </summary>
internal interface ITransport : IDisposable
{
    /// <summary>This process, from 0.</summary>
    int Rank { get; }

    /// <summary>Processes.</summary>
    int Size { get; }

    /// <summary>Replaces a contiguous tensor by its sum over all ranks, added in an order that depends on the number of ranks alone.</summary>
    /// <exception cref="TimeoutException">The others did not come within the deadline.</exception>
    /// <exception cref="IOException">A rank is gone; the message says what was seen, without a full stop.</exception>
    void Sum(Tensor values, TimeSpan deadline);

    /// <summary>Replaces a contiguous tensor by that of rank 0.</summary>
    /// <exception cref="TimeoutException">The others did not come within the deadline.</exception>
    /// <exception cref="IOException">A rank is gone; the message says what was seen, without a full stop.</exception>
    void Broadcast(Tensor values, TimeSpan deadline);

    /// <summary>What every rank gave, in the order of the ranks; lengths may differ.</summary>
    /// <exception cref="TimeoutException">The others did not come within the deadline.</exception>
    /// <exception cref="IOException">A rank is gone; the message says what was seen, without a full stop.</exception>
    byte[][] Gather(ReadOnlySpan<byte> mine, TimeSpan deadline);
}
