using SpeechGan.Distributed;

namespace SpeechGan.Tests.Regression.Distributed;

/// <summary>
/// The ranks of a group as threads of this process, over the product's own rules: what each of them holds can be compared at every step.
/// Dropout draws from the process' one generator, so that it must be off here.
/// </summary>
internal static class Ranks
{
    // A test that hangs ends; how fast the machine is decides nothing.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs every rank and gives their results in order; a failure of the lowest rank that failed is thrown.</summary>
    public static T[] Run<T>(int size, Func<IProcessGroup, T> work)
    {
        var outcomes = Outcomes(size, work);
        if (outcomes.FirstOrDefault(o => o.Failure is not null).Failure is { } failure)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return [.. outcomes.Select(o => o.Result!)];
    }

    /// <summary>Runs every rank and gives what each came to.</summary>
    public static (T? Result, Exception? Failure)[] Outcomes<T>(int size, Func<IProcessGroup, T> work)
    {
        var outcomes = new (T?, Exception?)[size];
        var transports = ThreadTransport.Group(size);
        var threads = Enumerable
            .Range(0, size)
            .Select(rank => new Thread(() =>
            {
                using var group = new GroupMember(transports[rank], Patience);
                try
                {
                    TorchSharp.torch.set_num_threads(1);
                    outcomes[rank] = (work(group), null);
                }
                catch (Exception e)
                {
                    outcomes[rank] = (default, e);
                }
            }))
            .ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return outcomes;
    }
}
