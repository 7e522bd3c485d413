using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class SecondOrderFilterTests
{
    [Test]
    public void A_cascade_side_by_side_has_the_bits_of_one_section_after_the_other(
        [Values(8000, 16000)] int rate,
        [Values(0, 777)] int longer
    )
    {
        SecondOrderSection[] sections = RateTable.For(rate)!.AlignmentFilter;
        float[] one = Noise(1, 3000 + longer),
            other = Noise(2, 3000),
            expectedOne = [.. one],
            expectedOther = [.. other];
        foreach (SecondOrderSection section in sections)
        {
            SecondOrderFilter.Apply(section, expectedOne);
            SecondOrderFilter.Apply(section, expectedOther);
        }

        float[] swappedOne = [.. one],
            swappedOther = [.. other];
        SecondOrderFilter.ApplyCascade(sections, one, other);
        SecondOrderFilter.ApplyCascade(sections, swappedOther, swappedOne);
        one.Should().Equal(expectedOne);
        other.Should().Equal(expectedOther);
        swappedOne.Should().Equal(expectedOne);
        swappedOther.Should().Equal(expectedOther);
    }

    [Test]
    public void A_tail_ends_in_zeros_after_few_denormals()
    {
        float[] signal = new float[20000],
            silence = new float[20000];
        signal[0] = 1;
        SecondOrderFilter.ApplyCascade(RateTable.At16Kilohertz.AlignmentFilter, signal, silence);
        signal.Count(float.IsSubnormal).Should().BeLessThan(128, "states are looked at every 64 samples");
        signal[^1].Should().Be(0);
    }

    private static float[] Noise(int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5) * 20000)];
    }
}
