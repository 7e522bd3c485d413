using static TorchSharp.torch;

namespace SpeechGan.Distributed.Mpi;

/// <summary>
/// A rank over MPI. Every collective is begun without waiting and asked until the deadline whether it is complete, so that a rank that
/// died, is paused or cannot be reached ends in a <see cref="TimeoutException"/> and never in silence.
/// </summary>
internal sealed unsafe class MpiTransport : ITransport
{
    // MPI counts in 32 bits with a sign.
    private const int MostOfOneBroadcast = 1 << 30;

    private readonly MpiLibrary library;
    private readonly MpiLane blocking,
        background;
    private readonly MpiGather gather,
        farewell;
    private readonly NativeBuffer content = new();
    private bool isOver;

    private MpiTransport(MpiLibrary library)
    {
        this.library = library;
        Rank = library.Rank(library.World);
        Size = library.Size(library.World);
        blocking = new MpiLane(library, Size, library.World, library.World);
        background = new MpiLane(library, Size, library.Duplicate(library.World), library.Duplicate(library.World));
        gather = new MpiGather(library, Size, library.World);
        farewell = new MpiGather(library, Size, library.Duplicate(library.World));
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Becomes one of the ranks. Waits until all have come.</summary>
    /// <param name="library">The MPI, not joined yet.</param>
    /// <exception cref="IOException">MPI refuses.</exception>
    public static MpiTransport Join(MpiLibrary library)
    {
        library.Init();
        return new MpiTransport(library);
    }

    /// <inheritdoc/>
    public void Sum(Tensor values, TimeSpan deadline) => blocking.Begin(values).Wait(deadline);

    /// <inheritdoc/>
    public IPendingSum BeginSum(Tensor values) => background.Begin(values);

    /// <inheritdoc/>
    public void Broadcast(Tensor values, TimeSpan deadline)
    {
        var onHost = values.device_type == TorchSharp.DeviceType.CPU;
        var host = onHost ? values : HostMemory.CopyOf(values);
        for (var at = 0; at < host.bytes.Length; at += MostOfOneBroadcast)
        {
            var count = Math.Min(MostOfOneBroadcast, host.bytes.Length - at);
            content.Fit(count);
            if (Rank == 0)
                host.bytes.Slice(at, count).CopyTo(content.Span(0, count));
            nint request = 0;
            library.Broadcast(content.Pointer, count, library.World, &request);
            MpiRequest.Wait(library, &request, deadline);
            if (Rank > 0)
                content.Span(0, count).CopyTo(host.bytes[at..]);
        }
        if (onHost)
            return;
        using var quiet = no_grad();
        values.copy_(host);
        host.Dispose();
    }

    /// <inheritdoc/>
    public byte[][] Gather(ReadOnlySpan<byte> mine, TimeSpan deadline) => gather.Run(mine, deadline);

    /// <inheritdoc/>
    public byte[][] GatherAtEnd(ReadOnlySpan<byte> mine, TimeSpan deadline) => farewell.Run(mine, deadline);

    /// <inheritdoc/>
    public void Abort(int code)
    {
        isOver = true;
        library.Abort(code);
    }

    /// <summary>Leaves the others, who must leave as well. Memory of sums that were given up stays: MPI may still write to it.</summary>
    public void Dispose()
    {
        if (isOver)
            return;
        isOver = true;
        library.Finish();
        blocking.Free();
        background.Free();
        gather.Free();
        farewell.Free();
        content.Free();
    }
}
