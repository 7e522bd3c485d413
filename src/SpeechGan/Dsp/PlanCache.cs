using System.Collections.Concurrent;

namespace SpeechGan.Dsp;

/// <summary>
/// Transform plans by size, each built once. Plans of up to <see cref="LargestKept"/> points stay; longer ones (a plan takes about 24 bytes
/// a point) live only as long as somebody uses them or the garbage collector lets them be, so that one long recording does not cost memory
/// for ever.
/// </summary>
/// <param name="build">Builds a plan; a function of the size alone.</param>
internal sealed class PlanCache<TPlan>(Func<int, TPlan> build)
    where TPlan : class
{
    /// <summary>Half a minute at 16 kHz fits.</summary>
    internal const int LargestKept = 1 << 19;

    private readonly ConcurrentDictionary<int, Lazy<TPlan>> kept = new();
    private readonly ConcurrentDictionary<int, WeakReference<TPlan>> passing = new();

    internal TPlan Of(int size)
    {
        if (size <= LargestKept)
            return kept.GetOrAdd(size, n => new Lazy<TPlan>(() => build(n))).Value;
        WeakReference<TPlan> place = passing.GetOrAdd(size, _ => new WeakReference<TPlan>(null!));
        lock (place)
        {
            if (place.TryGetTarget(out TPlan? plan))
                return plan;
            plan = build(size);
            place.SetTarget(plan);
            return plan;
        }
    }
}
