using System.Net;
using System.Net.Sockets;
using SpeechGan.Distributed;
using SpeechGan.Engine;

namespace SpeechGan.Tests.Regression.Distributed;

/// <summary>
/// The ranks of a group as threads of this process, over the real engine's sockets: what each of them holds can be compared at every step. Dropout
/// draws from the process' one generator, so that it must be off here.
/// </summary>
internal static class Ranks
{
    /// <summary>Runs every rank and gives their results in order; a failure of the lowest rank that failed is thrown.</summary>
    public static T[] Run<T>(int size, Func<IProcessGroup, T> work, double timeoutSeconds = 60)
    {
        var outcomes = Outcomes(size, work, timeoutSeconds);
        if (outcomes.FirstOrDefault(o => o.Failure is not null).Failure is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return [.. outcomes.Select(o => o.Result!)];
    }

    /// <summary>Runs every rank and gives what each came to.</summary>
    public static (T? Result, Exception? Failure)[] Outcomes<T>(int size, Func<IProcessGroup, T> work, double timeoutSeconds = 60)
    {
        var port = FreePort();
        var outcomes = new (T?, Exception?)[size];
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                var place = new RankEnvironment { Rank = rank, LocalRank = rank, Size = size, Address = "127.0.0.1", Port = port };
                using var group = ProcessGroups.Join(place);
                TorchSharp.torch.set_num_threads(1);
                outcomes[rank] = (work(group), null);
            }
            catch (Exception e)
            {
                outcomes[rank] = (default, e);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return outcomes;
    }

    /// <summary>Skips, by name, where the engine was built without Gloo.</summary>
    public static void Require()
    {
        if (ProcessGroups.Backends is null)
            Assert.Ignore("the tensor engine was built without Gloo: install libgloo-dev and run tools/set-up");
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
