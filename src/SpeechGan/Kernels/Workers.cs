using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace SpeechGan.Kernels;

/// <summary>
/// Threads that live as long as the process and take parts of kernels' work. Who takes which part does not matter: every part writes its
/// own memory. Several threads may bring work at once; each also does parts itself and never waits for a worker that has not begun.
/// </summary>
#pragma warning disable CA1001 // The semaphore lives as long as the process.
internal sealed class Workers
#pragma warning restore CA1001
{
    private readonly ConcurrentQueue<Job> jobs = new();
    private readonly SemaphoreSlim waiting = new(0);
    private readonly Lock starting = new();
    private int started;

    private Workers() { }

    /// <summary>The process has one set of cores, so there is one set of workers.</summary>
    public static Workers Shared { get; } = new();

    /// <summary>Calls <paramref name="work"/> for every part, on up to <paramref name="threads"/> threads; returns when all are
    /// done.</summary>
    /// <param name="parts">Parts, from 0.</param>
    /// <param name="threads">At most as many at once, this one included.</param>
    /// <param name="work">Given a part's number. The first exception is thrown here, after all parts that had begun have ended.</param>
    public void Run(int parts, int threads, Action<int> work)
    {
        var helpers = Math.Min(parts, threads) - 1;
        if (helpers <= 0)
        {
            for (var part = 0; part < parts; part++)
                work(part);
            return;
        }
        Start(helpers);
        var job = new Job(parts, work);
        for (var i = 0; i < helpers; i++)
            jobs.Enqueue(job);
        waiting.Release(helpers);
        job.TakeParts();
        job.Wait();
    }

    private void Start(int helpers)
    {
        if (Volatile.Read(ref started) >= helpers)
            return;
        lock (starting)
            for (; started < helpers; started++)
                new Thread(Work) { IsBackground = true, Name = "kernel worker" }.Start();
    }

    private void Work()
    {
        while (true)
        {
            waiting.Wait();
            if (jobs.TryDequeue(out var job))
                job.TakeParts();
        }
    }

    private sealed class Job(int parts, Action<int> work)
    {
        private readonly object gate = new();
        private ExceptionDispatchInfo? failure;
        private int next,
            finished;

        public void TakeParts()
        {
            for (int part; (part = Interlocked.Increment(ref next) - 1) < parts; )
            {
                try
                {
                    if (Volatile.Read(ref failure) is null)
                        work(part);
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(e), null);
                }
                if (Interlocked.Increment(ref finished) == parts)
                    lock (gate)
                        Monitor.PulseAll(gate);
            }
        }

        public void Wait()
        {
            // Parts are short: most waits end before a thread could be put to sleep and woken.
            for (var spin = new SpinWait(); Volatile.Read(ref finished) < parts; spin.SpinOnce())
                if (spin.NextSpinWillYield)
                {
                    lock (gate)
                        while (Volatile.Read(ref finished) < parts)
                            Monitor.Wait(gate);
                    break;
                }
            failure?.Throw();
        }
    }
}
