namespace SpeechGan.Distributed;

/// <summary>A sum over all ranks that was begun; its tensor must be left alone until it is done.</summary>
public interface IPendingSum
{
    /// <summary>Whether the tensor holds the sum. Asking is what makes a sum go on where the transport has no thread of its own.</summary>
    /// <exception cref="IOException">Of a transport: a rank is gone; the message says what was seen, without a full stop.</exception>
    /// <exception cref="GroupException">Of a group: a rank is gone or did not answer in time.</exception>
    bool IsDone { get; }

    /// <summary>Waits until it is done.</summary>
    /// <exception cref="TimeoutException">Of a transport: the others did not come within the deadline.</exception>
    /// <exception cref="IOException">Of a transport: a rank is gone; the message says what was seen, without a full stop.</exception>
    /// <exception cref="GroupException">Of a group: a rank is gone or did not answer in time.</exception>
    void Wait(TimeSpan deadline);
}
