using System.Globalization;
using System.Text.Json;
using SpeechGan.Metrics;
using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Tests.Unit.Metrics;

/// <summary>
/// A score has the same bits on every CPU, in every build and thread. The bits of all vectors are pinned in `vectors/bits.txt`; run this
/// test with DOTNET_EnableHWIntrinsic=0, DOTNET_EnableAVX2=0 or GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA to play other machines.
/// </summary>
public sealed class PesqBitsTests
{
    [Test]
    public void Every_score_has_the_pinned_bits()
    {
        string[] received = [.. MetricVector.All.AsParallel().AsOrdered().SelectMany(Lines)];
        string pinned = Path.Combine(MetricVector.Folder, "bits.txt");
        string[] expected = File.Exists(pinned) ? File.ReadAllLines(pinned) : [];
        string[] changed = [.. received.Except(expected)];
        string file = Path.Combine(MetricVector.Folder, "bits.received.txt");
        if (changed.Length > 0 || received.Length != expected.Length)
            File.WriteAllLines(file, received);
        changed
            .Should()
            .BeEmpty(
                $"no bit of a score may change by accident; if it changed on purpose, raise the version of Pesq.Implementation and "
                    + $"copy {file} over bits.txt"
            );
        received.Should().HaveCount(expected.Length);
    }

    private static IEnumerable<string> Lines(MetricVector vector)
    {
        float[] clean = vector.Clean(),
            enhanced = vector.Enhanced();
        foreach (PesqMode mode in Enum.GetValues<PesqMode>())
        {
            if ((mode == PesqMode.WideBand ? vector.Wb : vector.Nb) is not { ValueKind: JsonValueKind.Number })
                continue;
            PesqAnalysis analysis = Pesq.Analyse<float>(clean, enhanced, vector.Rate, mode);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{vector.Name} {mode} {Bits(analysis.SymmetricIndicator)} {Bits(analysis.AsymmetricIndicator)} "
                    + $"{BitConverter.SingleToInt32Bits(analysis.ListeningQuality):x8}"
            );
        }
    }

    private static string Bits(double value) => BitConverter.DoubleToInt64Bits(value).ToString("x16");
}
