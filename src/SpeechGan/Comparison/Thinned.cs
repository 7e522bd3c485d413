namespace SpeechGan.Comparison;

/// <summary>
/// A series of steps as a bounded number of means: a trend over all pairs of steps and a bootstrap over all steps of a run of real length
/// would take hours, and neighbouring steps say nearly the same. Series up to <see cref="Most"/> steps stay as they are.
/// </summary>
internal static class Thinned
{
    /// <summary>Most values that are kept.</summary>
    public const int Most = 2000;

    /// <summary>Gives the lists of a long series back to the system once they are done with. They are large objects, which the garbage
    /// collector else lets pile up until some hundred megabytes of them are there.</summary>
    public static void Release(int count)
    {
        if (count > Most)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>How many neighbouring values go into a mean; 1 where all are kept. The last mean may have fewer.</summary>
    public static int Width(int count) => (count + Most - 1) / Most is var width && width > 1 ? width : 1;

    /// <summary>The values, or the means of as many neighbours as <see cref="Width"/> says.</summary>
    public static double[] Means(IReadOnlyList<double> values) =>
        Width(values.Count) is var width && width == 1 ? [.. values] : [.. values.Chunk(width).Select(c => c.Average())];
}
