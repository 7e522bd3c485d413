using System.Text.Json;
using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class PesqVectorTests
{
    // Largest difference measured: 8.5e-6 (the reference runs its FFT in single precision); twice that for a flip of one rounding.
    private const double Tolerance = 2e-5;

    private static IEnumerable<TestCaseData> Cases()
    {
        foreach (MetricVector vector in MetricVector.All)
        {
            if (vector.Nb is { ValueKind: not JsonValueKind.Null } nb)
                yield return new TestCaseData(vector, PesqMode.NarrowBand, nb).SetArgDisplayNames(vector.Name, "nb");
            if (vector.Wb is { ValueKind: not JsonValueKind.Null } wb)
                yield return new TestCaseData(vector, PesqMode.WideBand, wb).SetArgDisplayNames(vector.Name, "wb");
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Pesq_gives_the_score_or_the_error_of_every_vector(MetricVector vector, PesqMode mode, JsonElement expected)
    {
        MetricResult result = Pesq.Score(vector.Clean(), vector.Enhanced(), vector.Rate, mode);
        if (expected.ValueKind == JsonValueKind.String)
        {
            result.HasValue.Should().BeFalse();
            result.Unscorable!.Value.ToCode().Should().Be(expected.GetString());
        }
        else
        {
            TestContext.Out.WriteLine($"difference {result.Value - expected.GetDouble():E2}");
            result.Value.Should().BeApproximately(expected.GetDouble(), Tolerance);
        }
    }
}
