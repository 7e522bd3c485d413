using System.Buffers.Binary;
using System.Security.Cryptography;
using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

/// <summary>
/// The bits of every metric of every vector, as one digest a metric (PESQ has a line a vector in <see cref="PesqBitsTests"/>). They must be
/// the same on every machine; whoever changes one on purpose raises the implementation's version.
/// </summary>
public sealed class ScoreBitsTests
{
    private static readonly Dictionary<string, string> Pinned = new()
    {
        ["csig"] = "23E1D661B21A1BAC",
        ["cbak"] = "6117E0F9DA994A83",
        ["covl"] = "B0711686F54E1E73",
        ["ssnr"] = "7150EB153EACF69B",
        ["wss"] = "1360DA1D3C97DC35",
        ["llr"] = "4F695A8E678F97ED",
        ["stoi"] = "1A7E212FAADFF297",
        ["si_sdr"] = "2DE350B2C013859C",
    };

    [Test]
    public void Every_metric_has_the_pinned_bits()
    {
        ScoreSet[] scores = [.. MetricVector.All.AsParallel().AsOrdered().Select(v => ScoreSet.Of(v.Clean(), v.Enhanced(), v.Rate))];
        var digests = Pinned.Keys.ToDictionary(name => name, name => Digest(scores.Select(s => s[Metric.All.Single(m => m.Name == name)])));
        foreach ((string name, string digest) in digests)
            TestContext.Out.WriteLine($"{name} {digest}");
        digests.Should().Equal(Pinned);
    }

    private static string Digest(IEnumerable<MetricResult> results)
    {
        byte[] bytes =
        [
            .. results.SelectMany(r =>
            {
                var bits = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(bits, r.TryGet(out double value) ? BitConverter.DoubleToInt64Bits(value) : -1);
                return bits;
            }),
        ];
        return Convert.ToHexString(SHA256.HashData(bytes))[..16];
    }
}
