using SpeechGan.Data;
using SpeechGan.Dsp;

namespace SpeechGan.Tests.Unit.Data;

public sealed class NaturalOrderTests
{
    [Test]
    public void Digits_count_as_numbers_and_letters_by_code_unit()
    {
        string[] sorted =
        [
            "",
            "0",
            "00",
            "1",
            "2",
            "02",
            "10",
            "99999999999999999999",
            "100000000000000000000",
            "A",
            "a",
            "a1",
            "a1b",
            "a2",
            "a10",
            "b",
        ];
        string[] shuffled = [.. CounterRandom.Permutation(sorted.Length, 5, 6, 7).Select(i => sorted[i])];
        shuffled
            .Order(NaturalOrder.Instance)
            .Should()
            .Equal(
                "",
                "0",
                "00",
                "1",
                "02",
                "2",
                "10",
                "99999999999999999999",
                "100000000000000000000",
                "A",
                "a",
                "a1",
                "a1b",
                "a2",
                "a10",
                "b"
            );
    }

    [FsCheck.NUnit.Property]
    public void The_order_is_total(string? a, string? b, string? c)
    {
        NaturalOrder order = NaturalOrder.Instance;
        Math.Sign(order.Compare(a, b)).Should().Be(-Math.Sign(order.Compare(b, a)));
        (order.Compare(a, b) == 0).Should().Be(string.Equals(a, b, StringComparison.Ordinal));
        if (order.Compare(a, b) < 0 && order.Compare(b, c) < 0)
            order.Compare(a, c).Should().BeNegative();
    }
}
