using System.Diagnostics;

namespace SpeechGan.Distributed.Mpi;

/// <summary>Waits with a deadline. MPI has none: what was begun is asked again and again, which is also how MPI gets it done.</summary>
internal static unsafe class MpiRequest
{
    // Shared memory answers in microseconds; a rank that is at work has the core until it comes; after that nothing is in a hurry.
    private static readonly TimeSpan Spin = TimeSpan.FromMicroseconds(50),
        Yield = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until it is complete.</summary>
    /// <exception cref="TimeoutException">It was not within the deadline.</exception>
    public static void Wait(Func<bool> isComplete, TimeSpan deadline)
    {
        var clock = Stopwatch.StartNew();
        while (!isComplete())
        {
            var waited = clock.Elapsed;
            if (waited > deadline)
                throw new TimeoutException();
            if (waited < Spin)
                Thread.SpinWait(1);
            else if (waited < Yield)
                Thread.Yield();
            else
                Thread.Sleep(1);
        }
    }

    /// <summary>Waits for one request, whose place must not move.</summary>
    /// <exception cref="TimeoutException">It was not complete within the deadline.</exception>
    /// <exception cref="IOException">MPI says that it failed.</exception>
    public static void Wait(MpiLibrary library, nint* request, TimeSpan deadline)
    {
        var place = (nint)request;
        Wait(() => library.Test((nint*)place), deadline);
    }
}
