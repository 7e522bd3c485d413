using static TorchSharp.torch;

namespace SpeechGan.Distributed;

/// <summary>The group of a run in one process: nothing is sent, nothing changes.</summary>
public sealed class SoleProcess : IProcessGroup
{
    private SoleProcess() { }

    /// <summary>The only one there need be.</summary>
    public static SoleProcess Instance { get; } = new();

    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    public GroupTally Tally { get; } = new();

    /// <inheritdoc/>
    public TimeSpan Deadline
    {
        get => Timeout.InfiniteTimeSpan;
        set => _ = value;
    }

    /// <inheritdoc/>
    public string Doing
    {
        set => _ = value;
    }

    /// <inheritdoc/>
    public void Sum(Tensor values) { }

    /// <inheritdoc/>
    public IPendingSum BeginSum(Tensor values) => Done.Instance;

    /// <inheritdoc/>
    public Tensor SumWithGradient(Tensor values) => values;

    /// <inheritdoc/>
    public T Pass<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return work();
    }

    /// <inheritdoc/>
    public void Broadcast(Tensor values) { }

    /// <inheritdoc/>
    public byte[][] Gather(ReadOnlySpan<byte> mine) => [mine.ToArray()];

    /// <inheritdoc/>
    public void Dispose() { }

    private sealed class Done : IPendingSum
    {
        public static Done Instance { get; } = new();

        public bool IsDone => true;

        public void Wait(TimeSpan deadline) { }
    }
}
