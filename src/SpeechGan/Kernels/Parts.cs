namespace SpeechGan.Kernels;

/// <summary>
/// How work is divided: into at most 32 parts whatever the number of threads, so that sums over parts, taken in the parts' order, are the
/// same bits on any.
/// </summary>
/// <param name="Items">What is divided.</param>
internal readonly record struct Parts(long Items)
{
    private const int Most = 32;

    /// <summary>Parts there are.</summary>
    public int Count => (int)Math.Min(Items, Most);

    /// <summary>The first item of a part.</summary>
    public long First(int part) => Items * part / Count;

    /// <summary>One past the last item of a part.</summary>
    public long End(int part) => Items * (part + 1) / Count;

    /// <summary>Calls <paramref name="work"/> for every part on as many threads as libtorch uses on this one.</summary>
    public void Run(Action<int> work) => Workers.Shared.Run(Count, Count == 1 ? 1 : TorchSharp.torch.get_num_threads(), work);
}
