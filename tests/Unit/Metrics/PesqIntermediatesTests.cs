using System.Text.Json;
using SpeechGan.Metrics;
using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Tests.Unit.Metrics;

/// <summary>
/// What the stages find on the way, against `vectors/intermediates`; section 20 of docs/pesq-algorithm.md says how far they may differ.
/// </summary>
public sealed class PesqIntermediatesTests
{
    // The files print four decimals (5e-5) and other FFTs agree to 5e-5.
    private const double LogEnvelopeTolerance = 1e-4;

    // babble10: the last bit of the reference's gain differs; 3.01e-2 was measured on a disturbance of 324.
    [TestCase("babble10_wb", 3.5e-2)]
    [TestCase("jitter_nb", 1e-3)]
    [TestCase("multi30_8k_nb", 1e-3)]
    [TestCase("vardelay_pauses_wb", 1e-3)]
    public void Every_stage_agrees_with_the_reference(string file, double disturbanceTolerance)
    {
        using JsonDocument document = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(MetricVector.Folder, "intermediates", file + ".json"))
        );
        JsonElement expected = document.RootElement;
        MetricVector vector = MetricVector.Named(expected.GetProperty("name").GetString()!);
        PesqMode mode = expected.GetProperty("mode").GetString() == "wb" ? PesqMode.WideBand : PesqMode.NarrowBand;
        PesqAnalysis actual = Pesq.Analyse<float>(vector.Clean(), vector.Enhanced(), vector.Rate, mode);

        JsonElement level = expected.GetProperty("level");
        // One unit in the last place of a float is 1.2e-7 of it.
        ((double)actual.ReferenceLevel.Power)
            .Should()
            .BeApproximately(level.GetProperty("ref_power").GetDouble(), level.GetProperty("ref_power").GetDouble() * 3e-7);
        ((double)actual.DegradedLevel.Power)
            .Should()
            .BeApproximately(level.GetProperty("deg_power").GetDouble(), level.GetProperty("deg_power").GetDouble() * 3e-7);
        ((double)actual.ReferenceLevel.Gain)
            .Should()
            .BeApproximately(level.GetProperty("ref_gain").GetDouble(), level.GetProperty("ref_gain").GetDouble() * 3e-7);
        ((double)actual.DegradedLevel.Gain)
            .Should()
            .BeApproximately(level.GetProperty("deg_gain").GetDouble(), level.GetProperty("deg_gain").GetDouble() * 3e-7);

        JsonElement lengths = expected.GetProperty("guarded_lengths");
        actual.ReferenceLength.Should().Be(lengths.GetProperty("N_ref").GetInt32());
        actual.DegradedLength.Should().Be(lengths.GetProperty("N_deg").GetInt32());
        actual.Longest.Should().Be(lengths.GetProperty("M").GetInt32());

        JsonElement activity = expected.GetProperty("activity");
        actual.ReferenceActivity!.Windows.Should().Be(activity.GetProperty("windows").GetInt32());
        Close(actual.ReferenceActivity.LogEnvelope, activity.GetProperty("log_envelope_ref_first200"), LogEnvelopeTolerance);
        Close(actual.DegradedActivity!.LogEnvelope, activity.GetProperty("log_envelope_deg_first200"), LogEnvelopeTolerance);
        Runs(actual.ReferenceActivity)
            .Should()
            .Equal(activity.GetProperty("runs_ref").EnumerateArray().Select(r => (r[0].GetInt32(), r[1].GetInt32())));
        actual.CrudeDelay.Should().Be(expected.GetProperty("crude_delay").GetInt32());

        Utterances(actual.AlignedUtterances!, expected.GetProperty("utterances_after_9_3"));
        Utterances(actual.SplitUtterances!, expected.GetProperty("utterances_after_10"));

        JsonElement frames = expected.GetProperty("frames");
        actual
            .Frames.Should()
            .Be(
                new FrameRange(
                    frames.GetProperty("first").GetInt32(),
                    frames.GetProperty("last").GetInt32(),
                    frames.GetProperty("skip_start").GetInt32(),
                    frames.GetProperty("skip_end").GetInt32()
                )
            );
        actual.SilentFrames.Should().Be(frames.GetProperty("silent").GetInt32());
        actual.SkippedFrames.Should().Be(frames.GetProperty("skipped").GetInt32());

        RelativelyClose(actual.ReferenceAveragePower!, expected.GetProperty("average_band_power").GetProperty("ref"));
        RelativelyClose(actual.DegradedAveragePower!, expected.GetProperty("average_band_power").GetProperty("deg"));
        RelativelyClose(actual.AudiblePower!, expected.GetProperty("audible_power_ref_first200"));
        Close(actual.SymmetricBefore!, expected.GetProperty("disturbance_after_13_first200").GetProperty("S"), disturbanceTolerance);
        Close(actual.AsymmetricBefore!, expected.GetProperty("disturbance_after_13_first200").GetProperty("Y"), disturbanceTolerance);
        Close(actual.SymmetricAfter!, expected.GetProperty("disturbance_after_14_first200").GetProperty("S"), disturbanceTolerance);
        Close(actual.AsymmetricAfter!, expected.GetProperty("disturbance_after_14_first200").GetProperty("Y"), disturbanceTolerance);
        actual
            .BadIntervals.Should()
            .Equal(
                expected
                    .GetProperty("bad_intervals")
                    .EnumerateArray()
                    .Select(b => new BadInterval(
                        b.GetProperty("first").GetInt32(),
                        b.GetProperty("end").GetInt32(),
                        b.GetProperty("delay").GetInt32()
                    ))
            );
        actual.SymmetricIndicator.Should().BeApproximately(expected.GetProperty("d_indicator").GetDouble(), 2e-4);
        actual.AsymmetricIndicator.Should().BeApproximately(expected.GetProperty("da_indicator").GetDouble(), 2e-4);
        ((double)actual.Raw).Should().BeApproximately(expected.GetProperty("pesq_raw").GetDouble(), 2e-5);
    }

    private static void Utterances(IReadOnlyList<AlignedUtterance> actual, JsonElement expected)
    {
        actual
            .Select(u => (u.Start, u.End, u.Delay))
            .Should()
            .Equal(
                expected
                    .EnumerateArray()
                    .Select(u => (u.GetProperty("start").GetInt32(), u.GetProperty("end").GetInt32(), u.GetProperty("delay").GetInt32()))
            );
        foreach ((AlignedUtterance utterance, JsonElement e) in actual.Zip(expected.EnumerateArray()))
        {
            utterance.Confidence.Should().BeApproximately(e.GetProperty("confidence").GetDouble(), 5e-7);
            if (e.TryGetProperty("delay_estimate", out JsonElement estimate))
                utterance.Estimate.Should().Be(estimate.GetInt32());
        }
    }

    private static List<(int, int)> Runs(ActivityEnvelope envelope)
    {
        var runs = new List<(int, int)>();
        for (int k = 0; k < envelope.Windows; k++)
        {
            if (envelope.Activity[k] <= 0)
                continue;
            int start = k;
            while (k < envelope.Windows && envelope.Activity[k] > 0)
                k++;
            runs.Add((start, k));
        }

        return runs;
    }

    private static void Close(double[] actual, JsonElement expected, double tolerance)
    {
        int k = 0;
        foreach (JsonElement e in expected.EnumerateArray())
            actual[k].Should().BeApproximately(e.GetDouble(), tolerance, $"value {k++}");
        k.Should().Be(Math.Min(actual.Length, 200));
    }

    // Powers in the quietest frames are sums over rounding noise as well: 1e-3 of the value or of the smallest power that is heard.
    private static void RelativelyClose(double[] actual, JsonElement expected)
    {
        int k = 0;
        foreach (JsonElement e in expected.EnumerateArray())
            actual[k].Should().BeApproximately(e.GetDouble(), 1e-3 * Math.Max(Math.Abs(e.GetDouble()), 1), $"value {k++}");
        k.Should().Be(Math.Min(actual.Length, 200));
    }
}
