using SpeechGan.Dsp;
using SpeechGan.Metrics;
using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Tests.Unit.Metrics;

/// <summary>A long recording costs what its length says, counted in transforms and bytes: time is nothing that a test can hold a machine
/// to.</summary>
public sealed class PesqLongSignalTests
{
    private const int Rate = 8000;

    // A dictionary look-up walks through all keys of one hash; starts and equal starts once shared one, and ten minutes took fifty seconds.
    [Test]
    public void Frames_of_one_delay_have_hashes_of_their_own([Values(0, 1, -1, 64, -4096, 100_000)] int delay)
    {
        const int Frames = 37_500; // ten minutes
        Enumerable
            .Range(0, Frames)
            .Select(k => FineAlignment.Key(256 * k, 256 * k + delay).GetHashCode())
            .Distinct()
            .Should()
            .HaveCount(Frames);
    }

    [Test]
    public void A_frame_is_told_from_every_other([Values(0, 5, -5)] int delay) =>
        new[] { (100, 100), (100, 101), (101, 101), (101, 100), (100, 0), (0, 100) }
            .Select(x => FineAlignment.Key(x.Item1, x.Item2 + delay))
            .Should()
            .OnlyHaveUniqueItems();

    // Ten minutes against one: ten times the frames, and transforms of the whole that grow by a factor of log n besides.
    [Test]
    public void Ten_minutes_take_ten_times_the_work_of_one()
    {
        (PesqAnalysis one, long oneBytes) = Measured(60);
        (PesqAnalysis ten, long tenBytes) = Measured(600);
        one.Failure.Should().BeNull();
        ten.Failure.Should().BeNull();
        TestContext.Out.WriteLine(
            $"n log2 n: {one.Transforms.Butterflies} and {ten.Transforms.Butterflies}; bytes: {oneBytes} and {tenBytes}; score "
                + $"{ten.ListeningQuality}"
        );

        // The lengths of the transforms are powers of two: 2^19 samples hold one minute, 2^23 ten, a factor of 16 and not of 10.
        ten.Transforms.Butterflies.Should().BeLessThan(16 * 23 * one.Transforms.Butterflies / 19);
        tenBytes.Should().BeLessThan(600 * Rate * 150L, "a sample may take 150 bytes");
    }

    [Test]
    public void Plans_of_long_transforms_do_not_stay()
    {
        var cache = new PlanCache<object>(_ => new object());
        WeakReference plan = Passing(cache, 2 * PlanCache<object>.LargestKept),
            shorter = Passing(cache, PlanCache<object>.LargestKept);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        plan.IsAlive.Should().BeFalse();
        shorter.IsAlive.Should().BeTrue();
        GC.KeepAlive(cache);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Passing(PlanCache<object> cache, int size)
    {
        object plan = cache.Of(size);
        cache.Of(size).Should().BeSameAs(plan, "as long as somebody uses it");
        GC.KeepAlive(plan);
        return new WeakReference(plan);
    }

    private static (PesqAnalysis Analysis, long Bytes) Measured(int seconds)
    {
        float[] clean = new float[seconds * Rate],
            enhanced = new float[clean.Length];
        for (int i = 0; i < clean.Length; i++)
        {
            double t = i / (double)Rate,
                syllables = Math.Max(0, Math.Sin(6 * Math.PI * t)),
                phrases = Math.Max(0, Math.Sin(Math.PI * t / 10) + 0.9);
            clean[i] = (float)((CounterRandom.Double(0, 1, 0, i) - 0.5) * syllables * phrases);
            enhanced[i] = clean[i] + (float)(0.05 * (CounterRandom.Double(0, 2, 0, i) - 0.5));
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        PesqAnalysis analysis = Pesq.Analyse<float>(clean, enhanced, Rate, PesqMode.NarrowBand);
        return (analysis, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
